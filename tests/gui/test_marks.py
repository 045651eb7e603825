# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""Marks: stored, undone, and never the last copy by accident."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytestqt.qtbot import QtBot

from imgdupe.gui.marks import Marks
from imgdupe.records import Group, Kind, PhotoRecord, Verdict
from tests.helpers.groups import PlayedSession, PlayedSettings, group, photo

A, B, C = photo("/a/1.jpg", 1), photo("/b/1.jpg", 2), photo("/c/1.jpg", 3)
D = photo("/d/1.jpg", 4)
KEEP, REMOVE = Verdict.KEEP, Verdict.REMOVE


@pytest.fixture
def session() -> PlayedSession:
    return PlayedSession()


@pytest.fixture
def three() -> Group:
    return group([A, B, C])


@pytest.fixture
def marks(session: PlayedSession, three: Group, qapp: object) -> Marks:
    made = Marks(session)
    made.set_groups([three])
    return made


def test_a_mark_is_stored_at_once_and_undone(marks: Marks, session: PlayedSession) -> None:
    assert marks.remove([B])
    assert session.stored == {B.path: REMOVE}
    assert marks.verdict(B) is REMOVE
    marks.undo_stack.undo()
    assert session.stored == {}
    assert marks.verdict(B) is None
    marks.undo_stack.redo()
    assert session.stored == {B.path: REMOVE}


def test_marks_are_there_again_after_a_restart(three: Group, qapp: object) -> None:
    marks = Marks(PlayedSession(stored={B.path: REMOVE, C.path: KEEP}))
    marks.set_groups([three])
    assert [each.victim for each in marks.removals()] == [B]
    assert marks.keeper(three).photo == C


def test_the_last_copy_cannot_be_marked(marks: Marks, qtbot: QtBot) -> None:
    assert marks.remove([A])
    assert marks.remove([B])
    with qtbot.waitSignal(marks.refused) as refused:
        assert not marks.remove([C])
    assert "last copy" in refused.args[0]
    assert marks.verdict(C) is None
    assert not marks.remove([C])
    assert {each.victim for each in marks.removals()} == {A, B}
    assert {each.keeper for each in marks.removals()} == {C}


def test_not_all_at_once_either(marks: Marks) -> None:
    assert not marks.remove([A, B, C])
    assert marks.removals() == []
    assert not marks.undo_stack.canUndo()


def test_a_copy_on_an_absent_drive_is_no_copy_that_stays(session: PlayedSession) -> None:
    gone = replace(A, offline=True)
    marks = Marks(session)
    marks.set_groups([group([gone, B])])
    assert not marks.remove([B])
    assert not marks.remove([gone])
    assert session.stored == {}


def test_protected_folders_keep_their_photos(session: PlayedSession, three: Group) -> None:
    session.settings = PlayedSettings(protected=("/b",))
    marks = Marks(session)
    marks.set_groups([three])
    assert not marks.remove([B])
    marks.keep_this_remove_rest(three, A)
    assert session.stored == {A.path: KEEP, C.path: REMOVE}


def test_keep_this_and_remove_the_rest(marks: Marks, three: Group) -> None:
    assert marks.keep_this_remove_rest(three, B)
    assert marks.keeper(three).photo == B
    assert {(r.victim, r.keeper) for r in marks.removals()} == {(A, B), (C, B)}
    marks.undo_stack.undo()
    assert marks.removals() == []


def test_accepting_marks_what_is_preselected_only(session: PlayedSession) -> None:
    sure, unsure = group([A, B]), group([C, D], Kind.EDITED, preselected=False)
    marks = Marks(session)
    marks.set_groups([sure, unsure])
    assert marks.accept([sure, unsure]) == 1
    assert session.stored == {A.path: KEEP, B.path: REMOVE}
    assert marks.undo_stack.count() == 1
    assert marks.accept([sure, unsure]) == 0


def test_accepting_never_undoes_a_decision(marks: Marks, three: Group) -> None:
    marks.keep([B])
    assert [each.photo for each in marks.suggested(three)] == [A, C]
    marks.keep([A])
    assert [each.photo for each in marks.suggested(three)] == [C]


def test_another_keeper_can_be_suggested(marks: Marks, three: Group) -> None:
    assert marks.keeper(three).photo == A
    marks.next_keeper(three)
    assert marks.keeper(three).photo == B
    assert [each.photo for each in marks.suggested(three)] == [A, C]
    marks.undo_stack.undo()
    assert marks.keeper(three).photo == A


def test_the_next_keeper_skips_what_is_marked(marks: Marks, three: Group) -> None:
    marks.remove([B])
    marks.next_keeper(three)
    assert marks.keeper(three).photo == C
    marks.next_keeper(three)
    assert marks.keeper(three).photo == A


def test_a_whole_group_goes_only_when_asked_for(marks: Marks, three: Group) -> None:
    assert marks.remove_whole_group(three)
    assert {(r.victim, r.keeper) for r in marks.removals()} == {(A, None), (B, None), (C, None)}
    marks.set_groups([three])
    assert len(marks.removals()) == 3
    marks.undo_stack.undo()
    assert marks.removals() == []


def test_marks_of_another_day_never_empty_a_group(three: Group, qapp: object) -> None:
    session = PlayedSession(stored=dict.fromkeys([A.path, B.path, C.path], REMOVE))
    marks = Marks(session)
    marks.set_groups([three])
    assert marks.verdict(A) is None
    assert {each.victim for each in marks.removals()} == {B, C}
    assert session.stored == {B.path: REMOVE, C.path: REMOVE}


def test_a_photo_in_two_groups_goes_for_the_surer_reason(session: PlayedSession) -> None:
    alike, copies = group([A, B, C], Kind.BURST, preselected=False), group([D, B])
    marks = Marks(session)
    marks.set_groups([alike, copies])
    assert marks.remove([B])
    (request,) = marks.removals()
    assert (request.keeper, request.kind) == (D, Kind.RESIZED)


def test_byte_equal_copies_are_identical_to_each_other(session: PlayedSession) -> None:
    twin, other = photo("/x/1.jpg", 8, content=2), photo("/y/1.jpg", 9, content=2)
    mixed = group([A, twin, other])
    marks = Marks(session)
    marks.set_groups([mixed])
    marks.keep([twin])
    marks.remove([other])
    (request,) = marks.removals()
    assert (request.keeper, request.kind, request.probability) == (twin, Kind.IDENTICAL, 1.0)


def test_not_duplicates_hides_the_group_and_comes_back(
    marks: Marks, three: Group, session: PlayedSession
) -> None:
    marks.remove([B])
    marks.not_duplicates(three)
    assert marks.hidden(three)
    assert session.parted == [frozenset({1, 2, 3})]
    assert session.stored == {}
    marks.undo_stack.undo()
    assert not marks.hidden(three)
    assert session.parted == []
    assert session.stored == {B.path: REMOVE}


def test_removed_photos_are_settled(marks: Marks, session: PlayedSession) -> None:
    marks.remove([B])
    marks.forget([B])
    assert session.stored == {}
    marks.mark_again([B])
    assert session.stored == {B.path: REMOVE}


def _press(marks: Marks, key: str, chosen: PhotoRecord, of: Group, groups: list[Group]) -> None:
    deeds: dict[str, Callable[[], object]] = {
        "P": lambda: marks.keep([chosen]),
        "X": lambda: marks.remove([chosen]),
        "U": lambda: marks.undecide([chosen]),
        "K": lambda: marks.next_keeper(of),
        "+": lambda: marks.keep_this_remove_rest(of, chosen),
        "A": lambda: marks.accept(groups),
    }
    deeds[key]()


@given(st.lists(st.tuples(st.sampled_from("PXUK+A"), st.integers(0, 3)), max_size=30))
def test_no_series_of_keys_empties_a_group(keys: list[tuple[str, int]]) -> None:
    groups = [group([A, B, C]), group([C, D], Kind.SIMILAR)]
    photos = [A, B, C, D]
    marks = Marks(PlayedSession())
    marks.set_groups(groups)
    for key, which in keys:
        of = groups[0] if which < 3 else groups[1]
        _press(marks, key, photos[which], of, groups)
        victims = {each.victim for each in marks.removals()}
        assert all(each.keeper is not None for each in marks.removals())
        assert not victims & {each.keeper for each in marks.removals()}
        assert all({m.photo for m in g.members} - victims for g in groups)
