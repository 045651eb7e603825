# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""S3: what is listed, picked, dragged and asked by the menu, with real keys and clicks."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QSettings, Qt
from PySide6.QtGui import QDrag, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMenu
from pytestqt.qtbot import QtBot

from imgdupe.gui import drags, drops
from imgdupe.gui.arrange import Order
from imgdupe.gui.group_filter import Filter
from imgdupe.gui.views.groups import GroupsView
from imgdupe.records import Kind, Shelf, Verdict
from tests.gui.groups_stand import GroupsStand
from tests.helpers.groups import PlayedSettings, group, pairs, photo
from tests.helpers.windows import click

KEY = Qt.Key
KEEP, REMOVE = Verdict.KEEP, Verdict.REMOVE


def test_several_photos_are_picked_and_decided_together(groups_stand: GroupsStand) -> None:
    groups_stand.view.set_groups(pairs(6))
    grid = groups_stand.view.grid
    groups_stand.click(0, 1)
    groups_stand.click(2, 1, modifier=Qt.KeyboardModifier.ControlModifier)
    assert [each.path for each in grid.photos()] == [b"/b/1.jpg", b"/b/3.jpg"]
    groups_stand.press(KEY.Key_X)
    assert groups_stand.session.stored == {b"/b/1.jpg": REMOVE, b"/b/3.jpg": REMOVE}
    groups_stand.marks.undo_stack.undo()
    assert groups_stand.session.stored == {}
    groups_stand.click(3, 0, modifier=Qt.KeyboardModifier.ShiftModifier)
    assert [each.path for each in grid.photos()] == [b"/b/3.jpg", b"/a/4.jpg"]
    groups_stand.click(4, 0)
    assert [each.path for each in grid.photos()] == [b"/a/5.jpg"]
    assert not len(grid.picks)


def test_photos_are_picked_by_keys(groups_stand: GroupsStand) -> None:
    groups_stand.view.set_groups(pairs(3))
    grid = groups_stand.view.grid
    grid.select(0)
    groups_stand.press(KEY.Key_Right, KEY.Key_Right, shift=True)
    assert [each.path for each in grid.photos()] == [b"/a/1.jpg", b"/b/1.jpg", b"/a/2.jpg"]
    groups_stand.press(KEY.Key_Left, shift=True)
    assert [each.path for each in grid.photos()] == [b"/a/1.jpg", b"/b/1.jpg"]
    groups_stand.press(KEY.Key_Escape)
    assert [each.path for each in grid.photos()] == [b"/b/1.jpg"]
    QTest.keyClick(grid, KEY.Key_Space, Qt.KeyboardModifier.ControlModifier)
    assert len(grid.picks) == 1
    QTest.keyClick(grid, KEY.Key_A, Qt.KeyboardModifier.ControlModifier)
    assert len(grid.picks) == 6
    groups_stand.view.set_groups(pairs(1, start=2))
    assert [each.path for each in grid.photos()] == [b"/b/2.jpg", b"/a/2.jpg"] or len(
        grid.photos()
    ) == 2


def test_photos_are_dragged_out_byte_for_byte(
    groups_stand: GroupsStand, monkeypatch: pytest.MonkeyPatch
) -> None:
    odd = photo("/a/x.jpg", 1)
    odd = replace(odd, file=replace(odd.file, path=b"/a/caf\xe9 1.jpg"))
    groups_stand.view.set_groups([group([odd, photo("/b/1.jpg", 2), photo("/c/1.jpg", 3)])])
    dragged: list[tuple[bytes, Qt.DropAction]] = []

    def played(drag: QDrag, actions: Qt.DropAction) -> Qt.DropAction:
        dragged.append((bytes(drag.mimeData().data("text/uri-list").data()), actions))
        return Qt.DropAction.CopyAction

    monkeypatch.setattr(QDrag, "exec", played)
    groups_stand.click(0, 0)
    groups_stand.click(0, 1, modifier=Qt.KeyboardModifier.ControlModifier)
    viewport, spot = groups_stand.view.grid.viewport(), groups_stand.spot(0, 1)
    QTest.mousePress(viewport, Qt.MouseButton.LeftButton, pos=spot)
    QTest.mouseMove(viewport, spot + QPoint(40, 0))
    assert dragged == [
        (b"file:///a/caf%E9%201.jpg\r\nfile:///b/1.jpg\r\n", Qt.DropAction.CopyAction)
    ]
    assert drops.parse_uris(dragged[0][0]) == [b"/a/caf\xe9 1.jpg", b"/b/1.jpg"]
    QTest.mouseMove(viewport, spot + QPoint(80, 0))
    assert len(dragged) == 1
    drags.copy_path(odd.path)
    assert QGuiApplication.clipboard().text() == "file:///a/caf%E9%201.jpg"


def test_order_filter_and_shelf_are_remembered(
    groups_stand: GroupsStand, tmp_path: Path, qtbot: QtBot
) -> None:
    memory = QSettings(str(tmp_path / "window.ini"), QSettings.Format.IniFormat)
    groups_stand.view.restore(memory)
    assert groups_stand.view.filters.order() is Order.SIZE
    groups_stand.view.set_groups([*pairs(2), *pairs(2, Kind.BURST, start=10)])
    groups_stand.view.tabs.setCurrentIndex(2)
    groups_stand.view.filters.set_order(Order.DATE)
    wanted = Filter("b", b"/b", camera="X-T4", since="2024", reviewed=False)
    groups_stand.view.filters.set_filter(wanted)
    groups_stand.view.remember(memory)
    memory.sync()
    again = GroupsView(groups_stand.marks, groups_stand.thumbs)
    qtbot.addWidget(again)
    again.restore(QSettings(str(tmp_path / "window.ini"), QSettings.Format.IniFormat))
    again.set_groups([*pairs(2), *pairs(2, Kind.BURST, start=10)])
    assert again.shelf is Shelf.SIMILAR_SHOTS
    assert again.filters.order() is Order.DATE
    assert again.filters.filter() == wanted
    assert again.filters.more.text() == "Filters: 3"
    assert again.shown() == []


def test_questions_of_the_panel(groups_stand: GroupsStand, qtbot: QtBot) -> None:
    first = group([photo("/a/1.jpg", 1, camera="X-T4"), photo("/b/1.jpg", 2)])
    groups_stand.view.set_groups([first, *pairs(2, start=10)])
    panel = groups_stand.view.filters.panel
    click(groups_stand.view.filters.more)
    assert panel.isVisible()
    assert panel.camera.findData("X-T4") > 0
    panel.camera.setFocus()
    QTest.keyClicks(panel.camera, "X")
    panel.camera.activated.emit(panel.camera.currentIndex())
    qtbot.waitUntil(lambda: groups_stand.view.shown() == [first])
    click(panel.clear_)
    qtbot.waitUntil(lambda: len(groups_stand.view.shown()) == 3)
    panel.since.setText("2024-13")
    assert groups_stand.view.filters.filter().since == ""
    panel.hide()


def test_what_is_decided_stays_in_view_until_the_list_is_made_anew(
    groups_stand: GroupsStand, qtbot: QtBot
) -> None:
    groups_stand.view.set_groups(pairs(3))
    groups_stand.view.filters.set_filter(Filter(reviewed=False))
    groups_stand.view.grid.select(0)
    groups_stand.press(KEY.Key_Return)
    groups_stand.view.set_groups([*pairs(3), *pairs(1, start=20)])
    assert len(groups_stand.view.shown()) == 4
    groups_stand.view.filters.filter_changed.emit()
    qtbot.waitUntil(lambda: len(groups_stand.view.shown()) == 3)


def test_another_keeper_and_protection_by_the_menu(groups_stand: GroupsStand, qtbot: QtBot) -> None:
    groups = pairs(1)
    groups_stand.view.set_groups(groups)
    groups_stand.view.grid.select(0, 1)
    menu = groups_stand.view.photo_menu()
    assert menu is not None
    entries = {each.text(): each for each in menu.actions() if each.text()}
    entries["Set as keeper"].trigger()
    assert groups_stand.marks.keeper(groups[0]).photo.path == b"/b/1.jpg"
    with qtbot.waitSignal(groups_stand.view.protect_requested) as asked:
        entries["Protect /b"].trigger()
    assert asked.args == [b"/b", True]
    groups_stand.session.settings = PlayedSettings(protected=("/b",))
    menu = groups_stand.view.photo_menu()
    assert menu is not None
    assert "No longer protect /b" in [each.text() for each in menu.actions()]


def test_marks_do_not_hold_in_a_folder_protected_since(groups_stand: GroupsStand) -> None:
    groups_stand.view.set_groups(pairs(1))
    groups_stand.view.grid.select(0, 1)
    groups_stand.press(KEY.Key_X)
    assert groups_stand.session.stored == {b"/b/1.jpg": REMOVE}
    groups_stand.session.settings = PlayedSettings(protected=("/b",))
    groups_stand.view.set_groups(pairs(1))
    assert groups_stand.session.stored == {}


def test_the_menu(groups_stand: GroupsStand, qtbot: QtBot) -> None:
    groups_stand.view.set_groups(pairs(1))
    groups_stand.view.grid.select(0, 1)
    menu = groups_stand.view.photo_menu()
    assert isinstance(menu, QMenu)
    entries = {each.text(): each for each in menu.actions() if each.text()}
    entries["Copy path"].trigger()
    assert QGuiApplication.clipboard().text() == "/b/1.jpg"
    with qtbot.waitSignal(groups_stand.view.similar_requested) as asked:
        entries["More like this"].trigger()
    assert asked.args[0].path == b"/b/1.jpg"
    entries["Mark for removal"].trigger()
    assert groups_stand.session.stored == {b"/b/1.jpg": REMOVE}


def test_order_and_filter(groups_stand: GroupsStand, qtbot: QtBot) -> None:
    large = group([photo("/z/big.jpg", 90), photo("/y/big.jpg", 91, size=9_000_000)])
    groups_stand.view.set_groups([*pairs(3), large])
    assert groups_stand.view.shown()[0] is large or groups_stand.view.shown()[-1] is large
    groups_stand.view.focus_filter()
    QTest.keyClicks(groups_stand.view.filters.text, "BIG")
    qtbot.waitUntil(lambda: groups_stand.view.shown() == [large])
    groups_stand.view.filters.text.clear()
    qtbot.waitUntil(lambda: len(groups_stand.view.shown()) == 4)
    folders = groups_stand.view.filters.folder
    folders.opening.emit()
    folders.setCurrentIndex(folders.findText("/y"))
    folders.activated.emit(folders.currentIndex())
    qtbot.waitUntil(lambda: groups_stand.view.shown() == [large])


def test_a_filter_that_hides_all_offers_its_end(groups_stand: GroupsStand, qtbot: QtBot) -> None:
    groups_stand.view.set_groups(pairs(2))
    groups_stand.view.filters.text.setText("nowhere")
    qtbot.waitUntil(lambda: not groups_stand.view.shown())
    assert groups_stand.view.pages.currentWidget() is groups_stand.view._empty
    click(groups_stand.view._empty.button)
    qtbot.waitUntil(lambda: len(groups_stand.view.shown()) == 2)
    assert groups_stand.view.pages.currentWidget() is groups_stand.view.grid
