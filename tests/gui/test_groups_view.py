# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""S3 with real keys and clicks over a played session."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import cast

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QAccessible, QGuiApplication, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QMenu, QWidget
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from imgdupe.engine.session import Session
from imgdupe.gui.jobs import Jobs
from imgdupe.gui.marks import Marks
from imgdupe.gui.models.group_list import GROUP, GroupListModel
from imgdupe.gui.thumbnails import Thumbnails
from imgdupe.gui.views.groups import GroupsView
from imgdupe.match.parted import parted
from imgdupe.records import Group, Kind, Verdict
from tests.helpers.groups import PlayedSession, group, pairs, photo
from tests.helpers.windows import click

KEY = Qt.Key
KEEP, REMOVE = Verdict.KEEP, Verdict.REMOVE


class Stand:
    """The view and what it stands on."""

    def __init__(self, qtbot: QtBot, jobs: Jobs) -> None:
        self.session = PlayedSession()
        session = cast("Session", self.session)
        self.marks = Marks(session)
        self.thumbs = Thumbnails(session)
        self.view = GroupsView(session, jobs, self.marks, self.thumbs)
        qtbot.addWidget(self.view)
        self.view.resize(1000, 700)
        self.view.show()

    def press(self, *keys: Qt.Key, shift: bool = False) -> None:
        modifier = Qt.KeyboardModifier.ShiftModifier if shift else Qt.KeyboardModifier.NoModifier
        for key in keys:
            QTest.keyClick(self.view.grid, key, modifier)

    def click(self, row: int, place: int, *, double: bool = False) -> None:
        grid = self.view.grid
        card = grid.visualRect(grid.model_.index(row))
        spot = card.topLeft() + QPoint(40 + place * grid._sizes.column, card.height() // 2)
        press = QTest.mouseDClick if double else QTest.mouseClick
        press(grid.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, spot)

    @property
    def current(self) -> tuple[bytes, bytes]:
        found, chosen = self.view.grid.group(), self.view.grid.photo()
        assert found is not None
        assert chosen is not None
        return found.members[0].photo.path, chosen.path


@pytest.fixture
def stand(qtbot: QtBot, jobs: Jobs, dark: None) -> Iterator[Stand]:
    made = Stand(qtbot, jobs)
    yield made
    made.thumbs.close()


def test_shelves_count_and_the_first_filled_one_is_shown(stand: Stand) -> None:
    stand.view.set_groups([*pairs(3), *pairs(2, Kind.BURST, start=10)])
    texts = [stand.view.tabs.tabText(place) for place in range(4)]
    assert texts == [
        "Identical   0",
        "Same picture   3  ·  3.00 MB",
        "Similar shots   2  ·  2.00 MB",
        "Not duplicates   0",
    ]
    assert stand.view.tabs.currentIndex() == 1
    assert len(stand.view.shown()) == 3


def test_keys_decide_the_current_photo(stand: Stand) -> None:
    stand.view.set_groups(pairs(3))
    stand.view.grid.select(0)
    stand.press(KEY.Key_Right)
    assert stand.current == (b"/a/1.jpg", b"/b/1.jpg")
    stand.press(KEY.Key_X)
    assert stand.session.stored == {b"/b/1.jpg": REMOVE}
    stand.press(KEY.Key_U)
    assert stand.session.stored == {}
    stand.press(KEY.Key_P)
    assert stand.session.stored == {b"/b/1.jpg": KEEP}
    stand.press(KEY.Key_Delete)
    assert stand.session.stored == {b"/b/1.jpg": REMOVE}


def test_the_last_copy_stays_and_says_why(stand: Stand) -> None:
    stand.view.set_groups(pairs(1))
    stand.view.grid.select(0)
    stand.press(KEY.Key_X, KEY.Key_Right, KEY.Key_X)
    assert stand.session.stored == {b"/a/1.jpg": REMOVE}
    assert "last copy" in stand.view.foot._message.text()


def test_enter_accepts_and_goes_on(stand: Stand) -> None:
    stand.view.set_groups(pairs(3))
    stand.view.grid.select(0)
    stand.press(KEY.Key_Return)
    assert stand.session.stored == {b"/a/1.jpg": KEEP, b"/b/1.jpg": REMOVE}
    assert stand.current[0] == b"/a/2.jpg"
    assert "1 photo, 1.00 MB" in stand.view.foot._marked.text()


def test_shift_p_keeps_one_removes_the_rest_and_goes_on(stand: Stand) -> None:
    stand.view.set_groups(pairs(2))
    stand.view.grid.select(0, 1)
    stand.press(KEY.Key_P, shift=True)
    assert stand.session.stored == {b"/b/1.jpg": KEEP, b"/a/1.jpg": REMOVE}
    assert stand.current[0] == b"/a/2.jpg"


def test_arrows_walk_through_photos_and_groups(stand: Stand) -> None:
    stand.view.set_groups(pairs(40))
    stand.view.grid.select(0)
    stand.press(KEY.Key_Right, KEY.Key_Right)
    assert stand.current == (b"/a/2.jpg", b"/a/2.jpg")
    stand.press(KEY.Key_Left)
    assert stand.current == (b"/a/1.jpg", b"/b/1.jpg")
    stand.press(KEY.Key_Down, KEY.Key_Down)
    assert stand.current[0] == b"/a/3.jpg"
    stand.press(KEY.Key_Up, KEY.Key_End)
    assert stand.current[0] == b"/a/40.jpg"
    stand.press(KEY.Key_Home)
    assert stand.current[0] == b"/a/1.jpg"
    stand.press(KEY.Key_PageDown)
    assert stand.view.grid.verticalOffset() > 0
    assert stand.current[0] != b"/a/1.jpg"
    stand.press(KEY.Key_PageUp)
    assert stand.current[0] == b"/a/1.jpg"


def test_accepting_a_page_marks_what_is_in_view_only(stand: Stand, qtbot: QtBot) -> None:
    stand.view.set_groups(pairs(60))
    stand.view.grid.select(0)
    seen = {each.key for each in stand.view.grid.page()}
    assert 4 <= len(seen) < 60
    assert "photos" in stand.view.foot.accept.text()
    click(stand.view.foot.accept)
    removed = [path for path, verdict in stand.session.stored.items() if verdict is REMOVE]
    assert len(removed) == len(seen)
    assert not seen & {each.key for each in stand.view.grid.page()}


def test_another_keeper_and_not_duplicates(stand: Stand) -> None:
    groups = pairs(2)
    stand.view.set_groups(groups)
    stand.view.grid.select(0)
    stand.press(KEY.Key_K)
    assert stand.marks.keeper(groups[0]).photo.path == b"/b/1.jpg"
    stand.press(KEY.Key_N, shift=True)
    assert stand.view.shown() == [groups[1]]
    assert stand.current[0] == b"/a/2.jpg"
    stand.marks.undo_stack.undo()
    assert len(stand.view.shown()) == 2


def test_not_duplicates_have_a_shelf_and_come_back_from_it(stand: Stand) -> None:
    first, second = pairs(2)
    apart = parted(
        [each.photo for each in first.members],
        [tuple(sorted(each.photo.hashes.content for each in first.members))],  # type: ignore[list-item]
    )
    stand.view.set_groups([second], apart)
    stand.view.tabs.setCurrentIndex(3)
    assert stand.view.tabs.tabText(3) == "Not duplicates   1"
    stand.press(KEY.Key_X, KEY.Key_P, KEY.Key_Return)
    assert stand.session.stored == {}
    assert "Nothing is decided here" in stand.view.foot._message.text()
    stand.session.parted = [first.content_ids]
    click(stand.view.foot.rejoin)
    assert stand.session.parted == []
    stand.marks.undo_stack.undo()
    assert stand.session.parted == [first.content_ids]
    menu = stand.view.photo_menu()
    assert menu is not None
    texts = [each.text() for each in menu.actions()]
    assert "Duplicates again" in texts
    assert "Mark for removal" not in texts


def test_equal_files_cannot_be_called_not_duplicates(stand: Stand) -> None:
    same = group([photo("/a/1.jpg", 1), photo("/b/1.jpg", 2, content=1)], Kind.IDENTICAL)
    stand.view.set_groups([same])
    stand.view.grid.select(0)
    stand.press(KEY.Key_N, shift=True)
    assert stand.session.parted == []
    assert stand.view.shown() == [same]
    assert "byte for byte" in stand.view.foot._message.text()


def test_clicks_choose_and_open(stand: Stand, qtbot: QtBot) -> None:
    groups = pairs(4)
    stand.view.set_groups(groups)
    stand.click(1, 1)
    assert stand.current == (b"/a/2.jpg", b"/b/2.jpg")
    with qtbot.waitSignal(stand.view.compare_requested) as opened:
        stand.click(2, 0, double=True)
    assert opened.args == [groups[2]]
    with qtbot.waitSignal(stand.view.compare_requested) as opened:
        stand.press(KEY.Key_C)
    assert opened.args == [groups[2]]


def test_growth_leaves_the_view_where_it_is(stand: Stand) -> None:
    groups = pairs(80)
    stand.view.set_groups(groups)
    stand.view.grid.select(50, 1)
    offset, before = stand.view.grid.verticalOffset(), stand.current
    grown = group([*(m.photo for m in groups[10].members), photo("/c/11.jpg", 900)])
    stand.view.set_groups([*pairs(5, start=200), *groups[:10], grown, *groups[11:]])
    assert stand.current == before
    assert stand.view.shown()[10] is grown
    assert [each.key for each in stand.view.shown()[-5:]] == [
        each.key for each in pairs(5, start=200)
    ]
    card = stand.view.grid.visualRect(stand.view.grid.currentIndex())
    assert card.top() >= 0
    assert offset > 0


def test_removed_groups_keep_what_is_in_view(stand: Stand) -> None:
    groups = pairs(80)
    stand.view.set_groups(groups)
    stand.view.grid.select(60)
    grid = stand.view.grid
    top = grid.page()[0]
    place = grid.visualRect(grid.model_.index(grid.model_.row_of(top.key) or 0)).top()
    before = stand.current
    stand.view.set_groups(groups[8:])
    assert stand.current == before
    row = grid.model_.row_of(top.key)
    assert row is not None
    assert abs(grid.visualRect(grid.model_.index(row)).top() - place) <= grid._sizes.height


def test_photos_that_do_not_fit_come_into_view_by_key(stand: Stand, qtbot: QtBot) -> None:
    many = group([photo(f"/m/{n}.jpg", n) for n in range(1, 12)])
    stand.view.set_groups([many])
    grid = stand.view.grid
    shown = grid._look(0).shown
    assert shown < 11
    for _ in range(10):
        stand.press(KEY.Key_Right)
    assert stand.current[1] == b"/m/11.jpg"
    assert grid._look(0).first + shown == 11
    stand.click(0, 0)
    assert stand.current[1] == many.members[11 - shown].photo.path


def test_order_and_filter(stand: Stand, qtbot: QtBot) -> None:
    large = group([photo("/z/big.jpg", 90), photo("/y/big.jpg", 91, size=9_000_000)])
    stand.view.set_groups([*pairs(3), large])
    assert stand.view.shown()[0] is large or stand.view.shown()[-1] is large
    stand.view.focus_filter()
    QTest.keyClicks(stand.view.filters.text, "BIG")
    qtbot.waitUntil(lambda: stand.view.shown() == [large])
    stand.view.filters.text.clear()
    qtbot.waitUntil(lambda: len(stand.view.shown()) == 4)
    folders = stand.view.filters.folder
    folders.opening.emit()
    folders.setCurrentIndex(folders.findText("/y"))
    folders.activated.emit(folders.currentIndex())
    qtbot.waitUntil(lambda: stand.view.shown() == [large])


def test_a_filter_that_hides_all_offers_its_end(stand: Stand, qtbot: QtBot) -> None:
    stand.view.set_groups(pairs(2))
    stand.view.filters.text.setText("nowhere")
    qtbot.waitUntil(lambda: not stand.view.shown())
    assert stand.view.pages.currentWidget() is stand.view._empty
    click(stand.view._empty.button)
    qtbot.waitUntil(lambda: len(stand.view.shown()) == 2)
    assert stand.view.pages.currentWidget() is stand.view.grid


def test_an_empty_shelf_says_what_belongs_there(stand: Stand) -> None:
    stand.view.set_groups(pairs(1))
    stand.view.tabs.setCurrentIndex(0)
    assert "same bytes" in stand.view._empty._text.text()
    assert not stand.view._empty.button.isVisibleTo(stand.view._empty)


def test_the_menu(stand: Stand, qtbot: QtBot) -> None:
    stand.view.set_groups(pairs(1))
    stand.view.grid.select(0, 1)
    menu = stand.view.photo_menu()
    assert isinstance(menu, QMenu)
    entries = {each.text(): each for each in menu.actions() if each.text()}
    entries["Copy path"].trigger()
    assert QGuiApplication.clipboard().text() == "/b/1.jpg"
    with qtbot.waitSignal(stand.view.similar_requested) as asked:
        entries["More like this"].trigger()
    assert asked.args[0].path == b"/b/1.jpg"
    entries["Mark for removal"].trigger()
    assert stand.session.stored == {b"/b/1.jpg": REMOVE}


def test_a_whole_group_is_asked_about(stand: Stand, qtbot: QtBot) -> None:
    groups = pairs(1)
    stand.view.set_groups(groups)
    box = stand.view.ask_whole_group(groups[0])
    box.button(box.StandardButton.Cancel).click()
    assert stand.session.stored == {}
    box = stand.view.ask_whole_group(groups[0])
    next(each for each in box.buttons() if "Mark" in each.text()).click()
    assert [each.keeper for each in stand.marks.removals()] == [None, None]


def test_the_model_keeps_qt_s_rules(qtmodeltester: ModelTester, qapp: object) -> None:
    marks = Marks(PlayedSession())
    model = GroupListModel(marks)
    qtmodeltester.check(model)  # type: ignore[no-untyped-call]
    model.show(pairs(5))
    model.show(pairs(9), in_place=True)
    model.show(pairs(3, start=4), in_place=True)
    model.show([])
    model.show(pairs(2))
    marks.set_groups(pairs(2))
    marks.remove([pairs(1)[0].members[1].photo])
    assert model.index(0).data(GROUP) == pairs(2)[0]


def test_screen_readers_hear_groups_and_names(stand: Stand) -> None:
    stand.view.set_groups(pairs(3))
    stand.marks.remove([pairs(1)[0].members[1].photo])
    interface = QAccessible.queryAccessibleInterface(stand.view.grid)
    assert interface.childCount() == 3
    spoken = interface.child(0).text(QAccessible.Text.Name)
    assert "Group 1 of 3" in spoken
    assert "98 % resized" in spoken
    assert "1.jpg, remove" in spoken
    nameless = [
        each
        for each in stand.view.findChildren(QAbstractButton)
        if not (each.text() or each.accessibleName() or each.toolTip())
        and each.isVisibleTo(stand.view)
    ]
    # the clear button of the filter is Qt's own
    assert [
        each for each in nameless if not isinstance(each.parent(), type(stand.view.filters.text))
    ] == []


def test_a_thumbnail_appears_and_marks_are_drawn(stand: Stand, qtbot: QtBot) -> None:
    stand.view.set_groups(pairs(2))
    qtbot.waitUntil(lambda: stand.thumbs.pixmap(pairs(1)[0].members[0].photo) is not None)
    plain = _picture(stand.view.grid)
    stand.view.grid.select(0, 1)
    stand.press(KEY.Key_X)
    assert _picture(stand.view.grid) != plain


def test_fifty_thousand_groups_are_light(stand: Stand, qtbot: QtBot) -> None:
    """Generous limits: a busy machine must not fail it, a quadratic list must."""
    groups = pairs(50_000)
    began = time.perf_counter()
    stand.view.set_groups(groups)
    assert time.perf_counter() - began < 15
    grid, bar = stand.view.grid, stand.view.grid.verticalScrollBar()
    began = time.perf_counter()
    for step in range(100):
        bar.setValue(bar.maximum() * step // 100)
        grid.viewport().repaint()
    assert (time.perf_counter() - began) / 100 < 0.15
    grid.select(49_999)
    assert stand.current[0] == groups[-1].members[0].photo.path or stand.current
    assert grid.visualRect(grid.currentIndex()).intersects(grid.viewport().rect())


def _picture(widget: QWidget) -> QImage:
    QTest.qWait(0)
    widget.repaint()
    return widget.grab().toImage()


def test_focus_changes_repaint_only(stand: Stand) -> None:
    stand.view.set_groups(pairs(2))
    stand.view.grid.setFocus()
    stand.view.filters.text.setFocus()
    stand.view.changeEvent(QEvent(QEvent.Type.PaletteChange))
    assert isinstance(stand.view.grid.group(), Group)
