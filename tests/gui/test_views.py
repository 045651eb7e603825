# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""The shell's own views, over a session that is played where they need one."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QMessageBox
from pytestqt.qtbot import QtBot

from imgdupe.catalog.library import LibraryCounts
from imgdupe.catalog.roots import Root
from imgdupe.gui.feed import Snapshot
from imgdupe.gui.jobs import Jobs
from imgdupe.gui.models.folders import FolderRow, Role
from imgdupe.gui.views import scan_panel
from imgdupe.gui.views.empty import EmptyState
from imgdupe.gui.views.first_run import FirstRun, suggested_folders
from imgdupe.gui.views.folders import FoldersView
from imgdupe.gui.views.groups_page import GroupsPage
from imgdupe.gui.views.history import HistoryView
from imgdupe.gui.views.problems import ProblemsView
from imgdupe.gui.views.scan_panel import Findings, ScanBar, ScanPage
from imgdupe.progress import Phase, Progress
from imgdupe.records import Kind, Problem, ProblemKind, Stage
from imgdupe.removal.entries import State
from imgdupe.removal.journal import Batch, BatchItem
from imgdupe.removal.undo import UndoResult
from tests.helpers.windows import button, click

RUNNING = Progress(
    phase=Phase.FINGERPRINTING,
    found=60_000,
    done=1_204,
    total=30_000,
    unchanged=30_000,
    problems=14,
    online_only=37,
    groups=0,
    reclaimable_bytes=0,
    per_second=212.4,
    seconds_left=136.0,
    folder=b"/photos/2024",
)


# -- scan -----------------------------------------------------------------------------------------


def test_the_scan_is_told_in_words(qtbot: QtBot) -> None:
    assert scan_panel.amount(RUNNING) == "31,204 of 60,000 photos"
    assert scan_panel.pace(RUNNING, paused=False) == "212 photos/s  ·  2 min 16 s left"
    assert scan_panel.pace(RUNNING, paused=True) == ""
    assert scan_panel.headline(RUNNING, paused=True) == "Paused"
    assert scan_panel.found(Findings(1204, 8_300_000_000)) == "1,204 groups, 8.30 GB in copies"


def test_the_bar_shows_the_scan_and_then_the_library(qtbot: QtBot) -> None:
    bar = ScanBar()
    qtbot.addWidget(bar)
    bar.show()
    bar.show_progress(RUNNING, paused=False, findings=Findings(3, 1000))
    assert bar._progress.value() == 520
    assert bar.problems.text() == "14 problems"
    assert "37 online-only skipped" in bar._details.text()
    assert bar.controls.isVisible()
    bar.show_idle("60,000 photos", problems=0, can_scan=True)
    assert not bar.controls.isVisible()
    assert not bar.problems.isVisible()
    assert bar.again.isVisible()


def test_a_long_path_does_not_widen_the_window(qtbot: QtBot) -> None:
    bar = ScanBar()
    qtbot.addWidget(bar)
    bar.show_progress(RUNNING, paused=False, findings=Findings(3, 1000))
    width = bar.minimumSizeHint().width()
    deep = replace(RUNNING, phase=Phase.FINDING, folder=b"/photos" + b"/folder" * 60)
    bar.show_progress(deep, paused=False, findings=Findings(3, 1000))
    assert bar.minimumSizeHint().width() <= width
    assert bar._head.toolTip().endswith("/folder")
    bar.resize(760, 46)
    bar.grab()


def test_pause_and_stop_ask(qtbot: QtBot) -> None:
    bar = ScanBar()
    qtbot.addWidget(bar)
    bar.show_progress(RUNNING, paused=False, findings=Findings())
    with qtbot.waitSignal(bar.controls.pause_pressed) as paused:
        bar.controls.pause.click()
    assert paused.args == [True]
    assert bar.controls.pause.text() == "Resume"
    with qtbot.waitSignal(bar.controls.stop_pressed):
        bar.controls.stop.click()


def test_the_first_scan_has_a_page_of_its_own(qtbot: QtBot) -> None:
    page = ScanPage()
    qtbot.addWidget(page)
    page.show_progress(RUNNING, paused=False)
    assert page._amount.text() == "31,204 of 60,000 photos"


# -- groups page ----------------------------------------------------------------------------------


def _snapshot(groups: int, photos: int, roots: int) -> Snapshot:
    return Snapshot(
        [object()] * groups,  # type: ignore[list-item]
        [],
        LibraryCounts(photos, photos, 0, 0, 0),
        [Root(number, b"/a", True, photos) for number in range(roots)],
        [],
        0,
    )


@pytest.mark.parametrize(
    ("snapshot", "scanning", "shown"),
    [
        (None, False, "first_run"),
        (_snapshot(0, 0, 0), False, "first_run"),
        (None, True, "scan_page"),
        (_snapshot(0, 9, 1), True, "scan_page"),
        (_snapshot(0, 0, 1), False, "_no_photos"),
        (_snapshot(0, 9, 1), False, "_no_groups"),
        (_snapshot(2, 9, 1), True, "_groups"),
        (_snapshot(2, 9, 1), False, "_groups"),
    ],
)
def test_the_page_fits_the_library(
    qtbot: QtBot, snapshot: Snapshot | None, scanning: bool, shown: str
) -> None:
    page = GroupsPage(EmptyState("keep", "groups", ""), EmptyState("keep", "compare", ""))
    qtbot.addWidget(page)
    page.show_library(snapshot, scanning)
    assert page.currentWidget() is getattr(page, shown)


def test_a_comparison_is_not_interrupted(qtbot: QtBot) -> None:
    page = GroupsPage(EmptyState("keep", "groups", ""), EmptyState("keep", "compare", ""))
    qtbot.addWidget(page)
    page.compare()
    page.show_library(_snapshot(0, 0, 0), scanning=True)
    assert page.comparing
    page.leave()
    assert not page.comparing


# -- first run ------------------------------------------------------------------------------------


def test_the_usual_folders_are_suggested(qtbot: QtBot, own_home: Path) -> None:
    assert suggested_folders() == []
    (own_home / "Pictures").mkdir()
    view = FirstRun()
    qtbot.addWidget(view)
    with qtbot.waitSignal(view.folder_chosen) as chosen:
        click(button(view, "Pictures"))
    assert chosen.args == [os.fsencode(own_home / "Pictures")]
    with qtbot.waitSignal(view.add_pressed):
        click(view.add)


# -- library --------------------------------------------------------------------------------------


ROWS = [
    FolderRow(b"/photos", 12, True, 3, 4_000_000, Role.PREFERRED),
    FolderRow(b"/old", 9, False, 0, 0, Role.NORMAL),
]


def test_folders_are_chosen_scanned_and_given_a_role(qtbot: QtBot) -> None:
    view = FoldersView()
    qtbot.addWidget(view)
    view.set_rows(ROWS)
    assert "21 photos in 2 folders; 3 could go" in view._summary.text()
    assert not view.scan.isEnabled()
    view.table.selectRow(0)
    assert view.role.currentData() == Role.PREFERRED
    assert view.show_folder.isEnabled()
    with qtbot.waitSignal(view.scan_requested) as scan:
        view.scan.click()
    assert scan.args == [[b"/photos"]]
    with qtbot.waitSignal(view.role_chosen) as role:
        view.role.setCurrentIndex(view.role.findData(Role.PROTECTED))
        view.role.activated.emit(view.role.currentIndex())
    assert role.args == [[b"/photos"], Role.PROTECTED]
    view.set_rows([ROWS[1], ROWS[0]])
    assert view.table.selected() == [ROWS[0]]
    view.table.selectRow(0)
    assert not view.show_folder.isEnabled()


def test_taking_a_folder_out_asks_first(qtbot: QtBot) -> None:
    view = FoldersView()
    qtbot.addWidget(view)
    view.set_rows(ROWS)
    view.table.selectRow(1)
    asked: list[Any] = []
    view.forget_requested.connect(asked.append)
    view.forget.click()
    box = view.findChild(QMessageBox)
    assert box is not None
    assert "1 folder with 9 photos" in box.text()
    assert asked == []
    with qtbot.waitSignal(view.forget_requested):
        button(box, "Take out").click()
    assert asked == [[b"/old"]]


# -- problems -------------------------------------------------------------------------------------


class PlayedSession:
    """Answers the questions of the history and the problems."""

    def __init__(self, batches: list[Batch], problems: list[Problem]) -> None:
        self.batches = batches
        self.found = problems
        self.undone: list[tuple[str | None, Any]] = []

    def problems(self) -> list[Problem]:
        return self.found

    def history(self) -> list[Batch]:
        return self.batches

    def undo(self, batch: str | None, paths: Any) -> UndoResult:
        self.undone.append((batch, paths))
        return UndoResult(batch or "", ((b"/a", b"/a"),), ())


PROBLEMS = [
    Problem(b"/photos/a.jpg", Stage.DECODE, ProblemKind.TRUNCATED, "ends too early"),
    Problem(b"/photos/b.jpg", Stage.WALK, ProblemKind.NO_ACCESS, "not readable"),
]


def test_problems_are_filtered_copied_and_tried_again(qtbot: QtBot, jobs: Jobs) -> None:
    view = ProblemsView(PlayedSession([], PROBLEMS), jobs)  # type: ignore[arg-type]
    qtbot.addWidget(view)
    view.refresh()
    qtbot.waitUntil(lambda: len(view.table.shown()) == 2)
    assert view._title.text() == "2 files without a result"
    view._kinds.setCurrentIndex(view._kinds.findData(ProblemKind.NO_ACCESS))
    assert view.table.shown() == [PROBLEMS[1]]
    view.copy.click()
    assert QGuiApplication.clipboard().text() == "No permission\t/photos/b.jpg\tnot readable"
    with qtbot.waitSignal(view.retry_requested) as retry:
        view.retry.click()
    assert retry.args == [[b"/photos/b.jpg"]]
    assert not view.show_file.isEnabled()
    view.table.selectRow(0)
    assert view.show_file.isEnabled()
    view.set_problems([])
    assert view._stack.currentWidget() is view._empty


# -- history --------------------------------------------------------------------------------------


def _batch(tmp_path: Path) -> Batch:
    trash = tmp_path / "trash"
    trash.mkdir()
    items = []
    for name, there in (("a", True), ("b", True), ("c", False)):
        slot = trash / name
        if there:
            slot.write_bytes(b"x")
        items.append(
            BatchItem(
                os.fsencode(f"/photos/{name}.jpg"),
                os.fsencode(slot),
                b"/photos/keeper.jpg",
                1_000,
                Kind.IDENTICAL,
                State.TRASHED,
                "",
            )
        )
    return Batch("20261120-0001", "2026-11-20T18:02:00+00:00", tuple(items))


def test_a_removal_is_undone_whole_or_in_part(qtbot: QtBot, jobs: Jobs, tmp_path: Path) -> None:
    session = PlayedSession([_batch(tmp_path)], [])
    view = HistoryView(session, jobs)  # type: ignore[arg-type]
    qtbot.addWidget(view)
    view.refresh()
    qtbot.waitUntil(lambda: len(view.table.shown()) == 3)
    assert "1 photo can no longer be brought back" in view._note.text()
    assert not view.undo_selected.isEnabled()
    view.table.selectRow(1)
    with qtbot.waitSignal(view.undone):
        view.undo_selected.click()
    with qtbot.waitSignal(view.undone):
        view.undo_all.click()
    assert session.undone == [
        ("20261120-0001", [b"/photos/b.jpg"]),
        ("20261120-0001", None),
    ]


def test_a_removal_that_needs_the_user_says_what_to_do(
    qtbot: QtBot, jobs: Jobs, tmp_path: Path
) -> None:
    batch = _batch(tmp_path)
    reason = "/photos/a.jpg is taken by another file"
    stuck = replace(batch.items[0], state=State.NEEDS_USER, reason=reason)
    view = HistoryView(PlayedSession([], []), jobs)  # type: ignore[arg-type]
    qtbot.addWidget(view)
    view.set_batches([replace(batch, items=(stuck, *batch.items[1:]))])
    assert view._list.item(0).text().endswith("1 need you")
    assert "press Undo selected" in view._note.text()
    whys = [view._model.index(row, 4).data() for row in range(3)]
    assert whys[0] == reason
    assert whys[2].startswith("the trash was emptied")
    view.table.selectRow(2)
    assert not view.undo_selected.isEnabled()
    view.table.selectRow(0)
    assert view.undo_selected.isEnabled()


def test_an_empty_history_says_so(qtbot: QtBot, jobs: Jobs) -> None:
    view = HistoryView(PlayedSession([], []), jobs)  # type: ignore[arg-type]
    qtbot.addWidget(view)
    view.set_batches([])
    assert view._stack.currentIndex() == 0
    assert not view.undo_all.isEnabled()


def test_what_came_back_cannot_come_back_again(qtbot: QtBot, jobs: Jobs) -> None:
    item = BatchItem(b"/a", b"/t", None, 1, Kind.IDENTICAL, State.UNDONE, "")
    view = HistoryView(PlayedSession([], []), jobs)  # type: ignore[arg-type]
    qtbot.addWidget(view)
    view.set_batches([Batch("1", "2026-11-20T18:02:00+00:00", (item,))])
    assert view._note.text() == "There is nothing left to bring back."
    assert not view.undo_all.isEnabled()
    assert view.table.horizontalHeader().orientation() == Qt.Orientation.Horizontal
