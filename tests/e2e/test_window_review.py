# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""Reviewing in the real window over real files, from the keyboard."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from imgdupe.gui.arrange import Order
from imgdupe.gui.dialogs.folder_choice import FolderChoice
from imgdupe.gui.dialogs.remove import RemoveDialog
from tests.helpers.library import Library
from tests.helpers.studio import LONG_MS, Studio
from tests.helpers.windows import child, click, press

pytestmark = pytest.mark.usefixtures("main_thread_collector")
SHIFT = Qt.KeyboardModifier.ShiftModifier
CTRL = Qt.KeyboardModifier.ControlModifier
_SAME_PICTURE, _NOT_DUPLICATES = 1, 3


def test_not_duplicates_are_remembered_and_can_be_taken_back(
    studio: Studio, library: Library
) -> None:
    studio.scan(library.folder)
    view = studio.workspace.groups
    view.tabs.setCurrentIndex(_SAME_PICTURE)
    before = [each.key for each in view.shown()]
    view.grid.select(0)
    wanted = view.shown()[0].content_ids
    press(view.grid, Qt.Key.Key_N, SHIFT)
    assert len(view.shown()) == len(before) - 1
    studio.close()

    studio.open()
    studio.settle()
    view = studio.workspace.groups
    assert wanted not in [each.content_ids for each in view.shown()]
    view.tabs.setCurrentIndex(_NOT_DUPLICATES)
    assert [each.content_ids for each in view.shown()] == [wanted]
    view.grid.select(0)
    press(view.grid, Qt.Key.Key_N, SHIFT)
    studio.settle()
    assert view.shown() == []
    view.tabs.setCurrentIndex(_SAME_PICTURE)
    assert sorted(each.key for each in view.shown()) == sorted(before)
    assert QApplication.focusWidget() is view.grid


def _keys_of_the_window(studio: Studio, key: Qt.Key, modifiers: Qt.KeyboardModifier) -> None:
    """A key where the focus is, as the keyboard sends it."""
    target = QApplication.focusWidget()
    assert target is not None
    assert target.window() in (studio.window, QApplication.activeModalWidget())
    QTest.keyClick(target, key, modifiers)


def test_a_whole_review_by_keyboard_alone(studio: Studio, library: Library, own_home: Path) -> None:
    """From the first group to the last, the removal, and both taken back."""
    studio.scan(library.folder)
    window, workspace = studio.window, studio.workspace
    view, none = workspace.groups, Qt.KeyboardModifier.NoModifier
    window.activateWindow()
    view.grid.setFocus()
    files = {path for path in library.folder.rglob("*") if path.is_file()}

    def key(name: Qt.Key, modifiers: Qt.KeyboardModifier = none) -> None:
        _keys_of_the_window(studio, name, modifiers)

    seen = 0
    for _ in range(3):
        key(Qt.Key.Key_Home)
        for _ in view.shown():
            key(Qt.Key.Key_Return)
            seen += 1
        key(Qt.Key.Key_PageDown, CTRL)
    assert view.shown() == []
    key(Qt.Key.Key_PageDown, CTRL)
    assert view.shown() != []
    assert seen == len(workspace.session.groups())
    marked = {os.fsdecode(each.path) for each in workspace.marks.marked()}
    assert {str(each.copy) for each in library.of_kind("identical")} <= marked
    assert files == {path for path in library.folder.rglob("*") if path.is_file()}

    key(Qt.Key.Key_Delete, CTRL | SHIFT)
    dialog = child(window, RemoveDialog)
    studio.wait(dialog.remove_button.isEnabled)
    dialog.remove_button.setFocus()
    with studio.qtbot.waitSignal(dialog.removed, timeout=LONG_MS):
        QTest.keyClick(dialog.remove_button, Qt.Key.Key_Space)
    studio.wait(dialog.close)
    studio.settle()
    assert not any(os.path.exists(path) for path in marked)

    window.activateWindow()
    studio.wait(lambda: QApplication.focusWidget() is not None)
    with studio.qtbot.waitSignal(workspace.removals.undoing.undone, timeout=LONG_MS):
        key(Qt.Key.Key_Z, CTRL)
    studio.settle()
    assert files == {path for path in library.folder.rglob("*") if path.is_file()}
    assert {os.fsdecode(each.path) for each in workspace.marks.marked()} == marked
    for _ in range(workspace.marks.undo_stack.index()):
        key(Qt.Key.Key_Z, CTRL)
    assert workspace.marks.marked() == []
    key(Qt.Key.Key_Z, CTRL | SHIFT)
    assert workspace.marks.marked() != []


def test_a_removal_of_an_earlier_day_is_taken_back(
    studio: Studio, library: Library, own_home: Path
) -> None:
    studio.scan(library.folder)
    workspace = studio.workspace
    copy = library.of_kind("identical")[0]
    photo = next(
        member.photo
        for group in workspace.session.groups()
        for member in group.members
        if member.photo.path == os.fsencode(copy.copy)
    )
    assert workspace.marks.remove([photo])
    workspace.removals.review()
    dialog = child(studio.window, RemoveDialog)
    studio.wait(dialog.remove_button.isEnabled)
    with studio.qtbot.waitSignal(dialog.removed, timeout=LONG_MS):
        click(dialog.remove_button)
    studio.wait(dialog.close)
    studio.close()
    assert not copy.copy.exists()

    studio.open()
    studio.settle()
    action = studio.window.actions_.undo
    studio.wait(action.isEnabled)
    assert "removal of 1 photo on" in action.text()
    action.trigger()
    studio.wait(copy.copy.exists)
    studio.settle()
    assert not action.isEnabled()


def test_a_folder_pair_is_decided_at_once(studio: Studio, library: Library) -> None:
    studio.scan(library.folder)
    view = studio.workspace.groups
    view.tabs.setCurrentIndex(0)
    view.filters.set_order(Order.FOLDERS)
    view.filters.order_chosen.emit()
    sections = view.grid.model_.sections()
    assert sum(each.groups for each in sections) == len(view.shown())
    view.grid.select(0)
    click(view.filters.keep_folder)
    dialog = child(view, FolderChoice)
    kept = sections[0].folders[0]
    dialog.radios.buttons()[0].click()
    assert "Ctrl+Z" in dialog.preview.text()
    click(dialog.mark)
    marked = studio.workspace.marks.marked()
    assert marked
    assert not [each for each in marked if os.path.dirname(each.path) == kept]
    assert studio.workspace.marks.undo_stack.count() == 1
    studio.window.actions_.undo.trigger()
    assert studio.workspace.marks.marked() == []
