# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""Room for words: larger text is not cut off, and a right-to-left desktop is mirrored."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QFont
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QDialog,
    QLabel,
    QToolButton,
    QWidget,
)
from pytestqt.qtbot import QtBot

from imgdupe.engine.session import Session
from imgdupe.gui.dialogs.autoselect import AutoSelectDialog, Scope
from imgdupe.gui.dialogs.keys import KeysDialog
from imgdupe.gui.dialogs.remove import RemoveDialog
from imgdupe.gui.jobs import Jobs
from imgdupe.gui.views.elided import ElidedLabel
from imgdupe.gui.views.main_window import MainWindow
from imgdupe.gui.workspace import Workspace
from tests.helpers.groups import pairs

LARGER = 1.4


@pytest.fixture(params=["as it is", "larger"])
def size(request: pytest.FixtureRequest, qapp: QApplication, dark: None) -> Iterator[str]:
    """The desktop's text size."""
    before = QApplication.font()
    if request.param == "larger":
        font = QFont(before)
        font.setPointSizeF(before.pointSizeF() * LARGER)
        qapp.setFont(font)
    yield request.param
    qapp.setFont(before)


@pytest.fixture
def work(qtbot: QtBot, tmp_path: Path, dark: None) -> Iterator[Workspace]:
    window = MainWindow(tmp_path / "window.ini")
    jobs = Jobs(window)
    workspace = Workspace(Session.open(tmp_path / "data"), jobs, window)
    window.resize(1280, 800)
    window.show()
    qtbot.waitUntil(lambda: workspace.snapshot is not None and not jobs.busy, timeout=60_000)
    workspace.groups.set_groups(pairs(3), [])
    yield workspace
    assert jobs.shutdown()
    workspace.close()
    window.close()
    window.deleteLater()


def cut_off(root: QWidget) -> list[str]:
    """The texts that have less room than they need, on one line."""
    found = []
    for each in root.findChildren(QWidget):
        if not each.isVisible() or isinstance(each, ElidedLabel):
            continue
        wraps = isinstance(each, QLabel) and (each.wordWrap() or not each.text())
        shown = isinstance(each, QLabel | QAbstractButton) and bool(each.text()) and not wraps
        icon_only = isinstance(each, QToolButton) and (
            each.toolButtonStyle() is Qt.ToolButtonStyle.ToolButtonIconOnly
        )
        if shown and not icon_only and each.width() < each.minimumSizeHint().width():
            found.append(f"{type(each).__name__}: {each.property('text')}")
    return found


def dialogs(work: Workspace) -> list[QDialog]:
    groups = pairs(3)
    work.marks.set_groups(groups)
    assert work.marks.remove([groups[0].members[1].photo])
    rules = work.session.keeper_rules()
    return [
        work.open_settings(),
        KeysDialog(work.window),
        AutoSelectDialog(work.marks, work.thumbs, rules, [Scope("all", groups)], work.window),
        RemoveDialog(work.session, work.jobs, work.thumbs, work.marks.removals(), work.window),
    ]


def test_no_text_of_the_views_is_cut_off(size: str, work: Workspace, qtbot: QtBot) -> None:
    for view in ("groups", "search", "library", "history", "problems"):
        work.window.show_view(view)
        qtbot.wait(10)
        assert cut_off(work.window) == [], view
    work.window.show_view("groups")
    work.compare.show_group(pairs(2), 0)
    work.groups_page.compare()
    qtbot.wait(10)
    assert cut_off(work.compare) == []


def test_no_text_of_the_dialogs_is_cut_off(size: str, work: Workspace, qtbot: QtBot) -> None:
    for dialog in dialogs(work):
        dialog.show()
        qtbot.wait(10)
        assert cut_off(dialog) == [], type(dialog).__name__
        dialog.close()


def test_right_to_left_is_mirrored(work: Workspace, qapp: QApplication, qtbot: QtBot) -> None:
    window = work.window
    try:
        qapp.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
        qtbot.wait(10)
        assert window.rail.mapTo(window, window.rail.rect().center()).x() > window.width() / 2
        work.compare.show_group(pairs(1), 0)
        work.groups_page.compare()
        qtbot.wait(10)
        first, second = work.compare.grid.shown()
        assert first.x() > second.x()  # the keeper comes first, and first is on the right
        assert cut_off(work.compare) == []
    finally:
        qapp.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
