# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""S4 with real files, keys and mouse."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import cast

import pytest
from PIL import Image
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QAccessible, QImage, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from imgdupe.engine.session import Session
from imgdupe.gui.jobs import Jobs
from imgdupe.gui.marks import Marks
from imgdupe.gui.models.facts import FactsModel
from imgdupe.gui.models.member_list import MemberListModel
from imgdupe.gui.thumbnails import Thumbnails
from imgdupe.gui.views.compare import CompareView
from imgdupe.gui.views.overlay_pane import Mode
from imgdupe.gui.views.picture_pane import Gaze, PicturePane
from imgdupe.records import Evidence, Group, Kind, PhotoRecord, Verdict
from tests.helpers.groups import PlayedSession, group, jpeg, pairs, photo
from tests.helpers.photos import make_photo
from tests.helpers.windows import button

KEY = Qt.Key
KEEP, REMOVE = Verdict.KEEP, Verdict.REMOVE


def on_disk(folder: Path, name: str, number: int, image: Image.Image) -> PhotoRecord:
    path = folder / name
    image.save(path, quality=92)
    return photo(str(path), number, width=image.width, height=image.height)


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> list[PhotoRecord]:
    """One picture of 1200 x 800, a smaller copy, its quarter turn and a crop."""
    folder = tmp_path_factory.mktemp("pictures")
    whole = make_photo(7, (1200, 800))
    return [
        on_disk(folder, "whole.jpg", 1, whole),
        on_disk(folder, "small.jpg", 2, whole.resize((600, 400))),
        on_disk(folder, "turned.jpg", 3, whole.transpose(Image.Transpose.ROTATE_90)),
        on_disk(folder, "crop.jpg", 4, whole.crop((300, 200, 900, 600))),
    ]


class Stand:
    """The view and what it stands on."""

    def __init__(self, qtbot: QtBot, jobs: Jobs) -> None:
        self.session = PlayedSession()
        session = cast("Session", self.session)
        self.marks = Marks(session)
        self.thumbs = Thumbnails(session)
        self.view = CompareView(session, jobs, self.marks, self.thumbs)
        qtbot.addWidget(self.view)
        self.view.resize(1000, 800)
        self.view.show()

    def open(self, groups: list[Group], index: int = 0) -> None:
        self.marks.set_groups(groups)
        self.view.show_group(groups, index)

    def press(self, *keys: Qt.Key, shift: bool = False) -> None:
        modifier = Qt.KeyboardModifier.ShiftModifier if shift else Qt.KeyboardModifier.NoModifier
        for key in keys:
            QTest.keyClick(self.view, key, modifier)

    @property
    def names(self) -> tuple[str, str]:
        return tuple(  # type: ignore[return-value]
            each.photo.path.decode().rsplit("/", 1)[1] if each else "" for each in self.view.pair()
        )


@pytest.fixture
def stand(qtbot: QtBot, jobs: Jobs, dark: None) -> Iterator[Stand]:
    made = Stand(qtbot, jobs)
    yield made
    made.view.close_pictures()
    made.thumbs.close()


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
    shown, full = _grab(pane), stand.view._pictures.full(files[0])
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


def test_survey_shows_all_and_the_keys_act_on_the_ringed_one(
    stand: Stand, files: list[PhotoRecord]
) -> None:
    stand.open([group(files)])
    stand.press(KEY.Key_N)
    grid = stand.view.grid
    assert [pane.photo() for pane in grid.shown()] == files
    assert all(pane.isVisible() for pane in grid.shown())
    assert stand.view.words.captions[0].isHidden()
    stand.press(KEY.Key_Right, KEY.Key_X)
    assert grid.active().photo() == files[2]
    assert stand.session.stored == {files[2].path: REMOVE}
    assert [pane.aids.look.letter if pane.aids.look else "" for pane in grid.shown()] == [
        "K",
        "X",
        "X",
        "X",
    ]
    QTest.mouseClick(grid.panes[3], Qt.MouseButton.LeftButton)
    stand.press(KEY.Key_P)
    assert stand.session.stored == {files[2].path: REMOVE, files[3].path: KEEP}
    assert stand.names == ("whole.jpg", "crop.jpg")
    stand.press(KEY.Key_N)
    assert [pane.photo() for pane in grid.shown()] == [files[0], files[3]]


def test_survey_turns_pages_of_eight(stand: Stand) -> None:
    many = [photo(f"/a/{number}.jpg", number) for number in range(1, 12)]
    stand.open([group(many)])
    stand.press(KEY.Key_N)
    grid = stand.view.grid
    assert [pane.photo() for pane in grid.shown()] == many[:8]
    stand.press(KEY.Key_Left)
    assert [pane.photo() for pane in grid.shown()] == [many[0], *many[8:]]
    assert grid.active().photo() == many[-1]


def test_survey_zooms_all_to_the_same_place(stand: Stand, files: list[PhotoRecord]) -> None:
    members = group(files[:3])
    turn = replace(members.edges[1], evidence=Evidence(turn=3))
    stand.open([replace(members, edges=(members.edges[0], turn))])
    stand.press(KEY.Key_N)
    grid = stand.view.grid
    grid.panes[1].zoom_to(2.0, QPointF(40, 60))
    u, v = grid.panes[1].gaze().centre
    assert grid.panes[0].gaze().centre == pytest.approx((u, v), abs=0.01)
    assert grid.panes[0].gaze().scale == pytest.approx(1.0)
    assert grid.panes[2].gaze().centre == pytest.approx((v, 1 - u), abs=0.01)


def test_aids_are_switched_by_key_and_drawn(
    stand: Stand, files: list[PhotoRecord], qtbot: QtBot, tmp_path: Path
) -> None:
    burnt = make_photo(7, (600, 400))
    burnt.paste((255, 255, 255), (100, 100, 300, 300))
    first = on_disk(tmp_path, "burnt.jpg", 9, burnt)
    stand.open([group([first, files[1]])])
    pictures = stand.view._pictures
    qtbot.waitUntil(lambda: None not in (pictures.screen(first), pictures.screen(files[1])))
    for key, switch in (
        (KEY.Key_H, stand.view.head.histogram),
        (KEY.Key_J, stand.view.head.clipping),
        (KEY.Key_M, stand.view.head.loupe),
    ):
        before = _grab(stand.view.left)
        stand.press(key)
        assert switch.isChecked()
        assert _grab(stand.view.left) != before
        stand.press(key)
        assert _grab(stand.view.left) == before


def test_the_loupe_tells_the_sharper_one(
    stand: Stand, files: list[PhotoRecord], qtbot: QtBot
) -> None:
    stand.open([group(files[:2])])
    stand.press(KEY.Key_M)
    panes = stand.view.grid.shown()
    QTest.mouseMove(panes[0], QPoint(150, 140))
    qtbot.waitUntil(lambda: all(pane.aids.loupe and pane.aids.loupe.words for pane in panes))
    words = [pane.aids.loupe.words for pane in panes if pane.aids.loupe]
    assert words[0] == "detail 100 %"
    assert int(words[1].split()[1]) < 80  # half the pixels
    scales = [pane.aids.loupe.scale for pane in panes if pane.aids.loupe]
    assert scales == pytest.approx([1.0, 2.0])


def test_only_what_differs(stand: Stand, files: list[PhotoRecord]) -> None:
    stand.open([group(files)])
    labels = [each.label for each in stand.view.facts.model_.facts()]
    assert "Format" in labels
    stand.press(KEY.Key_O)
    facts = stand.view.facts.model_.facts()
    assert facts
    assert all(each.differs for each in facts)
    stand.press(KEY.Key_Right)
    assert all(each.differs for each in stand.view.facts.model_.facts())


def test_the_weakest_link_is_named_shown_and_cut(stand: Stand, files: list[PhotoRecord]) -> None:
    strong = group(files)
    weak = replace(strong.members[3], kind=Kind.EDITED, probability=0.76)
    stand.open([replace(strong, members=(*strong.members[:3], weak))])
    words = stand.view.words
    assert words.weakest.text() == "Weakest link: crop.jpg, 76 % edited"
    words.show_link.click()
    assert stand.names == ("whole.jpg", "crop.jpg")
    words.cut_link.click()
    assert stand.session.parted == [frozenset({1, 4})]
    assert "crop.jpg" in stand.view.message.text()
    rest = group(files[:3])
    stand.view.follow([rest], [])
    assert stand.view.current() == rest
    assert [pane.photo() for pane in stand.view.grid.shown()] == files[:2]
    stand.marks.undo_stack.undo()
    assert stand.session.parted == []


def test_groups_that_change_meanwhile_are_followed(
    stand: Stand, files: list[PhotoRecord], qtbot: QtBot
) -> None:
    first, second, third = pairs(3)
    stand.open([first, second, third], 1)
    stand.view.follow([first, third], [])
    assert "2 of 2" in stand.view.head.title.text()
    assert stand.view.current() == third
    stand.view.follow([third], [])
    assert stand.view.current() == third
    assert "1 of 1" in stand.view.head.title.text()
    with qtbot.waitSignal(stand.view.closed):
        stand.view.follow([], [])


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
    without = _grab(stand.view.right)
    stand.session.picture = jpeg()
    stand.thumbs._none.clear()
    qtbot.waitUntil(lambda: stand.thumbs.pixmap(lost) is not None)
    assert _grab(stand.view.right) != without
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


def _grab(pane: PicturePane) -> QImage:
    return pane.grab().toImage()


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
