# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""S3 with real keys and clicks over a played session."""

from __future__ import annotations

import time

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QAccessible, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QWidget
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from imgdupe.gui.marks import Marks
from imgdupe.gui.models.group_list import GROUP, GroupListModel
from imgdupe.gui.views.group_menu import ask_whole_group
from imgdupe.match.parted import parted
from imgdupe.records import Group, Kind, Verdict
from tests.gui.groups_stand import GroupsStand
from tests.helpers.groups import PlayedSession, group, pairs, photo
from tests.helpers.windows import click

KEY = Qt.Key
KEEP, REMOVE = Verdict.KEEP, Verdict.REMOVE


def test_shelves_count_and_the_first_filled_one_is_shown(groups_stand: GroupsStand) -> None:
    groups_stand.view.set_groups([*pairs(3), *pairs(2, Kind.BURST, start=10)])
    texts = [groups_stand.view.tabs.tabText(place) for place in range(4)]
    assert texts == [
        "Identical   0",
        "Same picture   3  ·  3.00 MB",
        "Similar shots   2  ·  2.00 MB",
        "Not duplicates   0",
    ]
    assert groups_stand.view.tabs.currentIndex() == 1
    assert len(groups_stand.view.shown()) == 3


def test_keys_decide_the_current_photo(groups_stand: GroupsStand) -> None:
    groups_stand.view.set_groups(pairs(3))
    groups_stand.view.grid.select(0)
    groups_stand.press(KEY.Key_Right)
    assert groups_stand.current == (b"/a/1.jpg", b"/b/1.jpg")
    groups_stand.press(KEY.Key_X)
    assert groups_stand.session.stored == {b"/b/1.jpg": REMOVE}
    groups_stand.press(KEY.Key_U)
    assert groups_stand.session.stored == {}
    groups_stand.press(KEY.Key_P)
    assert groups_stand.session.stored == {b"/b/1.jpg": KEEP}
    groups_stand.press(KEY.Key_Delete)
    assert groups_stand.session.stored == {b"/b/1.jpg": REMOVE}


def test_the_last_copy_stays_and_says_why(groups_stand: GroupsStand) -> None:
    groups_stand.view.set_groups(pairs(1))
    groups_stand.view.grid.select(0)
    groups_stand.press(KEY.Key_X, KEY.Key_Right, KEY.Key_X)
    assert groups_stand.session.stored == {b"/a/1.jpg": REMOVE}
    assert "last copy" in groups_stand.view.toast.text()


def test_enter_accepts_and_goes_on(groups_stand: GroupsStand) -> None:
    groups_stand.view.set_groups(pairs(3))
    groups_stand.view.grid.select(0)
    groups_stand.press(KEY.Key_Return)
    assert groups_stand.session.stored == {b"/a/1.jpg": KEEP, b"/b/1.jpg": REMOVE}
    assert groups_stand.current[0] == b"/a/2.jpg"
    assert "1 photo, 1.00 MB" in groups_stand.view.foot._marked.text()


def test_shift_p_keeps_one_removes_the_rest_and_goes_on(groups_stand: GroupsStand) -> None:
    groups_stand.view.set_groups(pairs(2))
    groups_stand.view.grid.select(0, 1)
    groups_stand.press(KEY.Key_P, shift=True)
    assert groups_stand.session.stored == {b"/b/1.jpg": KEEP, b"/a/1.jpg": REMOVE}
    assert groups_stand.current[0] == b"/a/2.jpg"


def test_arrows_walk_through_photos_and_groups(groups_stand: GroupsStand) -> None:
    groups_stand.view.set_groups(pairs(40))
    groups_stand.view.grid.select(0)
    groups_stand.press(KEY.Key_Right, KEY.Key_Right)
    assert groups_stand.current == (b"/a/2.jpg", b"/a/2.jpg")
    groups_stand.press(KEY.Key_Left)
    assert groups_stand.current == (b"/a/1.jpg", b"/b/1.jpg")
    groups_stand.press(KEY.Key_Down, KEY.Key_Down)
    assert groups_stand.current[0] == b"/a/3.jpg"
    groups_stand.press(KEY.Key_Up, KEY.Key_End)
    assert groups_stand.current[0] == b"/a/40.jpg"
    groups_stand.press(KEY.Key_Home)
    assert groups_stand.current[0] == b"/a/1.jpg"
    groups_stand.press(KEY.Key_PageDown)
    assert groups_stand.view.grid.verticalOffset() > 0
    assert groups_stand.current[0] != b"/a/1.jpg"
    groups_stand.press(KEY.Key_PageUp)
    assert groups_stand.current[0] == b"/a/1.jpg"


def test_accepting_a_page_marks_what_is_in_view_only(
    groups_stand: GroupsStand, qtbot: QtBot
) -> None:
    groups_stand.view.set_groups(pairs(60))
    groups_stand.view.grid.select(0)
    seen = {each.key for each in groups_stand.view.grid.page()}
    assert 4 <= len(seen) < 60
    assert "photos" in groups_stand.view.foot.accept.text()
    click(groups_stand.view.foot.accept)
    removed = [path for path, verdict in groups_stand.session.stored.items() if verdict is REMOVE]
    assert len(removed) == len(seen)
    assert not seen & {each.key for each in groups_stand.view.grid.page()}


def test_another_keeper_and_not_duplicates(groups_stand: GroupsStand) -> None:
    groups = pairs(2)
    groups_stand.view.set_groups(groups)
    groups_stand.view.grid.select(0)
    groups_stand.press(KEY.Key_K)
    assert groups_stand.marks.keeper(groups[0]).photo.path == b"/b/1.jpg"
    groups_stand.press(KEY.Key_N, shift=True)
    assert groups_stand.view.shown() == [groups[1]]
    assert groups_stand.current[0] == b"/a/2.jpg"
    groups_stand.marks.undo_stack.undo()
    assert len(groups_stand.view.shown()) == 2


def test_not_duplicates_have_a_shelf_and_come_back_from_it(groups_stand: GroupsStand) -> None:
    first, second = pairs(2)
    apart = parted(
        [each.photo for each in first.members],
        [tuple(sorted(each.photo.hashes.content for each in first.members))],  # type: ignore[list-item]
    )
    groups_stand.view.set_groups([second], apart)
    groups_stand.view.tabs.setCurrentIndex(3)
    assert groups_stand.view.tabs.tabText(3) == "Not duplicates   1"
    groups_stand.press(KEY.Key_X, KEY.Key_P, KEY.Key_Return)
    assert groups_stand.session.stored == {}
    assert "Nothing is decided here" in groups_stand.view.toast.text()
    groups_stand.session.parted = [first.content_ids]
    click(groups_stand.view.foot.rejoin)
    assert groups_stand.session.parted == []
    groups_stand.marks.undo_stack.undo()
    assert groups_stand.session.parted == [first.content_ids]
    menu = groups_stand.view.photo_menu()
    assert menu is not None
    texts = [each.text() for each in menu.actions()]
    assert "Duplicates again" in texts
    assert "Mark for removal" not in texts


def test_equal_files_cannot_be_called_not_duplicates(groups_stand: GroupsStand) -> None:
    same = group([photo("/a/1.jpg", 1), photo("/b/1.jpg", 2, content=1)], Kind.IDENTICAL)
    groups_stand.view.set_groups([same])
    groups_stand.view.grid.select(0)
    groups_stand.press(KEY.Key_N, shift=True)
    assert groups_stand.session.parted == []
    assert groups_stand.view.shown() == [same]
    assert "byte for byte" in groups_stand.view.toast.text()


def test_clicks_choose_and_open(groups_stand: GroupsStand, qtbot: QtBot) -> None:
    groups = pairs(4)
    groups_stand.view.set_groups(groups)
    groups_stand.click(1, 1)
    assert groups_stand.current == (b"/a/2.jpg", b"/b/2.jpg")
    with qtbot.waitSignal(groups_stand.view.compare_requested) as opened:
        groups_stand.click(2, 0, double=True)
    assert opened.args == [groups[2]]
    with qtbot.waitSignal(groups_stand.view.compare_requested) as opened:
        groups_stand.press(KEY.Key_C)
    assert opened.args == [groups[2]]


def test_growth_leaves_the_view_where_it_is(groups_stand: GroupsStand) -> None:
    groups = pairs(80)
    groups_stand.view.set_groups(groups)
    groups_stand.view.grid.select(50, 1)
    under_pointer = groups_stand.spot(50, 1)
    found = groups_stand.view.grid.hit(under_pointer)
    offset, before = groups_stand.view.grid.verticalOffset(), groups_stand.current
    grown = group([*(m.photo for m in groups[10].members), photo("/c/11.jpg", 900)])
    groups_stand.view.set_groups([*pairs(5, start=200), *groups[:10], grown, *groups[11:]])
    assert groups_stand.current == before
    assert found == (50, 1)
    assert groups_stand.view.grid.hit(under_pointer) == found
    assert groups_stand.view.grid.verticalOffset() == offset
    assert groups_stand.view.shown()[10] is grown
    assert [each.key for each in groups_stand.view.shown()[-5:]] == [
        each.key for each in pairs(5, start=200)
    ]
    card = groups_stand.view.grid.visualRect(groups_stand.view.grid.currentIndex())
    assert card.top() >= 0
    assert offset > 0


def test_removed_groups_keep_what_is_in_view(groups_stand: GroupsStand) -> None:
    groups = pairs(80)
    groups_stand.view.set_groups(groups)
    groups_stand.view.grid.select(60)
    grid = groups_stand.view.grid
    top = grid.page()[0]
    place = grid.visualRect(grid.model_.index(grid.model_.row_of(top.key) or 0)).top()
    before = groups_stand.current
    groups_stand.view.set_groups(groups[8:])
    assert groups_stand.current == before
    row = grid.model_.row_of(top.key)
    assert row is not None
    assert abs(grid.visualRect(grid.model_.index(row)).top() - place) <= grid.layout_.sizes.height


def test_photos_that_do_not_fit_come_into_view_by_key(
    groups_stand: GroupsStand, qtbot: QtBot
) -> None:
    many = group([photo(f"/m/{n}.jpg", n) for n in range(1, 12)])
    groups_stand.view.set_groups([many])
    grid = groups_stand.view.grid
    shown = grid.look(0).shown
    assert shown < 11
    for _ in range(10):
        groups_stand.press(KEY.Key_Right)
    assert groups_stand.current[1] == b"/m/11.jpg"
    assert grid.look(0).first + shown == 11
    groups_stand.click(0, 0)
    assert groups_stand.current[1] == many.members[11 - shown].photo.path


def test_an_empty_shelf_says_what_belongs_there(groups_stand: GroupsStand) -> None:
    groups_stand.view.set_groups(pairs(1))
    groups_stand.view.tabs.setCurrentIndex(0)
    assert "same bytes" in groups_stand.view._empty._text.text()
    assert not groups_stand.view._empty.button.isVisibleTo(groups_stand.view._empty)


def test_the_answer_to_a_step_goes_with_the_next_one(groups_stand: GroupsStand) -> None:
    groups_stand.view.set_groups(pairs(30))
    groups_stand.view.grid.select(0)
    click(groups_stand.view.foot.accept)
    assert "marked on this page" in groups_stand.view.toast.text()
    assert groups_stand.view.toast.isVisible()
    groups_stand.marks.undo_stack.undo()
    assert not groups_stand.view.toast.isVisible()


def test_a_whole_group_is_asked_about(groups_stand: GroupsStand, qtbot: QtBot) -> None:
    groups = pairs(1)
    groups_stand.view.set_groups(groups)
    box = ask_whole_group(groups_stand.marks, groups[0], groups_stand.view)
    box.button(box.StandardButton.Cancel).click()
    assert groups_stand.session.stored == {}
    box = ask_whole_group(groups_stand.marks, groups[0], groups_stand.view)
    next(each for each in box.buttons() if "Mark" in each.text()).click()
    assert [each.keeper for each in groups_stand.marks.removals()] == [None, None]


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


def test_screen_readers_hear_groups_and_names(groups_stand: GroupsStand) -> None:
    groups_stand.view.set_groups(pairs(3))
    groups_stand.marks.remove([pairs(1)[0].members[1].photo])
    interface = QAccessible.queryAccessibleInterface(groups_stand.view.grid)
    assert interface.childCount() == 3
    spoken = interface.child(0).text(QAccessible.Text.Name)
    assert "Group 1 of 3" in spoken
    assert "98 % resized" in spoken
    assert "1.jpg, remove" in spoken
    nameless = [
        each
        for each in groups_stand.view.findChildren(QAbstractButton)
        if not (each.text() or each.accessibleName() or each.toolTip())
        and each.isVisibleTo(groups_stand.view)
    ]
    # the clear button of the filter is Qt's own
    assert [
        each
        for each in nameless
        if not isinstance(each.parent(), type(groups_stand.view.filters.text))
    ] == []


def test_a_thumbnail_appears_and_marks_are_drawn(groups_stand: GroupsStand, qtbot: QtBot) -> None:
    groups_stand.view.set_groups(pairs(2))
    qtbot.waitUntil(lambda: groups_stand.thumbs.pixmap(pairs(1)[0].members[0].photo) is not None)
    plain = _picture(groups_stand.view.grid)
    groups_stand.view.grid.select(0, 1)
    groups_stand.press(KEY.Key_X)
    assert _picture(groups_stand.view.grid) != plain


def test_fifty_thousand_groups_are_light(groups_stand: GroupsStand, qtbot: QtBot) -> None:
    """Generous limits: a busy machine must not fail it, a quadratic list must."""
    groups = pairs(50_000)
    began = time.perf_counter()
    groups_stand.view.set_groups(groups)
    assert time.perf_counter() - began < 15
    grid, bar = groups_stand.view.grid, groups_stand.view.grid.verticalScrollBar()
    began = time.perf_counter()
    for step in range(100):
        bar.setValue(bar.maximum() * step // 100)
        grid.viewport().repaint()
    assert (time.perf_counter() - began) / 100 < 0.15
    grid.select(49_999)
    assert groups_stand.current[0] == groups[-1].members[0].photo.path or groups_stand.current
    assert grid.visualRect(grid.currentIndex()).intersects(grid.viewport().rect())


def _picture(widget: QWidget) -> QImage:
    QTest.qWait(0)
    widget.repaint()
    return widget.grab().toImage()


def test_focus_changes_repaint_only(groups_stand: GroupsStand) -> None:
    groups_stand.view.set_groups(pairs(2))
    groups_stand.view.grid.setFocus()
    groups_stand.view.filters.text.setFocus()
    groups_stand.view.changeEvent(QEvent(QEvent.Type.PaletteChange))
    assert isinstance(groups_stand.view.grid.group(), Group)
