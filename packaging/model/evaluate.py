# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""Measure exported networks on unseen photos, beside 64-bit pHash and the ImageNet features.

    PYTHONPATH=../.. python evaluate.py --data ../../../shared/data --background FILE.npy \
        --out DIR DIR/onnx/*.onnx

300 photos, each through every edit of `ladder.py`, searched among all `val/` photos and strangers.
Every network counts twice: by plain cosine, and normalised by the background set.
Writes figures.json and figures.md.
"""

from __future__ import annotations

import argparse
import hashlib
import json
from collections import defaultdict
from itertools import combinations
from pathlib import Path
from random import Random

import numpy as np
from PIL import Image

from background import load, normalised
from ladder import MILD, STRONG
from methods import Describe, Vectors, imagenet, milliseconds, network, phash
from photos import listed
from tally import Tally

QUERIES = 300
NORMALISED = ", normalised"
SCENES = (  # found among the worst scores, looked at: frames of one scene in two folders
    ("photos/00501.jpg", "distractors/00188.jpg"),
    ("photos/00877.jpg", "photos/01059.jpg"),
)


def read(rows: list[dict[str, str]]) -> list[Image.Image]:
    """The pictures of index rows."""
    out = []
    for row in rows:
        with Image.open(row["path"]) as image:
            out.append(image.convert("RGB"))
    return out


def scenes_of(data: Path, gallery: list[dict[str, str]], own: np.ndarray) -> np.ndarray:
    """`SCENES` as pairs (query, gallery photo) [s, 2], whichever of the two is asked."""
    names = [Path(row["path"]).relative_to(data / "val").as_posix() for row in gallery]
    place = {name: i for i, name in enumerate(names)}
    asked = {int(i): query for query, i in enumerate(own)}
    both = [(place[x], place[y]) for a, b in SCENES for x, y in ((a, b), (b, a))]
    found = [(asked[x], y) for x, y in both if x in asked]
    return np.array(found, int).reshape(-1, 2)


class Method:
    """One way to describe pictures, scored plainly and, with a background, normalised."""

    def __init__(self, name: str, describe: Describe, background: Vectors | None = None) -> None:
        self.name, self.describe, self.background = name, describe, background
        self.tallies: dict[str, Tally] = {}

    def sides(self, images: list[Image.Image]) -> dict[str, tuple[Vectors, Vectors]]:
        """The pictures as queries and as gallery, by the score's name."""
        vectors = self.describe(images)
        out = {self.name: (vectors, vectors)}
        if self.background is not None:
            out[self.name + NORMALISED] = normalised(vectors, self.background)
        return out

    def fill(self, images: list[Image.Image], own: np.ndarray, scenes: np.ndarray) -> None:
        for score, (_, gallery) in self.sides(images).items():
            self.tallies[score] = Tally(gallery, own, scenes)

    def add(self, edit: str, images: list[Image.Image]) -> None:
        for score, (queries, _) in self.sides(images).items():
            self.tallies[score].add(edit, queries)

    def figures(self, series: list[dict[str, str]]) -> dict[str, dict[str, object]]:
        sides = self.sides(read(series))
        return {
            score: {**tally.figures(), "bursts": bursts(series, *sides[score], tally)}
            for score, tally in self.tallies.items()
        }


def bursts(
    rows: list[dict[str, str]], queries: Vectors, gallery: Vectors, tally: Tally
) -> dict[str, float]:
    """Frames of one scene are no copies: how far their scores lie below those of edits."""
    scenes = defaultdict(list)
    for i, row in enumerate(rows):
        scenes[row["scene"]].append(i)
    pairs = [pair for frames in scenes.values() for pair in combinations(frames, 2)]
    same = np.sort([float(queries[a] @ gallery[b]) for a, b in pairs])
    out = {"pairs": len(pairs), "burst_median": float(np.median(same))}
    for name, edits in (("mild", MILD), ("strong", STRONG)):
        true = np.concatenate([tally.true[e] for e in edits])
        out[f"{name}_median"] = float(np.median(true))
        out[f"auc_{name}"] = float(np.searchsorted(same, true).mean() / len(same))
    return {key: round(value, 4) for key, value in out.items()}


def measure(data: Path, models: list[Path], background: Path, seed: int) -> dict[str, object]:
    """All figures of all methods; every edited picture is made once and shown to all."""
    rows = listed(data / "val/photos")
    own = np.sort(np.random.default_rng(seed).permutation(len(rows))[:QUERIES])
    photos = read([rows[i] for i in own])
    methods = [Method(path.stem, network(path), load(background)) for path in models]
    train = listed(data / "train")
    start = data / "models/resnet18-imagenet-stages1-3.onnx"
    methods.append(Method("ImageNet stages", imagenet(start, read(train[:: len(train) // 1500]))))
    methods.append(Method("pHash 64", phash))
    everybody = [*rows, *listed(data / "val/distractors")]
    gallery, scenes = read(everybody), scenes_of(data, everybody, own)
    for method in methods:
        method.fill(gallery, own, scenes)
    for edit, apply in (MILD | STRONG).items():
        random = Random(f"{seed} {edit}")
        edited = [apply(photo, random) for photo in photos]
        for method in methods:
            method.add(edit, edited)
    results: dict[str, dict[str, object]] = {}
    for method in methods:
        results |= method.figures(listed(data / "val/series"))
    for path in models:
        cost = {"sha256": hashlib.sha256(path.read_bytes()).hexdigest()}
        results[path.stem] |= {**cost, "ms_per_photo": milliseconds(path)}
    return {"queries": QUERIES, "gallery": len(gallery), "seed": seed, "methods": results}


def table(report: dict[str, object]) -> str:
    """The report as Markdown."""
    methods: dict[str, dict] = report["methods"]
    asked = f"{report['queries']} photos per edit among {report['gallery']}"
    head = [f"Recall at precision .999 with one threshold (recall@1), {asked}", ""]
    lines = [*head, "| edit | " + " | ".join(methods) + " |", "|---|" + "---|" * len(methods)]

    def row(name: str, cells: list[str]) -> None:
        lines.append(f"| {name} | " + " | ".join(cells) + " |")

    for name in ("mild", "strong"):
        cells = [f"**{m[name]:.3f}** ({m[f'{name}_recall1']:.4f})" for m in methods.values()]
        row(f"**{name}**", cells)
    for name in ("mild", "strong"):
        row(f"{name}, recall@10", [f"{m[f'{name}_recall10']:.4f}" for m in methods.values()])
        cells = [f"{m[f'{name}_strangers']:.3f}" for m in methods.values()]
        row(f"{name}, two scenes' frames left out", cells)
        cells = [" / ".join(f"{v:.3f}" for v in m[f"{name}_spread"]) for m in methods.values()]
        row(f"{name}, photos redrawn: 5 / 50 / 95 %", cells)
    for edit in MILD | STRONG:
        cells = [f"{m['recall'][edit]:.3f} ({m['recall1'][edit]:.3f})" for m in methods.values()]
        row(edit, cells)
    for key, name in (
        ("threshold", "threshold"),
        ("stranger_quantile", "score that 1e-6 of the wrong pairs pass"),
        ("hub_skew", "skew of the 10-occurrence"),
    ):
        row(name, [f"{m[key]:.3f}" for m in methods.values()])
    for name, keys in (
        ("median of bursts / mild / strong", ("burst_median", "mild_median", "strong_median")),
        ("AUC of edits over bursts, mild / strong", ("auc_mild", "auc_strong")),
    ):
        row(name, [" / ".join(f"{m['bursts'][k]:.3f}" for k in keys) for m in methods.values()])
    row("ms per photo, one thread", [str(m.get("ms_per_photo", "–")) for m in methods.values()])
    return "\n".join(lines) + "\n"


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("models", type=Path, nargs="+", help="exported ONNX files")
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--background", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    args.out.mkdir(parents=True, exist_ok=True)
    report = measure(args.data, args.models, args.background, args.seed)
    text = json.dumps(report, indent=1, ensure_ascii=False)
    (args.out / "figures.json").write_text(text + "\n", encoding="utf-8")
    (args.out / "figures.md").write_text(table(report), encoding="utf-8")
    print(table(report))


if __name__ == "__main__":
    main()
