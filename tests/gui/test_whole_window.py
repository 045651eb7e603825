# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""The window over an opened, empty library: names for everything, drops and keys everywhere."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QByteArray, QMimeData, QPointF, Qt
from PySide6.QtGui import QAccessible, QDragEnterEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QGraphicsView,
    QHeaderView,
    QLineEdit,
    QPlainTextEdit,
    QProgressBar,
    QSlider,
    QTabBar,
    QWidget,
)
from pytestqt.qtbot import QtBot

from imgdupe.engine.session import Session
from imgdupe.gui.actions import VIEWS
from imgdupe.gui.dialogs.autoselect import AutoSelectDialog, Scope
from imgdupe.gui.dialogs.crash import CrashDialog
from imgdupe.gui.dialogs.keys import KeysDialog
from imgdupe.gui.dialogs.remove import RemoveDialog
from imgdupe.gui.jobs import Jobs
from imgdupe.gui.views.groups import GroupsView
from imgdupe.gui.views.main_window import MainWindow
from imgdupe.gui.workspace import Workspace
from imgdupe.keeping import KeeperRule
from tests.helpers.groups import group, pairs, photo
from tests.helpers.windows import child, click, press

CONTROLS = (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSpinBox,
    QComboBox,
    QGraphicsView,
    QLineEdit,
    QPlainTextEdit,
    QProgressBar,
    QSlider,
    QTabBar,
)


_WITH_PARTS = (QAbstractItemView, QAbstractSpinBox, QComboBox, QLineEdit, QTabBar)


@pytest.fixture
def workspace(qtbot: QtBot, tmp_path: Path, dark: None) -> Iterator[Workspace]:
    window = MainWindow(tmp_path / "window.ini")
    jobs = Jobs(window)
    workspace = Workspace(Session.open(tmp_path / "data"), jobs, window)
    window.show()
    qtbot.waitUntil(lambda: workspace.snapshot is not None and not jobs.busy, timeout=60_000)
    yield workspace
    assert jobs.shutdown()
    workspace.close()
    window.close()
    window.deleteLater()


def _inner(widget: QWidget) -> bool:
    """Parts that Qt makes inside its own widgets; the outer widget carries the name."""
    parent = widget.parentWidget()
    return (
        isinstance(widget, QHeaderView)
        or widget.objectName().startswith("qt_")
        or isinstance(
            parent, QAbstractSpinBox | QComboBox | QLineEdit | QTabBar | QAbstractItemView
        )
        or (parent is not None and "QComboBoxPrivateContainer" in parent.metaObject().className())
    )


def _nameless(window: QWidget) -> list[str]:
    found = []
    for widget in window.findChildren(QWidget):
        if not isinstance(widget, CONTROLS) or _inner(widget) or not widget.isVisible():
            continue
        name = QAccessible.queryAccessibleInterface(widget).text(QAccessible.Text.Name)
        if not name.strip():
            parent = widget.parentWidget()
            found.append(f"{type(widget).__name__} in {type(parent).__name__}")
    return found


def test_every_control_of_the_window_has_a_name(workspace: Workspace) -> None:
    window = workspace.window
    window.notify("A message", "warning", "Undo", lambda: None)
    for view in VIEWS:
        window.show_view(view)
        assert _nameless(window) == [], view
    window.show_view("groups")
    workspace.groups.set_groups(pairs(3))
    workspace.compare.show_group(pairs(3), 0)
    for place in range(workspace.groups_page.count()):
        workspace.groups_page.setCurrentIndex(place)
        assert _nameless(window) == [], workspace.groups_page.currentWidget()


def test_rules_select_in_what_is_listed_and_the_order_is_kept(
    workspace: Workspace,
) -> None:
    workspace.groups.set_groups([group([photo("/a/1.jpg", 1), photo("/b/deep/1.jpg", 2)])], [])
    workspace.window.actions_.autoselect.trigger()
    dialog = child(workspace.window, AutoSelectDialog)
    dialog.rules.list.setCurrentRow(1)
    dialog.rules.up.click()
    dialog.mark.click()
    assert [each.path for each in workspace.marks.marked()] == [b"/b/deep/1.jpg"]
    assert workspace.session.settings.keeper_order[:2] == (KeeperRule.RAW, KeeperRule.PREFERRED)
    workspace.window.actions_.undo.trigger()
    assert workspace.marks.marked() == []


def test_every_control_of_every_dialog_has_a_name(workspace: Workspace, tmp_path: Path) -> None:
    window = workspace.window
    groups = pairs(3)
    workspace.groups.set_groups(groups)
    assert workspace.marks.remove([groups[0].members[1].photo])
    dialogs = (
        workspace.open_settings(),
        AutoSelectDialog(
            workspace.marks,
            workspace.thumbs,
            workspace.session.keeper_rules(),
            [Scope("all", groups)],
            window,
        ),
        KeysDialog(window),
        CrashDialog("Traceback", tmp_path, window),
        RemoveDialog(
            workspace.session, workspace.jobs, workspace.thumbs, workspace.marks.removals(), window
        ),
    )
    for dialog in dialogs:
        dialog.show()
        assert _nameless(dialog) == [], type(dialog).__name__
        dialog.close()


def test_files_can_be_dropped_on_every_view(workspace: Workspace) -> None:
    """No widget on the way may swallow the drag: the window must get it."""
    window = workspace.window
    mime = QMimeData()
    mime.setData("text/uri-list", QByteArray(b"file:///photos\r\n"))
    for view in VIEWS:
        window.show_view(view)
        for widget in window.findChildren(QWidget):
            if isinstance(widget, QLineEdit) or not widget.isVisible():
                continue
            window._overlay.hide()
            event = QDragEnterEvent(
                QPointF(5, 5).toPoint(),
                Qt.DropAction.CopyAction,
                mime,
                Qt.MouseButton.LeftButton,
                Qt.KeyboardModifier.NoModifier,
            )
            event.ignore()
            QApplication.sendEvent(widget, event)
            assert window._overlay.isVisible(), f"{type(widget).__name__} in {view}"


@pytest.mark.parametrize("view", VIEWS)
def test_each_view_takes_the_focus_and_leaves_it(workspace: Workspace, view: str) -> None:
    window = workspace.window
    window.show_view(view)
    page = window.pages.currentWidget()
    assert window.rail._buttons[view].isChecked()
    focus = QApplication.focusWidget()
    assert page is not None
    assert focus is None or focus.window() is window


def test_escape_and_letters_do_nothing_without_groups(workspace: Workspace) -> None:
    window = workspace.window
    for key in (Qt.Key.Key_P, Qt.Key.Key_X, Qt.Key.Key_U, Qt.Key.Key_Return, Qt.Key.Key_Escape):
        press(workspace.groups, key)
        press(window, key)
    assert workspace.marks.removals() == []
    workspace.removals.review()
    texts = [banner.label.text() for banner in window.banners.banners()]
    assert texts == ["No photo is marked for removal."]


def test_the_hint_is_dismissed_for_good(workspace: Workspace) -> None:
    hint = workspace.groups.hint
    assert hint.isVisibleTo(workspace.groups)
    click(hint.got_it)
    assert not hint.isVisibleTo(workspace.groups)
    assert workspace.session.settings.hints_seen == ("review",)
    again = GroupsView(workspace.marks, workspace.thumbs)
    again.hint.offer("review" not in workspace.session.settings.hints_seen)
    assert not again.hint.isVisibleTo(again)
    again.deleteLater()
