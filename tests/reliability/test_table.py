# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""The table of faults names tests that are there, and the report counts them."""

from __future__ import annotations

import ast
import json
from pathlib import Path
from typing import Literal

import pytest

from tests.helpers.source import REPOSITORY, tree_of
from tests.reliability.report import Counter, write
from tests.reliability.row import Row
from tests.reliability.table import ROWS


def functions_of(file: str) -> list[str]:
    return [
        node.name
        for node in ast.walk(tree_of(REPOSITORY / file))
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
    ]


@pytest.mark.parametrize("number", ROWS)
def test_every_row_has_tests(number: int) -> None:
    for test in ROWS[number].tests:
        file, _, name = test.partition("::")
        names = functions_of(file)
        assert [each for each in names if each.startswith(name.partition("[")[0])], test


def test_the_report_adds_up_and_keeps_earlier_rows(tmp_path: Path) -> None:
    counter = Counter([1, 9], quick=False)
    inside = "tests/reliability/test_campaign.py::test_killed_at_every_call"
    seen: list[tuple[str, Literal["passed", "failed"], int | None]] = [
        (inside, "passed", 500),
        (inside + "_at_all", "passed", None),
        (inside + "_x", "failed", None),
        ("tests/elsewhere.py::test", "passed", None),
    ]
    for nodeid, outcome, points in seen:
        properties = [] if points is None else [("points", points)]
        report = pytest.TestReport(
            nodeid,
            ("", 0, ""),
            {},
            outcome,
            None,
            "call",
            user_properties=properties,
        )
        counter.pytest_runtest_logreport(report)
    assert (counter.tallies[1].points, counter.tallies[1].tests) == (501, 2)
    assert counter.tallies[1].failed == [inside + "_x"]
    write(tmp_path, counter.tallies)
    write(tmp_path, Counter([2], quick=True).tallies)
    rows = json.loads((tmp_path / "report.json").read_text())["rows"]
    assert (rows["1"]["points"], rows["2"]["quick"]) == (501, True)
    text = (tmp_path / "report.md").read_text()
    assert "| 501 | 600 | 1 | 0 |" in text
    assert "not run" in text
    assert isinstance(ROWS[1], Row)
