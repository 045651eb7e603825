# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""The figures of the accuracy benchmark are only as good as the sums behind them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.benchmark.accuracy_score import scores
from tests.benchmark.edit_library import Copy, EditLibrary


@pytest.fixture
def library(tmp_path: Path) -> EditLibrary:
    """Two photos with two copies each, a burst, a lonely photo, a sky and a page."""
    for name in ("a", "a1", "a2", "b", "b1", "b2", "f1", "f2", "alone", "sky", "page"):
        (tmp_path / name).write_bytes(name[:2].encode())
    (tmp_path / "a1").write_bytes(b"a")
    made = EditLibrary(tmp_path)
    made.originals += [tmp_path / "a", tmp_path / "b"]
    for name, edit, kind in (
        ("a1", "same bytes", "identical"),
        ("a2", "crop", "edited"),
        ("b1", "resize", "resized"),
        ("b2", "crop", "edited"),
    ):
        made.copies.append(Copy(tmp_path / name[0], tmp_path / name, edit, kind, "mild"))
    made.bursts.append((tmp_path / "f1", tmp_path / "f2"))
    made.lonely.append(tmp_path / "alone")
    made.flats.append(tmp_path / "sky")
    made.texts.append(tmp_path / "page")
    return made


def group(
    library: EditLibrary, names: Sequence[str], kind: str, *edges: tuple[str, str, str]
) -> dict[str, Any]:
    paths = [str(library.folder / name) for name in names]
    return {
        "kind": kind,
        "members": [
            {"path": path, "kind": kind, "preselected": kind != "edited" and place > 0}
            for place, path in enumerate(paths)
        ],
        "edges": [
            {"a": str(library.folder / a), "b": str(library.folder / b), "kind": said}
            for a, b, said in edges
        ],
    }


def test_a_perfect_run(library: EditLibrary) -> None:
    found = scores(
        library,
        [
            group(library, ["a", "a1", "a2"], "edited", ("a", "a2", "edited")),
            group(
                library, ["b", "b1", "b2"], "edited", ("b", "b1", "resized"), ("b", "b2", "edited")
            ),
            group(library, ["f1", "f2"], "burst"),
        ],
    )
    assert {edit: row["recall"] for edit, row in found["edits"].items()} == {
        "same bytes": 1.0,
        "crop": 1.0,
        "resize": 1.0,
    }
    assert found["pairs"] == found["b3"] == {"precision": 1.0, "recall": 1.0, "f1": 1.0}
    assert found["kinds"] == {
        "identical": {"identical": 1},
        "edited": {"edited": 2},
        "resized": {"resized": 1},
    }
    assert found["bursts"] == {"real": {"pairs": 1, "called_copies": 0, "together": 1}}
    assert found["false_groups"] == []
    assert found["photos"] == 11


def test_mistakes_are_counted(library: EditLibrary) -> None:
    found = scores(
        library,
        [
            group(library, ["a", "a1"], "identical"),
            group(library, ["b", "alone"], "resized", ("b", "alone", "resized")),
            group(library, ["f1", "f2"], "resized"),
            group(library, ["sky", "page"], "similar"),
        ],
    )
    assert found["edits"]["crop"]["recall"] == 0.0
    assert found["pairs"]["precision"] == pytest.approx(1 / 3, abs=1e-4)
    assert found["pairs"]["recall"] == pytest.approx(1 / 6, abs=1e-4)
    assert found["b3"]["f1"] < 1
    assert found["bursts"]["real"]["called_copies"] == 1
    assert (found["flat_groups"], found["text_groups"]) == (1, 1)
    assert found["preselected"] == {"photos": 4, "wrong": 3}
    assert len(found["false_groups"]) == 2


def test_nothing_found(library: EditLibrary) -> None:
    found = scores(library, [])
    assert found["pairs"] == {"precision": 1.0, "recall": 0.0, "f1": 0.0}
    assert found["b3"]["precision"] == 1.0
    assert found["kinds"]["edited"] == {"-": 2}
