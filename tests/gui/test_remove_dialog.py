# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""The removal dialog asks what it must ask, moves what it showed and says what came of it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import cast

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QDialog, QWidget
from pytestqt.qtbot import QtBot

from imgdupe.control import Cancelled, RunControl
from imgdupe.engine.session import Session
from imgdupe.errors import UserError
from imgdupe.gui.dialogs.remove import RemoveDialog
from imgdupe.gui.jobs import Jobs
from imgdupe.gui.thumbnails import Thumbnails
from imgdupe.records import FoundFile, Hashes, Kind, Metadata, PhotoRecord
from imgdupe.removal.execute import BatchResult, Moved
from imgdupe.removal.plan import Plan, PlannedItem, Refusal, RemovalRequest, VolumeSummary
from imgdupe.removal.undo import UndoResult

HOME, NAS = b"/home", b"/mnt/nas"
QUESTION = "This removes 30 of the 40 pictures in /home/a."


def photo(number: int, folder: bytes = HOME, companions: int = 0) -> PhotoRecord:
    """A photo of 2 MB that is nowhere on this disk."""
    name = b"%s/IMG_%04d.JPG" % (folder, number)
    extra = [FoundFile(b"%s.%d.xmp" % (name, each), 0, 0, 1, number) for each in range(companions)]
    hashes = Hashes(number.to_bytes(16, "big"), None, 0, (0,) * 8, bytes(32), 100)
    file = FoundFile(name, 2_000_000, 0, 1, number)
    return PhotoRecord(number, number, file, tuple(extra), Metadata(4, 3, "JPEG"), hashes)


def request(victim: PhotoRecord, keeper: PhotoRecord | None) -> RemovalRequest:
    return RemovalRequest(victim, keeper, Kind.IDENTICAL, 1.0)


class FakeSession:
    """Plans like the real one, by the folder of each photo; moves nothing."""

    def __init__(self) -> None:
        self.questions: tuple[str, ...] = ()
        self.refused: dict[bytes, str] = {}
        self.planned: list[Plan] = []
        self.removed: list[Plan] = []
        self.undone: list[str | None] = []
        self.error: UserError | None = None
        self.gate = threading.Event()
        self.gate.set()
        self.keeps: tuple[Refusal, ...] = ()
        self.merging = False

    def plan_removal(
        self,
        requests: Sequence[RemovalRequest],
        *,
        whole_groups: bool,
        large: bool,
        fallback_volumes: frozenset[bytes],
        merge_metadata: bool,
    ) -> Plan:
        self.merging = merge_metadata
        if self.error is not None:
            raise self.error
        items: list[PlannedItem] = []
        refused: list[Refusal] = []
        for each in requests:
            path = each.victim.path
            on_nas = path.startswith(NAS)
            if each.keeper is None and not whole_groups:
                refused.append(Refusal(path, "no copy of it would stay"))
            elif path in self.refused:
                refused.append(Refusal(path, self.refused[path]))
            elif on_nas and NAS not in fallback_volumes:
                refused.append(Refusal(path, "the volume has no trash"))
            else:
                items.append(PlannedItem(each, NAS if on_nas else HOME, fallback=on_nas))
        nas = [each for each in requests if each.victim.path.startswith(NAS)]
        volumes = [VolumeSummary(HOME, 9, 9, True, b"/home/.trash", "")]
        if nas:
            place = NAS + b"/_imgdupe_removed"
            size = 2_000_000 * len(nas)
            volumes.append(VolumeSummary(NAS, len(nas), size, False, place, "it is a network"))
        plan = Plan(
            items=tuple(items),
            refused=tuple(refused),
            volumes=tuple(volumes),
            companions=sum(len(item.victim.companions) for item in items),
            needs_confirmation=() if large else self.questions,
            emptied_groups=tuple(each.victim.path for each in requests if each.keeper is None),
            protected=(),
        )
        self.planned.append(plan)
        return plan

    def thumbnail(self, _photo: PhotoRecord) -> bytes | None:
        return None

    def remove(
        self, plan: Plan, control: RunControl, on_item: Callable[[int, int], None]
    ) -> BatchResult:
        self.removed.append(plan)
        moved: list[Moved] = []
        stopped = None
        for done, item in enumerate(plan.items, start=1):
            moved.append(Moved(item.victim.path, b"/trash", None))
            on_item(done, len(plan.items))
            self.gate.wait(10)
            try:
                control.checkpoint()
            except Cancelled:
                stopped = "You stopped it."
                break
        return BatchResult("b1", tuple(moved), (*plan.refused, *self.keeps), (), stopped)

    def undo(self, batch: str | None) -> UndoResult:
        self.undone.append(batch)
        paths = [item.victim.path for item in self.removed[-1].items]
        return UndoResult("b1", tuple((path, path) for path in paths), ())


Open = Callable[..., RemoveDialog]


@pytest.fixture
def fake() -> FakeSession:
    return FakeSession()


@pytest.fixture
def window(qtbot: QtBot) -> QWidget:
    widget = QWidget()
    qtbot.addWidget(widget)
    return widget


@pytest.fixture
def thumbs(fake: FakeSession) -> Iterator[Thumbnails]:
    made = Thumbnails(cast("Session", fake))
    yield made
    made.close()


@pytest.fixture
def opened(
    fake: FakeSession, jobs: Jobs, thumbs: Thumbnails, window: QWidget, qtbot: QtBot
) -> Iterator[Open]:
    def make(requests: Sequence[RemovalRequest]) -> RemoveDialog:
        dialog = RemoveDialog(cast("Session", fake), jobs, thumbs, requests, window)
        dialog.open()
        qtbot.waitUntil(lambda: not jobs.busy)
        return dialog

    yield make
    fake.gate.set()


def texts(dialog: QDialog) -> str:
    """Every text that is on the screen."""
    shown = [each for each in dialog.findChildren(QWidget) if each.isVisible()]
    return "\n".join(str(each.property("text") or "") for each in shown)


def click(qtbot: QtBot, jobs: Jobs, button: QAbstractButton) -> None:
    """Press it and wait for the jobs."""
    assert button.isEnabled()
    button.click()
    qtbot.waitUntil(lambda: not jobs.busy)


def test_it_shows_what_goes_where_and_cancel_is_the_default(
    opened: Open, fake: FakeSession
) -> None:
    fake.refused = {photo(3).path: "it was changed"}
    dialog = opened(
        [request(photo(1, companions=2), photo(9)), *(request(photo(n), photo(9)) for n in (2, 3))]
    )
    assert dialog.review.title.text() == "Move 2 photos (4.00 MB) to the trash"
    assert dialog.remove_button.text() == "Move 2 to Trash"
    assert dialog.remove_button.isEnabled()
    assert dialog.cancel_button.isDefault()
    assert "On /home: 2 photos, 4.00 MB" in texts(dialog)
    assert "2 files" in dialog.review.companions.text()
    dialog.review.refused.button.click()
    assert "it was changed" in dialog.review.refused.list.item(0).text()
    assert dialog.review.refused.list.isVisible()


def test_enter_and_escape_never_remove(opened: Open, fake: FakeSession, qtbot: QtBot) -> None:
    dialog = opened([request(photo(1), photo(9))])
    dialog.remove_button.setFocus()
    QTest.keyClick(dialog.remove_button, Qt.Key.Key_Return)
    assert not dialog.isVisible()
    assert not fake.removed


def test_a_volume_without_trash_is_left_alone_until_chosen(
    opened: Open, fake: FakeSession, jobs: Jobs, qtbot: QtBot
) -> None:
    dialog = opened([request(photo(1), photo(9)), request(photo(2, NAS), photo(9))])
    assert dialog.remove_button.text() == "Move 1 to Trash"
    row = dialog.review.volume(NAS)
    assert row.skip.isChecked()
    assert "it is a network" in texts(dialog)
    click(qtbot, jobs, row.fall_back)
    assert dialog.remove_button.text() == "Move 2"
    click(qtbot, jobs, dialog.remove_button)
    assert [item.fallback for item in fake.removed[0].items] == [False, True]
    click(qtbot, jobs, dialog.close_button)


def test_every_question_must_be_ticked(
    opened: Open, fake: FakeSession, jobs: Jobs, qtbot: QtBot
) -> None:
    fake.questions = (QUESTION, "This removes 1,234 files at once.")
    dialog = opened([request(photo(1), photo(9))])
    assert QUESTION in texts(dialog)
    first, second = dialog.review.questions()
    click(qtbot, jobs, first)
    assert not dialog.remove_button.isEnabled()
    click(qtbot, jobs, second)
    assert dialog.remove_button.isEnabled()
    assert fake.planned[-1].needs_confirmation == ()
    click(qtbot, jobs, first)
    assert not dialog.remove_button.isEnabled()


def test_consent_is_void_when_the_set_grows(
    opened: Open, fake: FakeSession, jobs: Jobs, qtbot: QtBot
) -> None:
    fake.questions = (QUESTION,)
    late = photo(2)
    fake.refused = {late.path: "its drive is not connected"}
    dialog = opened([request(photo(1), photo(9)), request(late, photo(9))])
    fake.refused = {}
    click(qtbot, jobs, dialog.review.questions()[0])
    assert not dialog.review.questions()[0].isChecked()
    assert not dialog.remove_button.isEnabled()
    click(qtbot, jobs, dialog.review.questions()[0])
    assert dialog.remove_button.isEnabled()
    assert dialog.remove_button.text() == "Move 2 to Trash"


def test_another_choice_asks_again_but_keeps_the_same_answers(
    opened: Open, fake: FakeSession, jobs: Jobs, qtbot: QtBot
) -> None:
    fake.questions = (QUESTION,)
    dialog = opened([request(photo(1), photo(9)), request(photo(2, NAS), photo(9))])
    click(qtbot, jobs, dialog.review.questions()[0])
    fake.questions = (QUESTION, "This removes 20 of the 20 pictures in /mnt/nas.")
    click(qtbot, jobs, dialog.review.volume(NAS).fall_back)
    assert [box.isChecked() for box in dialog.review.questions()] == [True, False]
    assert not dialog.remove_button.isEnabled()


def test_whole_groups_need_the_red_box(
    opened: Open, fake: FakeSession, jobs: Jobs, qtbot: QtBot
) -> None:
    dialog = opened([request(photo(1), None), request(photo(2), None), request(photo(3), photo(9))])
    box = dialog.review.emptied
    assert box.isVisible()
    assert box.pictures.texts() == ["IMG_0001.JPG", "IMG_0002.JPG"]
    assert dialog.review.going.texts() == ["IMG_0003.JPG"]
    assert dialog.remove_button.text() == "Move 1 to Trash"
    assert not dialog.review.refused.isVisible()
    click(qtbot, jobs, box.agreed)
    assert dialog.remove_button.text() == "Move 3 to Trash"
    assert dialog.remove_button.property("role") == "danger"


def test_removing_ends_in_a_summary_with_a_way_back(
    opened: Open, fake: FakeSession, jobs: Jobs, qtbot: QtBot
) -> None:
    dialog = opened([request(photo(1), photo(9)), request(photo(2), photo(9))])
    fake.keeps = (Refusal(photo(7).path, "it was changed"),)
    with qtbot.waitSignal(dialog.removed) as removed:
        dialog.remove_button.click()
    assert removed.args is not None
    assert len(removed.args[0].moved) == 2
    assert dialog.summary.title.text() == "2 photos moved to the trash"
    assert "Kept where they are: 1 photo" in texts(dialog)
    qtbot.waitUntil(lambda: not jobs.busy)
    with qtbot.waitSignal(dialog.undone):
        dialog.undo_button.click()
    assert fake.undone == ["b1"]
    assert dialog.summary.title.text() == "2 photos brought back"
    assert not dialog.undo_button.isVisible()
    click(qtbot, jobs, dialog.close_button)
    assert not dialog.isVisible()


def test_escape_stops_a_removal_and_waits_for_it(
    opened: Open, fake: FakeSession, jobs: Jobs, qtbot: QtBot
) -> None:
    dialog = opened([request(photo(number), photo(99)) for number in range(1, 11)])
    fake.gate.clear()
    dialog.remove_button.click()
    qtbot.waitUntil(lambda: dialog.bar.value() == 1)
    assert dialog.bar.maximum() == 10
    dialog.reject()
    assert dialog.isVisible()
    assert not dialog.stop_button.isEnabled()
    fake.gate.set()
    qtbot.waitUntil(lambda: not jobs.busy)
    assert dialog.summary.title.text() == "1 photo moved to the trash"
    assert dialog.summary.note.text() == "You stopped it. 9 photos were not reached and stay."


def test_merging_is_offered_where_something_would_be_lost(
    opened: Open, fake: FakeSession, jobs: Jobs, qtbot: QtBot
) -> None:
    dialog = opened([request(photo(1), photo(9))])
    assert not dialog.review.merge.box.isChecked()
    merging = [fake.merging]
    rated = replace(photo(2), metadata=replace(photo(2).metadata, rating=4, keywords=("tram",)))
    dialog = opened([request(photo(1), photo(9)), request(rated, photo(9))])
    assert dialog.review.merge.box.isChecked()
    assert "1 photo would lose some otherwise." in texts(dialog)
    merging.append(fake.merging)
    click(qtbot, jobs, dialog.review.merge.box)
    assert [*merging, fake.merging] == [False, True, False]


def test_trouble_is_told_in_the_dialog(opened: Open, fake: FakeSession) -> None:
    fake.error = UserError("The journal cannot be written: the disk is full.")
    dialog = opened([request(photo(1), photo(9))])
    assert "the disk is full" in texts(dialog)
    assert not dialog.remove_button.isVisible()
    assert dialog.close_button.isVisible()


def test_cancelled_while_it_checks_nothing_comes_after(
    fake: FakeSession, jobs: Jobs, thumbs: Thumbnails, window: QWidget, qtbot: QtBot
) -> None:
    asked = [request(photo(1), photo(9))]
    dialog = RemoveDialog(cast("Session", fake), jobs, thumbs, asked, window)
    dialog.open()
    with qtbot.waitSignal(dialog.destroyed):
        dialog.reject()
    qtbot.waitUntil(lambda: not jobs.busy)
    assert not fake.removed


def test_every_control_has_a_name(opened: Open, fake: FakeSession) -> None:
    fake.questions = (QUESTION,)
    dialog = opened([request(photo(1), None), request(photo(2, NAS), photo(9))])
    for button in dialog.findChildren(QAbstractButton):
        if button.isVisible():
            assert button.accessibleName() or button.text()
    assert dialog.review.emptied.pictures.accessibleName()
    assert dialog.bar.accessibleName()
