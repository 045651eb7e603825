# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""How imgdupe keeps up in large libraries: search, matching, grouping, memory, by size.

    python -m tests.benchmark.scale [--sizes 10000 100000] [--from-zero 10000] [--new 1000]
                                    [--photos DIR] [--workers N] [--json FILE] [--markdown FILE]

The libraries are made (see `scale_library`) from the fingerprints of real photos: `--photos`, or
the project's validation photos where they are. In each size, all relations are known; then `--new`
contents come. `--from-zero`: relate a whole library of this size, which takes long (0: leave out).
Every step is a process of its own. CPU seconds are of the process and its children.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tests.benchmark.measure import measure
from tests.benchmark.speed import machine
from tests.helpers.source import REPOSITORY

_SHARED = Path(os.environ.get("IMGDUPE_SHARED", REPOSITORY.parent / "shared"))
_QUERIES = 12


def main(argv: Sequence[str] | None = None) -> int:
    """Measure, print the Markdown table, write it and JSON where wanted."""
    options = _options(argv)
    with tempfile.TemporaryDirectory(prefix="imgdupe-scale-") as name:
        work = Path(name)
        _step("seeds", work, options.photos or "")
        report: dict[str, Any] = {"machine": machine(options.workers), "sizes": []}
        for size in options.sizes:
            report["sizes"].append(_library(work, size, options))
            print(json.dumps(report["sizes"][-1]), file=sys.stderr)
        if options.from_zero:
            report["from_zero"] = _step(
                "relate", work, work / "zero", 0, options.from_zero, options.workers
            )
    text = _markdown(report, options)
    print(text)
    if options.json:
        options.json.write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
    if options.markdown:
        options.markdown.write_text(text + "\n", encoding="utf-8")
    return 0


def _options(argv: Sequence[str] | None) -> argparse.Namespace:
    photos = _SHARED / "data" / "val" / "photos"
    parser = argparse.ArgumentParser(prog="scale", description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--sizes", type=int, nargs="+", default=[10_000, 100_000])
    parser.add_argument("--from-zero", type=int, default=10_000)
    parser.add_argument("--new", type=int, default=1000)
    parser.add_argument("--photos", type=Path, default=photos if photos.is_dir() else None)
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--json", type=Path, metavar="FILE")
    parser.add_argument("--markdown", type=Path, metavar="FILE")
    return parser.parse_args(argv)


def _library(work: Path, size: int, options: argparse.Namespace) -> dict[str, Any]:
    """Everything about one size: the library, the groups, the search, then new contents."""
    data = work / f"library-{size}"
    queries = sorted((options.photos or work / "seeds").rglob("*.jpg"))[-_QUERIES:]
    return {
        "size": size,
        "known": _step("known", work, data, size),
        "groups": _step("groups", data),
        "find": _module("latency", data, *queries),
        "new": _step("relate", work, data, size, size + options.new, options.workers),
    }


def _step(name: str, *arguments: object) -> dict[str, float]:
    return _module("scale_steps", name, *arguments)


def _module(module: str, *arguments: object) -> dict[str, float]:
    cost = measure([sys.executable, "-m", f"tests.benchmark.{module}", *map(str, arguments)])
    return {**json.loads(cost.stdout), "cpu_s": cost.cpu_s, "peak_mb": cost.peak_mb}


def _markdown(report: dict[str, Any], options: argparse.Namespace) -> str:
    about = report["machine"]
    columns = (
        ("contents", "catalog KB each", "index s", "open s", "groups s (CPU s, MB)"),
        ("find ms, most (MB)", f"{options.new} new: pairs", "candidates s"),
        ("all of it s (CPU s, MB)",),
    )
    lines = [
        f"{about['workers']} workers on {about['cores']} × {about['cpu']},",
        f"Python {about['python']}, load {about['load']} at the start",
        "",
        "| " + " | ".join(name for part in columns for name in part) + " |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    for each in report["sizes"]:
        known, groups, find, new = (each[name] for name in ("known", "groups", "find", "new"))
        lines.append(
            f"| {each['size']} | {known['catalog_bytes_per_photo'] / 1000:.1f} | "
            f"{known['index_s']:.1f} | {groups['open_s']:.2f} | "
            f"{groups['groups_s']:.2f} ({groups['cpu_s']:.1f}, {groups['peak_mb']:.0f}) | "
            f"{find['find_ms']:.0f}, {find['find_max_ms']:.0f} ({find['peak_mb']:.0f}) | "
            f"{new['pairs']} | {new['candidates_s']:.1f} | "
            f"{new['relate_s']:.1f} ({new['cpu_s']:.0f}, {new['peak_mb']:.0f}) |"
        )
    if zero := report.get("from_zero"):
        lines += [
            "",
            (
                f"{options.from_zero} contents related from nothing: {zero['pairs']} pairs, "
                f"{zero['relate_s']:.0f} s, {zero['cpu_s']:.0f} CPU s, {zero['peak_mb']:.0f} MB."
            ),
        ]
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
