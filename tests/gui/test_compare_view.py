# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""S4 with real files, keys and mouse."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QAccessible, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from imgdupe.gui.marks import Marks
from imgdupe.gui.models.facts import FactsModel
from imgdupe.gui.models.member_list import MemberListModel
from imgdupe.gui.views.overlay_pane import Mode
from imgdupe.gui.views.picture_pane import Gaze, PicturePane
from imgdupe.records import Evidence, Kind, PhotoRecord, Verdict
from tests.gui.compare_stand import Stand, grab
from tests.helpers.groups import PlayedSession, group, jpeg, pairs, photo
from tests.helpers.windows import button

KEY = Qt.Key
KEEP, REMOVE = Verdict.KEEP, Verdict.REMOVE


def test_the_keeper_is_left_and_arrows_change_the_candidate(
    stand: Stand, files: list[PhotoRecord]
) -> None:
    stand.open([group(files)])
    assert stand.names == ("whole.jpg", "small.jpg")
    stand.press(KEY.Key_Right)
    assert stand.names == ("whole.jpg", "turned.jpg")
    stand.press(KEY.Key_Left, KEY.Key_Left)
    assert stand.names == ("whole.jpg", "crop.jpg")


def test_keys_decide_the_pane_with_the_ring(stand: Stand, files: list[PhotoRecord]) -> None:
    stand.open([group(files)])
    stand.press(KEY.Key_X)
    assert stand.session.stored == {files[1].path: REMOVE}
    assert "REMOVE" in stand.view.words.captions[1].text()
    QTest.mouseClick(stand.view.left, Qt.MouseButton.LeftButton)
    stand.press(KEY.Key_P)
    assert stand.session.stored == {files[1].path: REMOVE, files[0].path: KEEP}
    stand.press(KEY.Key_U)
    assert stand.session.stored == {files[1].path: REMOVE}


def test_buttons_do_what_the_keys_do(stand: Stand, files: list[PhotoRecord]) -> None:
    stand.open([group(files[:2]), *pairs(1, start=9)])
    button(stand.view, "Remove").click()
    assert stand.session.stored == {files[1].path: REMOVE}
    button(stand.view, "Keep").click()
    assert stand.session.stored == {files[1].path: KEEP}
    button(stand.view, "Keep this, remove the rest").click()
    assert stand.session.stored == {files[1].path: KEEP, files[0].path: REMOVE}
    assert stand.names == ("9.jpg", "9.jpg")


def test_groups_are_walked_and_the_last_one_is_told(stand: Stand) -> None:
    stand.open(pairs(3), 1)
    assert "2 of 3" in stand.view.head.title.text()
    stand.press(KEY.Key_Return)
    assert stand.session.stored == {b"/a/2.jpg": KEEP, b"/b/2.jpg": REMOVE}
    assert "3 of 3" in stand.view.head.title.text()
    stand.press(KEY.Key_P, shift=True)
    assert stand.view.message.text() == "This was the last group."
    stand.press(KEY.Key_Up, KEY.Key_Up, KEY.Key_Up)
    assert "1 of 3" in stand.view.head.title.text()
    assert not stand.view.head.previous.isEnabled()


def test_the_last_copy_is_refused_with_a_word(stand: Stand, files: list[PhotoRecord]) -> None:
    stand.open([group(files[:2])])
    stand.press(KEY.Key_X)
    QTest.mouseClick(stand.view.left, Qt.MouseButton.LeftButton)
    stand.press(KEY.Key_X)
    assert "last copy" in stand.view.message.text()
    assert stand.session.stored == {files[1].path: REMOVE}


def test_not_duplicates_leaves_the_list(stand: Stand, qtbot: QtBot) -> None:
    stand.open(pairs(2))
    stand.press(KEY.Key_N, shift=True)
    assert "1 of 1" in stand.view.head.title.text()
    with qtbot.waitSignal(stand.view.closed):
        stand.press(KEY.Key_N, shift=True)
    assert len(stand.session.parted) == 2


def test_k_puts_another_photo_on_the_left(stand: Stand, files: list[PhotoRecord]) -> None:
    stand.open([group(files)])
    stand.press(KEY.Key_K)
    assert stand.names == ("small.jpg", "whole.jpg")


def test_g_goes_back(stand: Stand, qtbot: QtBot) -> None:
    stand.open(pairs(1))
    for key in (KEY.Key_G, KEY.Key_Escape):
        with qtbot.waitSignal(stand.view.closed):
            stand.press(key)


def test_zoom_is_linked_in_the_scene(stand: Stand, files: list[PhotoRecord]) -> None:
    stand.open([group(files[:2])])
    stand.view.left.zoom_to(1.0, QPointF(100, 100))
    left, right = stand.view.left.gaze(), stand.view.right.gaze()
    assert left.scale == pytest.approx(1.0)
    assert right.scale == pytest.approx(2.0)
    assert right.centre == pytest.approx(left.centre)
    assert stand.view.head.zoom.text() == "200 %"
    stand.view.head.linked.setChecked(False)
    stand.view.right.toggle_zoom()
    assert stand.view.right.gaze().whole
    assert not stand.view.left.gaze().whole


def test_zoom_follows_a_turn_and_a_crop(stand: Stand, files: list[PhotoRecord]) -> None:
    turned = group([files[0], files[2]], Kind.EDITED, evidence=Evidence(turn=3))
    stand.open([turned])
    stand.view.left.zoom_to(2.0, QPointF(60, 80))
    u, v = stand.view.left.gaze().centre
    # turned.jpg is the whole turned against the clock: right becomes up
    assert stand.view.right.gaze().centre == pytest.approx((v, 1 - u))
    crop = Evidence(transform=(2.0, 0, -0.5, 0, 2.0, -0.5))
    stand.open([group([files[0], files[3]], Kind.EDITED, evidence=crop)])
    stand.view.left.zoom_to(1.5)
    assert stand.view.right.gaze().scale == pytest.approx(1.5)
    assert stand.view.right.gaze().centre == pytest.approx((0.5, 0.5), abs=0.01)


def test_space_shows_one_picture_pixel_on_one_device_pixel(
    stand: Stand, files: list[PhotoRecord], qtbot: QtBot
) -> None:
    stand.open([group(files[:2])])
    pane = stand.view.left
    qtbot.waitUntil(lambda: stand.view._pictures.full(files[0]) is not None)
    stand.press(KEY.Key_Space)
    stand.view.left.set_gaze(Gaze(whole=False, centre=(0.5, 0.5), scale=1.0))
    shown, full = grab(pane), stand.view._pictures.full(files[0])
    assert full is not None
    origin = pane.placement().map(QPointF(0, 0))
    spot = QPoint(pane.width() // 2, pane.height() // 2)
    source = spot - origin.toPoint()
    assert shown.pixelColor(spot) == full.pixelColor(source)
    stand.press(KEY.Key_Z)
    assert stand.view.right.gaze().whole


def test_the_wheel_keeps_what_is_under_the_pointer(stand: Stand, files: list[PhotoRecord]) -> None:
    stand.open([group(files[:2])])
    pane, point = stand.view.left, QPointF(200, 150)
    pane.zoom_to(0.8, point)
    before = pane.unit_at(point)
    _wheel(pane, point, 120)
    after = pane.unit_at(point)
    assert pane.scale == pytest.approx(1.0)
    assert (after.x(), after.y()) == pytest.approx((before.x(), before.y()), abs=0.003)
    for _ in range(12):
        _wheel(pane, point, -120)
    assert pane.gaze().whole


def test_dragging_moves_both(stand: Stand, files: list[PhotoRecord]) -> None:
    stand.open([group(files[:2])])
    pane = stand.view.left
    pane.zoom_to(2.0)
    before, start = pane.gaze().centre, QPoint(200, 150)
    QTest.mousePress(pane, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, start)
    QTest.mouseMove(pane, start + QPoint(-60, -30))
    QTest.mouseRelease(pane, Qt.MouseButton.LeftButton)
    after = pane.gaze().centre
    assert after[0] - before[0] == pytest.approx(60 / 2400, abs=0.002)
    assert after[1] - before[1] == pytest.approx(30 / 1600, abs=0.002)
    assert stand.view.right.gaze().centre == pytest.approx(after)


def test_modes_by_key(stand: Stand, files: list[PhotoRecord]) -> None:
    stand.open([group(files[:2])])
    modes = []
    for key in (KEY.Key_V, KEY.Key_D, KEY.Key_D):
        stand.press(key)
        modes.append(stand.view.mode)
    QTest.keyPress(stand.view, KEY.Key_B)
    modes.append(stand.view.mode)
    QTest.keyRelease(stand.view, KEY.Key_B)
    modes.append(stand.view.mode)
    stand.press(KEY.Key_V, KEY.Key_C)
    modes.append(stand.view.mode)
    side = Mode.SIDE
    assert modes == [Mode.WIPE, Mode.DIFFERENCE, side, Mode.BLINK, side, side]
    stand.press(KEY.Key_I)
    assert stand.view.facts.isHidden()
    stand.press(KEY.Key_L)
    assert stand.view.head.isHidden()
    stand.press(KEY.Key_L)
    assert stand.view.foot.isVisible()


def test_blink_shows_them_in_turns(stand: Stand, files: list[PhotoRecord], qtbot: QtBot) -> None:
    stand.open([group(files[:2])])
    stand.view.set_mode(Mode.BLINK)
    qtbot.waitUntil(lambda: stand.view.overlay._second)
    qtbot.waitUntil(lambda: not stand.view.overlay._second)


def test_the_line_of_the_wipe_is_dragged(
    stand: Stand, files: list[PhotoRecord], qtbot: QtBot
) -> None:
    stand.open([group([files[0], files[1]])])
    stand.view.set_mode(Mode.WIPE)
    pane = stand.view.overlay
    middle = QPoint(pane.width() // 2, 40)
    QTest.mousePress(pane, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, middle)
    QTest.mouseMove(pane, QPoint(pane.width() // 4, 40))
    QTest.mouseRelease(pane, Qt.MouseButton.LeftButton)
    assert pane._line == pytest.approx(0.25, abs=0.01)
    assert pane.gaze().whole


def test_the_difference_is_drawn_when_both_are_read(
    stand: Stand, files: list[PhotoRecord], qtbot: QtBot
) -> None:
    stand.open([group(files[:2])])
    stand.view.set_mode(Mode.DIFFERENCE)
    qtbot.waitUntil(lambda: stand.view.overlay._difference is not None)
    assert "Difference" in stand.view.overlay.accessibleName()


def test_facts_say_what_differs(stand: Stand) -> None:
    left = photo("/a/IMG.jpg", 1, taken_at="2024-05-01T10:00:00", rating=5, camera="X-T4")
    right = photo("/b/IMG (1).jpg", 2, size=600_000, taken_at="2024-05-01T10:00:00")
    stand.open([group([left, right])])
    facts = {each.label: each for each in stand.view.facts.model_.facts()}
    assert not facts["Taken"].differs
    assert facts["Size"].differs
    assert facts["Rating"].left == "★★★★★"
    model = stand.view.facts.model_
    rows = {model.index(row, 0).data(): row for row in range(model.rowCount())}
    assert model.index(rows["Taken"], 2).data() == "same"
    assert model.index(rows["Size"], 2).data() == "≠ 600 kB"
    assert model.index(rows["Rating"], 2).data() == "≠ (none)"
    assert "Lens" not in rows


def test_the_reason_is_given_in_words(stand: Stand) -> None:
    evidence = Evidence(2, 10, 0.987, 0.008, notes=("same camera and second",))
    stand.open([group([photo("/a.jpg", 1), photo("/b.jpg", 2)], evidence=evidence)])
    text = stand.view.words.why.text()
    assert text.startswith("Why: 98 % resized")
    for words in ("pHash 2 of 64", "ResNet 0.987", "difference 0.8 %", "same camera and second"):
        assert words in text


def test_a_picture_that_cannot_be_read_says_why(
    stand: Stand, files: list[PhotoRecord], qtbot: QtBot
) -> None:
    lost = replace(files[1], content_id=77, file=replace(files[1].file, path=b"/nowhere/x.jpg"))
    stand.session.picture = None
    stand.open([group([files[0], lost])])
    qtbot.waitUntil(lambda: stand.view._pictures.failure(lost) is not None)
    assert stand.view.right.image_of(lost, 1.0) is None
    without = grab(stand.view.right)
    stand.session.picture = jpeg()
    stand.thumbs._none.clear()
    qtbot.waitUntil(lambda: stand.thumbs.pixmap(lost) is not None)
    assert grab(stand.view.right) != without
    assert "not there" in (stand.view._pictures.failure(lost) or "")


def test_every_control_has_a_name(stand: Stand, files: list[PhotoRecord]) -> None:
    stand.open([group(files)])
    for widget in stand.view.findChildren(QWidget):
        if widget.focusPolicy() == Qt.FocusPolicy.NoFocus or not widget.isVisible():
            continue
        interface = QAccessible.queryAccessibleInterface(widget)
        assert interface.text(QAccessible.Text.Name), widget


def test_models_keep_qt_s_rules(
    qtmodeltester: ModelTester, qapp: QApplication, files: list[PhotoRecord]
) -> None:
    marks = Marks(PlayedSession())
    members = MemberListModel(marks)
    qtmodeltester.check(members)  # type: ignore[no-untyped-call]
    members.show(group(files))
    members.show(None)
    facts = FactsModel()
    qtmodeltester.check(facts)  # type: ignore[no-untyped-call]
    facts.show(files[0], files[1])
    facts.show(files[0], None)


def _wheel(pane: PicturePane, point: QPointF, turn: int) -> None:
    event = QWheelEvent(
        point,
        pane.mapToGlobal(point),
        QPoint(),
        QPoint(0, turn),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(pane, event)
