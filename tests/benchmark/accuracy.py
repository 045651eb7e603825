# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""How well imgdupe finds copies and keeps frames apart, measured with the real program.

    python -m tests.benchmark.accuracy [--photos DIR] [--out DIR] [--queries N] [--distractors N]

Writes a library of photos with every edit, bursts, flat pictures and pages of text, runs
`imgdupe scan` and `imgdupe groups --json` on it, and scores the groups: recall per edit, kinds,
pairs and B³, frames called copies, wrong preselections. One JSON and one Markdown file.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from random import Random
from typing import Any

from tests.benchmark.accuracy_score import scores
from tests.benchmark.edit_library import EditLibrary, build, photos_in
from tests.helpers.source import REPOSITORY

SHARED = Path(os.environ.get("IMGDUPE_SHARED", REPOSITORY.parent / "shared"))
_VAL = SHARED / "data" / "val"


def main() -> int:
    """Build, run, score, write."""
    arguments = _arguments()
    if not arguments.photos.is_dir():
        print(f"There are no photos in {arguments.photos}; give a folder with --photos.")
        return 2
    out = arguments.out or Path(tempfile.mkdtemp(prefix="imgdupe-accuracy-"))
    work = out / "work"
    if work.exists():
        shutil.rmtree(work)
    library = _library(arguments, work / "library")
    result = {**run(library, work / "data"), "queries": arguments.queries, "seed": arguments.seed}
    (out / "accuracy.json").write_text(json.dumps(result, indent=1), encoding="utf-8")
    (out / "accuracy.md").write_text(markdown(result), encoding="utf-8")
    print(markdown(result))
    print(f"Written to {out}")
    if not arguments.keep:
        shutil.rmtree(work)
    return 0


def run(library: EditLibrary, data: Path) -> dict[str, Any]:
    """Scan and group with the program in a process of its own; the scores and the seconds."""
    started = time.perf_counter()
    _imgdupe(data, "scan", str(library.folder))
    scanned = time.perf_counter()
    document = json.loads(_imgdupe(data, "groups"))
    grouped = time.perf_counter()
    result = scores(library, document["groups"])
    seconds = {"scan": round(scanned - started, 1), "groups": round(grouped - scanned, 1)}
    return {**result, "seconds": seconds}


def markdown(result: dict[str, Any]) -> str:
    """The tables of a run."""
    edits = result["edits"].items()
    lines = [
        f"# Accuracy: {result['photos']} photos, {result['queries']} of them with every edit",
        "",
        "| edit | strength | copies | in the group of the original |",
        "|---|---|---|---|",
        *(f"| {k} | {v['strength']} | {v['copies']} | {v['recall']:.3f} |" for k, v in edits),
        "",
        "| figure | value |",
        "|---|---|",
    ]
    for strength in ("exact", "mild", "strong"):
        recall = [v["recall"] for _, v in edits if v["strength"] == strength]
        lines.append(f"| {strength}, mean recall | {sum(recall) / max(len(recall), 1):.4f} |")
    for name in ("pairs", "b3"):
        said = result[name]
        text = f"{said['precision']:.4f} / {said['recall']:.4f} / {said['f1']:.4f}"
        lines.append(f"| {name}: precision / recall / F1 | {text} |")
    for source, said in result["bursts"].items():
        text = f"{said['called_copies']} of {said['pairs']} (together: {said['together']})"
        lines.append(f"| {source} frames called copies | {text} |")
    chosen = result["preselected"]
    lines += [
        f"| preselected, wrong among them | {chosen['photos']}, {chosen['wrong']} |",
        f"| groups with flat pictures | {result['flat_groups']} |",
        f"| groups with pages of text | {result['text_groups']} |",
        f"| groups of copies with strangers | {len(result['false_groups'])} |",
        f"| seconds: scan, groups | {result['seconds']['scan']}, {result['seconds']['groups']} |",
        "",
        *_kinds_table(result["kinds"]),
    ]
    return "\n".join(lines) + "\n"


def _kinds_table(kinds: dict[str, dict[str, int]]) -> list[str]:
    columns = ["identical", "same_pixels", "resized", "edited", "burst", "similar", "-"]
    rows = [
        f"| {kind} | " + " | ".join(str(said.get(column, 0)) for column in columns) + " |"
        for kind, said in kinds.items()
    ]
    return ["| is \\ said | " + " | ".join(columns) + " |", "|---" * 8 + "|", *rows]


def _library(arguments: argparse.Namespace, folder: Path) -> EditLibrary:
    photos = photos_in(arguments.photos)
    Random(arguments.seed).shuffle(photos)
    queries, rest = photos[: arguments.queries], photos[arguments.queries :]
    strangers = photos_in(arguments.strangers) if arguments.strangers.is_dir() else []
    return build(
        folder,
        queries,
        distractors=[*rest, *strangers][: arguments.distractors],
        series=_series(arguments.series),
        made_bursts=min(len(rest), arguments.queries),
        seed=arguments.seed,
    )


def _series(folder: Path) -> list[Sequence[Path]]:
    """The frames of each scene, by the folder's index; none where there is no index."""
    index = folder / "index.tsv"
    if not index.is_file():
        return []
    scenes: dict[str, list[Path]] = {}
    with index.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t"):
            scenes.setdefault(row["scene"], []).append(folder / row["file"])
    return list(scenes.values())


def _imgdupe(data: Path, command: str, *rest: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "imgdupe", command, *rest, "--json", "--data-dir", str(data)],
        cwd=REPOSITORY,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return done.stdout


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--photos", type=Path, default=_VAL / "photos")
    parser.add_argument("--strangers", type=Path, default=_VAL / "distractors")
    parser.add_argument("--series", type=Path, default=_VAL / "series")
    parser.add_argument("--out", type=Path, help="for the results (default: a temporary folder)")
    parser.add_argument("--queries", type=int, default=60, help="photos that get every edit")
    parser.add_argument("--distractors", type=int, default=10_000, help="at most so many others")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--keep", action="store_true", help="keep the library and the catalog")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
