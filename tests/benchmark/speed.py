# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""How fast imgdupe is, beside the decode floor and other programs, on the same files in one run.

    python -m tests.benchmark.speed [--photos DIR] [--library DIR] [--workers N]
                                    [--compare czkawka] [--json FILE]

`--photos`: camera files to scan (made when not given); `--library`: many small pictures for the
rescan and the search. Figures are medians of three rounds, in which the programs take turns, so
that a busy machine hurts all of them; ratios are taken within a round. CPU time is the fairer
measure on a shared machine.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tests.benchmark.camera_library import make_camera_library, make_small_library
from tests.benchmark.measure import Cost, measure
from tests.benchmark.peers import PEERS
from tests.helpers.source import REPOSITORY

_SHARED = Path(os.environ.get("IMGDUPE_SHARED", REPOSITORY.parent / "shared"))


def main(argv: Sequence[str] | None = None) -> int:
    """Measure, print a Markdown report, and write JSON where wanted."""
    options = _options(argv)
    with tempfile.TemporaryDirectory(prefix="imgdupe-speed-") as name:
        work = Path(name)
        photos = options.photos or _camera_files(work, options.count)
        report: dict[str, Any] = {"machine": machine(options.workers), "photos": _facts(photos)}
        report["scan"] = _scans(photos, work, options)
        report["stages_cpu_ms"] = json.loads(_module("stages", photos).stdout)
        library = options.library or _many_small(work, options.small)
        report["library"] = _library(library, photos, work, options.workers)
    print(_markdown(report))
    if options.json:
        options.json.write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
    return 0


def _options(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="speed", description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--photos", type=Path, metavar="DIR", help="camera files to scan")
    parser.add_argument("--count", type=int, default=60, help="how many to make without --photos")
    parser.add_argument("--library", type=Path, metavar="DIR", help="many small pictures")
    parser.add_argument("--small", type=int, default=2000, help="how many to make without them")
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--compare", choices=sorted(PEERS), action="append", default=[])
    parser.add_argument("--json", type=Path, metavar="FILE")
    return parser.parse_args(argv)


def _camera_files(work: Path, count: int) -> Path:
    sources = _SHARED / "data" / "val" / "photos"
    make_camera_library(work / "camera", count, sources if sources.is_dir() else None)
    return work / "camera"


def _many_small(work: Path, count: int) -> Path:
    train = _SHARED / "data" / "train"
    if train.is_dir():
        return train
    make_small_library(work / "small", count)
    return work / "small"


def machine(workers: int) -> dict[str, Any]:
    """What the figures were measured on, and how busy it was."""
    model = ""
    if Path("/proc/cpuinfo").exists():
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
        model = next((line.split(":")[1].strip() for line in lines if "model name" in line), "")
    return {
        "cpu": model or platform.processor(),
        "cores": os.cpu_count(),
        "load": round(os.getloadavg()[0], 2),
        "python": platform.python_version(),
        "workers": workers,
    }


def _facts(photos: Path) -> dict[str, Any]:
    sizes = [path.stat().st_size for path in photos.rglob("*.*")]
    return {"count": len(sizes), "mean_mb": round(statistics.mean(sizes) / 1e6, 2)}


def _module(name: str, *arguments: object) -> Cost:
    return measure([sys.executable, "-m", f"tests.benchmark.{name}", *map(str, arguments)])


def _imgdupe(*arguments: object) -> Cost:
    return measure([sys.executable, "-m", "imgdupe", *map(str, arguments)])


def _scans(photos: Path, work: Path, options: argparse.Namespace) -> dict[str, Any]:
    """One first scan per program and round; the floor runs on one core."""
    count = _facts(photos)["count"]
    peers = {name: PEERS[name](work) for name in options.compare}
    rounds: list[dict[str, Cost]] = []
    for number in range(options.rounds):
        data = work / f"data-{number}"
        scan = ("scan", photos, "--data-dir", data, "--workers", options.workers, "--json")
        costs = {"decode floor": _module("floor", photos), "imgdupe": _imgdupe(*scan)}
        for name, peer in peers.items():
            costs[name] = peer.scan(photos, options.workers, work / f"{name}-{number}")
        rounds.append(costs)
    return {name: _summary(name, rounds, count) for name in rounds[0]}


def _summary(name: str, rounds: Sequence[dict[str, Cost]], count: int) -> dict[str, float]:
    def median(values: Sequence[float]) -> float:
        return round(statistics.median(values), 3)

    return {
        "cpu_ms_per_photo": median([1000 * each[name].cpu_s / count for each in rounds]),
        "photos_per_second": median([count / each[name].wall_s for each in rounds]),
        "peak_mb": median([each[name].peak_mb for each in rounds]),
        "cpu_to_floor": median([each[name].cpu_s / each["decode floor"].cpu_s for each in rounds]),
        "cpu_to_imgdupe": median([each[name].cpu_s / each["imgdupe"].cpu_s for each in rounds]),
        "wall_to_imgdupe": median([each[name].wall_s / each["imgdupe"].wall_s for each in rounds]),
    }


def _library(library: Path, photos: Path, work: Path, workers: int) -> dict[str, Any]:
    """First scan, rescan and search in a library of many small pictures."""
    data = work / "data-library"
    scan = ("scan", library, "--data-dir", data, "--workers", workers, "--json")
    first = _imgdupe(*scan)
    rescans = [_imgdupe(*scan) for _ in range(3)]
    reports = [json.loads(each.stdout) for each in rescans]
    queries = sorted(path for path in photos.rglob("*.*"))[:20]
    started = time.perf_counter()
    groups = json.loads(_imgdupe("groups", "--data-dir", data, "--json").stdout)
    return {
        "photos": reports[0]["found"],
        "first_scan_s": round(first.wall_s, 2),
        "first_scan_peak_mb": round(first.peak_mb),
        "rescan_photos_per_second": statistics.median(
            each["photos_per_second"] for each in reports
        ),
        "rescan_wall_s": round(statistics.median(each.wall_s for each in rescans), 3),
        "rescan_decoded": max(each["fingerprinted"] for each in reports),
        "groups": len(groups["groups"]),
        "groups_s": round(time.perf_counter() - started, 2),
        "search": json.loads(_module("latency", data, *queries).stdout),
    }


def _markdown(report: dict[str, Any]) -> str:
    machine, photos = report["machine"], report["photos"]
    head = f"{photos['count']} photos of {photos['mean_mb']} MB; {machine['workers']} workers on "
    lines = [
        head + f"{machine['cores']} × {machine['cpu']}, Python {machine['python']}",
        "",
        "| program | CPU ms/photo | photos/s | peak MB | CPU : floor | CPU, wall : imgdupe |",
        "|---|---|---|---|---|---|",
    ]
    for name, row in report["scan"].items():
        lines.append(
            f"| {name} | {row['cpu_ms_per_photo']:.1f} | {row['photos_per_second']:.1f} | "
            f"{row['peak_mb']:.0f} | {row['cpu_to_floor']:.2f} | "
            f"{row['cpu_to_imgdupe']:.2f}, {row['wall_to_imgdupe']:.2f} |"
        )
    steps = ", ".join(f"{name} {ms:.1f}" for name, ms in report["stages_cpu_ms"].items())
    return "\n".join([*lines, "", f"CPU ms/photo by step: {steps}", _about(report["library"])])


def _about(library: dict[str, Any]) -> str:
    search, rate = library["search"], library["rescan_photos_per_second"]
    return (
        f"{library['photos']} small pictures: first scan {library['first_scan_s']} s, peak "
        f"{library['first_scan_peak_mb']} MB; rescan {rate:.0f} photos/s "
        f"({library['rescan_wall_s']} s with start-up, {library['rescan_decoded']} decoded); "
        f"{library['groups']} groups in {library['groups_s']} s; search ready after "
        f"{search['ready_ms']:.0f} ms, then {search['find_ms']:.0f} ms each "
        f"(longest {search['find_max_ms']:.0f})"
    )


if __name__ == "__main__":
    sys.exit(main())
