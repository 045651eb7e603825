# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
from __future__ import annotations

import os
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from imgdupe.catalog.roots import Root
from imgdupe.catalog.settings import Settings
from imgdupe.gui.models import folders, history
from imgdupe.gui.models.folders import FolderRow, FoldersModel, Role
from imgdupe.gui.models.history import RemovedModel
from imgdupe.gui.models.problems import ProblemsModel, as_text, reason
from imgdupe.gui.models.tables import SORT, TableModel
from imgdupe.gui.views.table import Table
from imgdupe.records import Kind, Problem, ProblemKind, Stage
from imgdupe.removal.entries import State
from imgdupe.removal.journal import Batch, BatchItem
from tests.helpers.groups import group, photo

PROBLEMS = [
    Problem(b"/a/\xff.jpg", Stage.DECODE, ProblemKind.TRUNCATED, "ends too early"),
    Problem(b"/a/b.jpg", Stage.WALK, ProblemKind.NO_ACCESS, "not readable"),
]


def item(name: str, state: State, trash: bytes | None = None, reason: str = "") -> BatchItem:
    return BatchItem(
        os.fsencode(f"/photos/{name}"),
        trash,
        b"/photos/keeper.jpg",
        100,
        Kind.IDENTICAL,
        state,
        reason,
    )


def _rows() -> list[tuple[TableModel[object], list[object]]]:
    removed = [item("a.jpg", State.TRASHED, b"/nowhere"), item("b.jpg", State.UNDONE)]
    rows = [
        FolderRow(b"/photos", 12, True, 3, 4_000_000, Role.NORMAL),
        FolderRow(b"/old", 9, False, 0, 0, Role.PROTECTED),
    ]
    return [
        (ProblemsModel(), list(PROBLEMS)),  # type: ignore[list-item]
        (RemovedModel(), list(removed)),  # type: ignore[list-item]
        (FoldersModel(), list(rows)),  # type: ignore[list-item]
    ]


@pytest.mark.parametrize("which", range(3))
def test_every_table_is_a_sound_model(
    qtmodeltester: ModelTester, qapp: QApplication, which: int
) -> None:
    model, rows = _rows()[which]
    model.set_rows(rows)
    qtmodeltester.check(model, force_py=True)  # type: ignore[no-untyped-call]
    texts = [
        model.index(row, column).data() for row in range(2) for column in range(model.columnCount())
    ]
    assert all(isinstance(text, str) for text in texts)
    titles = [
        model.headerData(column, Qt.Orientation.Horizontal) for column in range(model.columnCount())
    ]
    assert all(titles)


def test_tables_sort_by_number_and_give_records_back(qtbot: QtBot) -> None:
    model = FoldersModel()
    table: Table[FolderRow] = Table(model, "Folders")
    qtbot.addWidget(table)
    rows = [
        FolderRow(b"/b", 9, True, 0, 0, Role.NORMAL),
        FolderRow(b"/a", 1000, True, 0, 0, Role.NORMAL),
    ]
    model.set_rows(rows)
    assert table.shown() == rows
    table.sortByColumn(1, Qt.SortOrder.DescendingOrder)
    assert table.shown() == rows[::-1]
    table.selectRow(0)
    assert table.selected() == [rows[1]]
    assert model.index(0, 1).data(SORT) == 9


def test_the_same_rows_keep_the_selection(qtbot: QtBot) -> None:
    model = ProblemsModel()
    table: Table[Problem] = Table(model, "Problems")
    qtbot.addWidget(table)
    model.set_rows(PROBLEMS)
    table.selectRow(1)
    model.set_rows(list(PROBLEMS))
    assert table.selected() == [PROBLEMS[1]]


@pytest.mark.parametrize("kind", ProblemKind)
def test_every_kind_of_problem_has_words(kind: ProblemKind) -> None:
    assert reason(kind)


def test_problems_can_be_pasted() -> None:
    assert as_text(PROBLEMS).splitlines()[1] == "No permission\t/a/b.jpg\tnot readable"


def test_folders_count_the_copies_that_lie_in_them() -> None:
    a, b, nested = b"/a", b"/ab", b"/a/in"
    roots = [Root(1, a, True, 5), Root(2, b, False, 4), Root(3, nested, True, 2)]
    groups = [
        group([photo("/a/1.jpg", 1), photo("/ab/1.jpg", 2, size=7), photo("/ab/2.jpg", 3, size=8)]),
        group([photo("/a/in/4.jpg", 4), photo("/a/5.jpg", 5, size=9)], Kind.IDENTICAL),
        group([photo("/a/6.jpg", 6), photo("/ab/7.jpg", 7)], Kind.BURST),
    ]
    settings = Settings(preferred=("/a",), protected=("/ab",), ignored=("/a/in", "/ab"))
    first, second, third = folders.summarise(roots, groups, folders.roles_of(settings))
    assert [row.role for row in (first, second, third)] == [
        Role.PREFERRED,
        Role.PROTECTED,
        Role.IGNORED,
    ]
    assert (first.duplicated, first.copies, first.reclaimable_bytes) == (2, 1, 9)
    assert (second.duplicated, second.copies, second.reclaimable_bytes) == (2, 2, 15)
    assert folders.overlap_text(first) == "40 %"
    assert dict(first.overlap) == {b: 1, nested: 1}
    assert folders.overlap_tip(second) == "2 photos also in /a"
    assert folders.overlap_text(third) == "50 %"
    assert folders.state_text(second) == "Not there now"


@pytest.mark.parametrize("state", State)
def test_every_state_of_a_removal_has_words(state: State) -> None:
    assert history.state_text(item("a.jpg", state))


def test_a_removal_says_what_became_of_it(qapp: QApplication, tmp_path: Path) -> None:
    there = tmp_path / "a.jpg"
    there.write_bytes(b"x")
    batch = Batch(
        "1",
        "2026-11-20T18:02:00+00:00",
        (
            item("a.jpg", State.TRASHED, os.fsencode(there)),
            item("b.jpg", State.UNDONE),
            item("c.jpg", State.RESTORED, None, "the kept photo was gone"),
        ),
    )
    assert history.headline(batch) == "2 photos, 200 bytes"
    assert history.state_line(batch) == "1 of 2 brought back"
    assert history.undoable(batch) == [batch.items[0]]
    assert history.state_text(batch.items[0]) == "In the trash"
    assert history.reason_text(batch.items[0]) == "kept: /photos/keeper.jpg"
    assert history.reason_text(batch.items[2]) == "the kept photo was gone"
    there.unlink()
    assert history.state_text(batch.items[0]) == "No longer in the trash"
