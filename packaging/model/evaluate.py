# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""Measure exported networks on unseen photos, beside 64-bit pHash and the ImageNet features.

    python evaluate.py --data ../../../shared/data --out DIR DIR/onnx/*.onnx

300 photos, each through every edit of `ladder.py`, searched among all `val/` photos and strangers.
One threshold per method, for all edits together: the lowest with precision >= .999 over all pairs.
Writes figures.json and figures.md.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import time
from collections import defaultdict
from collections.abc import Callable, Iterable
from itertools import combinations
from pathlib import Path
from random import Random

import imagehash
import numpy as np
import onnxruntime
from PIL import Image

from ladder import MILD, STRONG
from photos import listed, squash

INPUT_PX, IMAGENET_PX, QUERIES, WORST = 224, 160, 300, 20_000
PRECISION, DRAWS = 0.999, 200
Describe = Callable[[list[Image.Image]], np.ndarray]


def session_of(path: Path) -> onnxruntime.InferenceSession:
    """One thread, so that times can be compared."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    return onnxruntime.InferenceSession(str(path), options, ["CPUExecutionProvider"])


def network(path: Path) -> Describe:
    """Embeddings of one of our exported files."""
    session = session_of(path)

    def describe(images: list[Image.Image]) -> np.ndarray:
        pixels = np.stack([squash(i, INPUT_PX) for i in images])
        parts = [
            session.run(None, {"image": pixels[k : k + 16]})[0] for k in range(0, len(pixels), 16)
        ]
        return np.concatenate(parts)

    return describe


def imagenet(path: Path, fit_on: list[Image.Image]) -> Describe:
    """GeM of the untrained third stage, whitened on training photos: where training began."""
    session = session_of(path)

    def pooled(images: list[Image.Image]) -> np.ndarray:
        out = []
        for k in range(0, len(images), 16):
            pixels = np.stack([squash(i, IMAGENET_PX) for i in images[k : k + 16]])
            x = (pixels / 255 - (0.485, 0.456, 0.406)) / (0.229, 0.224, 0.225)
            feed = {"input": x.transpose(0, 3, 1, 2).astype(np.float32)}
            stage = session.run(["layer3"], feed)[0]
            out.append((stage.clip(1e-6) ** 3).mean((2, 3)) ** (1 / 3))
        return np.concatenate(out)

    known = pooled(fit_on)
    mean = known.mean(0)
    values, axes = np.linalg.eigh(np.cov((known - mean).T))
    whiten = axes * (values.clip(values.max() * 1e-4)) ** -0.25

    def describe(images: list[Image.Image]) -> np.ndarray:
        z = (pooled(images) - mean) @ whiten
        return z / np.linalg.norm(z, axis=1, keepdims=True)

    return describe


def phash(images: list[Image.Image]) -> np.ndarray:
    """64-bit pHash as +-1/8 per bit: the inner product falls by 1/32 per differing bit."""
    bits = np.stack([imagehash.phash(i).hash.ravel() for i in images])
    return np.where(bits, 1, -1).astype(np.float32) / 8


def read(rows: list[dict[str, str]]) -> list[Image.Image]:
    """The pictures of index rows."""
    out = []
    for row in rows:
        with Image.open(row["path"]) as image:
            out.append(image.convert("RGB"))
    return out


class Tally:
    """All true scores and the worst wrong ones of one method."""

    def __init__(self, gallery: np.ndarray, own: np.ndarray) -> None:
        self.gallery, self.own = gallery, own
        self.true: dict[str, np.ndarray] = {}
        self.first: dict[str, float] = {}
        self.wrong = np.empty(0, np.float32)
        self.wrong_query = np.empty(0, np.int64)

    def add(self, edit: str, queries: np.ndarray) -> None:
        score = queries @ self.gallery.T
        at = np.arange(len(score))
        self.true[edit] = score[at, self.own].copy()
        score[at, self.own] = -2
        self.first[edit] = float((self.true[edit] > score.max(1)).mean())
        both = np.concatenate([self.wrong, score.ravel()])
        query = np.concatenate([self.wrong_query, at.repeat(score.shape[1])])
        worst = np.argpartition(both, -WORST)[-WORST:]
        self.wrong, self.wrong_query = both[worst], query[worst]

    def threshold(self, weight: np.ndarray) -> float:
        """The lowest score at which PRECISION of the pairs above it, weighted by query, is true."""
        true = np.concatenate(list(self.true.values()))
        scores = np.concatenate([true, self.wrong])
        gains = np.concatenate([np.tile(weight, len(self.true)), 0 * self.wrong])
        losses = np.concatenate([0 * true, weight[self.wrong_query]])
        order = np.argsort(-scores)
        scores, hits, misses = scores[order], gains[order].cumsum(), losses[order].cumsum()
        last = np.append(scores[1:] < scores[:-1], True)  # equal scores pass together or not at all
        good = last & (hits >= PRECISION * (hits + misses)) & (scores > self.wrong.min())
        return float(scores[good].min()) if good.any() else float("inf")

    def recall(self, weight: np.ndarray, edits: Iterable[str]) -> float:
        cut = self.threshold(weight)
        return float(np.mean([np.average(self.true[e] >= cut, weights=weight) for e in edits]))

    def spread(self, edits: Iterable[str]) -> list[float]:
        """5th, 50th and 95th percentile of the recall when the query photos are drawn anew.

        One photo with a look-alike in the gallery brings a false pair under every edit, and a
        precision of .999 forgives few: the figure hangs on which photos were asked.
        """
        random = np.random.default_rng(0)
        n = len(self.own)
        draws = [np.bincount(random.integers(0, n, n), minlength=n) for _ in range(DRAWS)]
        found = [self.recall(weight.astype(float), edits) for weight in draws]
        return [round(float(v), 4) for v in np.percentile(found, [5, 50, 95])]

    def figures(self) -> dict[str, object]:
        even = np.ones(len(self.own))
        cut = self.threshold(even)
        recall = {edit: float((scores >= cut).mean()) for edit, scores in self.true.items()}
        out: dict[str, object] = {"threshold": cut}
        for name, edits in (("mild", MILD), ("strong", STRONG)):
            out[name] = round(self.recall(even, edits), 4)
            out[f"{name}_spread"] = self.spread(edits)
            out[f"{name}_recall1"] = round(float(np.mean([self.first[e] for e in edits])), 4)
        out["false_pairs"] = {
            "pairs": int((self.wrong >= cut).sum()),
            "photos": len(np.unique(self.wrong_query[self.wrong >= cut])),
        }
        out["recall"] = {e: round(v, 4) for e, v in recall.items()}
        out["recall1"] = {e: round(v, 4) for e, v in self.first.items()}
        return out


def bursts(data: Path, describe: Describe, tally: Tally) -> dict[str, float]:
    """Frames of one scene are no copies: how far their scores lie below those of edits."""
    rows = listed(data / "val/series")
    vectors = describe(read(rows))
    scenes = defaultdict(list)
    for i, row in enumerate(rows):
        scenes[row["scene"]].append(i)
    pairs = [pair for frames in scenes.values() for pair in combinations(frames, 2)]
    same = np.sort([float(vectors[a] @ vectors[b]) for a, b in pairs])
    out = {"pairs": len(pairs), "burst_median": float(np.median(same))}
    for name, edits in (("mild", MILD), ("strong", STRONG)):
        true = np.concatenate([tally.true[e] for e in edits])
        out[f"{name}_median"] = float(np.median(true))
        out[f"auc_{name}"] = float(np.searchsorted(same, true).mean() / len(same))
    return {key: round(value, 4) for key, value in out.items()}


def milliseconds(path: Path) -> float:
    """Median processor time per photo on one thread, one photo at a time."""
    session = session_of(path)
    image = np.random.default_rng(0).integers(0, 256, (1, INPUT_PX, INPUT_PX, 3), np.uint8)
    times = []
    for _ in range(60):
        start = time.thread_time()
        session.run(None, {"image": image})
        times.append(time.thread_time() - start)
    return round(float(np.median(times)) * 1e3, 2)


def measure(data: Path, models: list[Path], seed: int) -> dict[str, object]:
    """All figures of all methods; every edited picture is made once and shown to all."""
    rows = listed(data / "val/photos")
    own = np.sort(np.random.default_rng(seed).permutation(len(rows))[:QUERIES])
    photos = read([rows[i] for i in own])
    methods: dict[str, Describe] = {path.stem: network(path) for path in models}
    train = listed(data / "train")
    start = data / "models/resnet18-imagenet-stages1-3.onnx"
    methods["ImageNet stages"] = imagenet(start, read(train[:: len(train) // 1500]))
    methods["pHash 64"] = phash
    gallery = read([*rows, *listed(data / "val/distractors")])
    tallies = {name: Tally(describe(gallery), own) for name, describe in methods.items()}
    for edit, apply in (MILD | STRONG).items():
        random = Random(f"{seed} {edit}")
        edited = [apply(photo, random) for photo in photos]
        for name, describe in methods.items():
            tallies[name].add(edit, describe(edited))
    results = {name: tally.figures() for name, tally in tallies.items()}
    for name, describe in methods.items():
        results[name]["bursts"] = bursts(data, describe, tallies[name])
    for path in models:
        results[path.stem]["sha256"] = hashlib.sha256(path.read_bytes()).hexdigest()
        results[path.stem]["ms_per_photo"] = milliseconds(path)
    return {"queries": QUERIES, "gallery": len(gallery), "seed": seed, "methods": results}


def table(report: dict[str, object]) -> str:
    """The report as Markdown."""
    methods: dict[str, dict] = report["methods"]
    asked = f"{report['queries']} photos per edit among {report['gallery']}"
    title = f"Recall at precision .999 with one threshold (recall@1), {asked}"
    head = [title, "", "| edit | " + " | ".join(methods) + " |"]
    lines = [*head, "|---|" + "---|" * len(methods)]
    for name in ("mild", "strong"):
        cells = [f"**{m[name]:.3f}** ({m[f'{name}_recall1']:.3f})" for m in methods.values()]
        lines.append(f"| **{name}** | " + " | ".join(cells) + " |")
    for edit in MILD | STRONG:
        cells = [f"{m['recall'][edit]:.3f} ({m['recall1'][edit]:.3f})" for m in methods.values()]
        lines.append(f"| {edit} | " + " | ".join(cells) + " |")
    for name in ("mild", "strong"):
        cells = [" / ".join(f"{v:.3f}" for v in m[f"{name}_spread"]) for m in methods.values()]
        lines.append(f"| {name}, photos redrawn: 5 / 50 / 95 % | " + " | ".join(cells) + " |")
    rows = {"threshold": lambda m: f"{m['threshold']:.3f}"}
    rows["median of bursts / mild / strong"] = lambda m: " / ".join(
        f"{m['bursts'][k]:.2f}" for k in ("burst_median", "mild_median", "strong_median")
    )
    rows["AUC of edits over bursts, mild / strong"] = lambda m: " / ".join(
        f"{m['bursts'][k]:.3f}" for k in ("auc_mild", "auc_strong")
    )
    rows["ms per photo, one thread"] = lambda m: str(m.get("ms_per_photo", "–"))
    for name, cell in rows.items():
        lines.append(f"| {name} | " + " | ".join(cell(m) for m in methods.values()) + " |")
    return "\n".join(lines) + "\n"


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("models", type=Path, nargs="+", help="exported ONNX files")
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    args.out.mkdir(parents=True, exist_ok=True)
    report = measure(args.data, args.models, args.seed)
    text = json.dumps(report, indent=1, ensure_ascii=False)
    (args.out / "figures.json").write_text(text + "\n", encoding="utf-8")
    (args.out / "figures.md").write_text(table(report), encoding="utf-8")
    print(table(report))


if __name__ == "__main__":
    main()
