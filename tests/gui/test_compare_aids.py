# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""Survey, aids, weakest link, and groups that change under the comparison."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from imgdupe.records import Evidence, Kind, PhotoRecord, Verdict
from tests.gui.compare_stand import Stand, grab, on_disk
from tests.helpers.groups import group, pairs, photo
from tests.helpers.photos import make_photo

KEY = Qt.Key
KEEP, REMOVE = Verdict.KEEP, Verdict.REMOVE


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
        before = grab(stand.view.left)
        stand.press(key)
        assert switch.isChecked()
        assert grab(stand.view.left) != before
        stand.press(key)
        assert grab(stand.view.left) == before


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
