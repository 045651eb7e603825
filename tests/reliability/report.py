# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""Runs the table of faults and counts: `python -m tests.reliability.report --out DIR`.

That is the full campaign, about two hours on two cores; `--quick` leaves it at what every change
passes, `--rows 2 3` at some rows. DIR gets `report.json` and `report.md`; rows that were not run
this time keep what an earlier run found.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import platform
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

import pytest

from imgdupe import __version__
from tests.reliability.table import ROWS

_CAMPAIGN = "not benchmark and not frozen"
_QUICK = f"{_CAMPAIGN} and not campaign"


@dataclass(slots=True)
class Tally:
    """What a row's tests came to. `points`: faults tried; `failed`: tests; seconds in all."""

    points: int = 0
    tests: int = 0
    failed: list[str] = field(default_factory=list)
    skipped: list[str] = field(default_factory=list)
    seconds: float = 0.0
    quick: bool = False
    at: str = ""


class Counter:
    """A plugin of pytest: counts each test for the rows that name it."""

    def __init__(self, rows: Sequence[int], *, quick: bool) -> None:
        now = dt.datetime.now().astimezone().isoformat(timespec="seconds")
        self.tallies = {row: Tally(quick=quick, at=now) for row in rows}

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.when != "call" and report.outcome == "passed":
            return
        for row, tally in self.tallies.items():
            if report.nodeid.startswith(ROWS[row].tests):
                _count(report, tally)


def _count(report: pytest.TestReport, tally: Tally) -> None:
    tally.seconds += report.duration
    if report.outcome == "failed":
        tally.failed.append(report.nodeid)
    elif report.outcome == "skipped":
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else ""
        tally.skipped.append(f"{report.nodeid}: {reason}")
    else:
        tally.tests += 1
        points = dict(report.user_properties).get("points", 1)
        tally.points += points if isinstance(points, int) else 1


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, required=True, metavar="DIR")
    parser.add_argument("--rows", type=int, nargs="+", choices=ROWS, default=list(ROWS))
    parser.add_argument("-k", default="", metavar="EXPRESSION", help="of these, as pytest's -k")
    parser.add_argument("--quick", action="store_true", help="only what every change passes")
    chosen = parser.parse_args(arguments)
    counter = Counter(chosen.rows, quick=chosen.quick)
    files = dict.fromkeys(t.split("::")[0] for row in chosen.rows for t in ROWS[row].tests)
    marks = _QUICK if chosen.quick else _CAMPAIGN
    options = ["-q", "-m", marks, "-k", chosen.k]
    status = pytest.main([*options, *files], plugins=[Chosen(chosen.rows), counter])
    chosen.out.mkdir(parents=True, exist_ok=True)
    write(chosen.out, counter.tallies)
    return int(status)


class Chosen:
    """A plugin of pytest: of the files that are run, only tests that a chosen row names."""

    def __init__(self, rows: Sequence[int]) -> None:
        self._wanted = tuple(test for row in rows for test in ROWS[row].tests)

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        items[:] = [item for item in items if item.nodeid.startswith(self._wanted)]


def write(out: Path, tallies: dict[int, Tally]) -> None:
    """Bring the two files up to date with these rows."""
    stored = out / "report.json"
    rows = json.loads(stored.read_text())["rows"] if stored.exists() else {}
    rows |= {str(row): asdict(tally) for row, tally in tallies.items()}
    machine = f"{platform.platform()}, Python {platform.python_version()}"
    document = {"imgdupe": __version__, "machine": machine, "rows": rows}
    stored.write_text(json.dumps(document, indent=1) + "\n")
    (out / "report.md").write_text(_markdown(document))


def _markdown(document: dict[str, object]) -> str:
    rows = document["rows"]
    assert isinstance(rows, dict)
    lines = [
        "# Fault campaign",
        "",
        f"imgdupe {document['imgdupe']}, {document['machine']}.",
        "",
        "| # | fault | must happen | tried | wanted | failed | skipped | minutes |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for number, row in ROWS.items():
        tally = rows.get(str(number))
        if tally is None:
            lines.append(f"| {number} | {row.fault} | {row.must} | not run | {row.points} | | | |")
            continue
        tried = f"{tally['points']:,}" + (" (quick)" if tally["quick"] else "")
        counts = f"{tried} | {row.points:,} | {len(tally['failed'])} | {len(tally['skipped'])}"
        minutes = tally["seconds"] / 60
        lines.append(f"| {number} | {row.fault} | {row.must} | {counts} | {minutes:.1f} |")
    for kind in ("failed", "skipped"):
        named = [each for tally in rows.values() for each in tally[kind]]
        lines += ["", f"{kind.capitalize()}: {len(named)}", *(f"- {each}" for each in named)]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.exit(main())
