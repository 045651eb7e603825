# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""Many groups of one folder pair: what goes in bulk, and what never does."""

from __future__ import annotations

from dataclasses import replace

import pytest
from pytestqt.qtbot import QtBot

from imgdupe.gui.dialogs.folder_choice import FolderChoice
from imgdupe.gui.folder_choice import steps_for
from imgdupe.gui.marks import Marks
from imgdupe.records import FoundFile, Kind, Verdict
from tests.helpers.groups import PlayedSession, PlayedSettings, group, pairs, photo
from tests.helpers.windows import click

KEEP, REMOVE = Verdict.KEEP, Verdict.REMOVE


@pytest.fixture
def marks(qapp: object) -> Marks:
    return Marks(PlayedSession())


def test_smaller_copies_never_outlive_the_larger_ones(marks: Marks) -> None:
    groups = pairs(2)
    marks.set_groups(groups)
    (first, _) = steps_for(groups, b"/a", marks)
    assert first == {groups[0].members[0].photo: KEEP, groups[0].members[1].photo: REMOVE}
    assert steps_for(groups, b"/b", marks) == []
    assert steps_for(groups, b"/c", marks) == []


def test_equal_files_may_be_kept_in_either_folder(marks: Marks) -> None:
    same = group([photo("/a/1.jpg", 1), photo("/b/1.jpg", 2, content=1)], Kind.IDENTICAL)
    marks.set_groups([same])
    (step,) = steps_for([same], b"/b", marks)
    assert step == {same.members[0].photo: REMOVE, same.members[1].photo: KEEP}


def test_what_has_more_to_it_or_is_protected_or_decided_stays() -> None:
    sidecar = FoundFile(b"/a/1.xmp", 10, 0, 1, 99)
    edited = replace(photo("/a/1.jpg", 1), companions=(sidecar,))
    same = group([edited, photo("/b/1.jpg", 2, content=1)], Kind.IDENTICAL)
    session = PlayedSession(settings=PlayedSettings(protected=("/d",)))
    marks = Marks(session)
    held = group([photo("/d/2.jpg", 3), photo("/b/2.jpg", 4, content=3)], Kind.IDENTICAL)
    decided = group([photo("/a/3.jpg", 5), photo("/b/3.jpg", 6, content=5)], Kind.IDENTICAL)
    marks.set_groups([same, held, decided])
    assert marks.keep([decided.members[0].photo])
    assert steps_for([same, held, decided], b"/b", marks) == []


def test_the_dialog_says_first_and_marks_in_one_step(qtbot: QtBot, marks: Marks) -> None:
    groups = [
        group([photo(f"/a/{n}.jpg", n), photo(f"/b/{n}.jpg", 50 + n, content=n)], Kind.IDENTICAL)
        for n in range(1, 4)
    ]
    groups.append(
        group([photo("/a/9.jpg", 9), photo("/b/9.jpg", 59)], Kind.EDITED, preselected=False)
    )
    marks.set_groups(groups)
    dialog = FolderChoice(groups, marks)
    qtbot.addWidget(dialog)
    dialog.show()
    assert [each.text() for each in dialog.radios.buttons()] == ["/a", "/b"]
    assert dialog.radios.checkedId() == 0
    dialog.radios.button(1).click()
    assert "3 photos would be marked for removal, 3.00 MB" in dialog.preview.text()
    assert "1 of 4 groups stay as they are" in dialog.preview.text()
    assert marks.marked() == []
    click(dialog.mark)
    assert {each.path for each in marks.marked()} == {b"/a/1.jpg", b"/a/2.jpg", b"/a/3.jpg"}
    marks.undo_stack.undo()
    assert marks.marked() == []
