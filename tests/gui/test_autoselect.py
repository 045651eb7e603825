# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""S5: rules in an order, a scope, a preview, one step of marks."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import cast

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from imgdupe.engine.session import Session
from imgdupe.gui.autoselect import propose
from imgdupe.gui.dialogs.autoselect import AutoSelectDialog, Scope
from imgdupe.gui.dialogs.rule_list import RuleList
from imgdupe.gui.marks import Marks
from imgdupe.gui.thumbnails import Thumbnails
from imgdupe.keeping import KeeperRule, KeeperRules
from imgdupe.records import Group, Kind, PhotoRecord, Verdict
from tests.helpers.groups import PlayedSession, PlayedSettings, group, photo

KEEP, REMOVE = Verdict.KEEP, Verdict.REMOVE
SURE = frozenset({Kind.IDENTICAL, Kind.SAME_PIXELS, Kind.RESIZED})
RULES = KeeperRules(preferred=(b"/best",))


def marks_of(groups: list[Group], session: PlayedSession | None = None) -> Marks:
    made = Marks(session or PlayedSession())
    made.set_groups(groups)
    return made


def pairs(count: int, kind: Kind = Kind.RESIZED, *, start: int = 1) -> list[Group]:
    """So many groups of two, of which the rules keep /a/<n>.jpg: its path is shorter."""
    return [
        group([photo(f"/a/{n}.jpg", 2 * n), photo(f"/b/deep/{n}.jpg", 2 * n + 1)], kind)
        for n in range(start, start + count)
    ]


def twins(a: str, b: str, number: int = 1) -> Group:
    """Two files of the same bytes."""
    first = photo(a, 2 * number, content=number)
    return group([first, photo(b, 2 * number + 1, content=number)], Kind.IDENTICAL)


def verdicts(changes: dict[PhotoRecord, Verdict | None]) -> dict[bytes, Verdict | None]:
    return {each.path: verdict for each, verdict in changes.items()}


def test_the_first_rule_that_tells_decides() -> None:
    groups = [twins("/a/long name.jpg", "/best/x.jpg"), twins("/a/1.jpg", "/a/b/1.jpg", 2)]
    found = propose(groups, marks_of(groups), RULES, SURE)
    assert verdicts(found.changes) == {
        b"/best/x.jpg": KEEP,
        b"/a/long name.jpg": REMOVE,
        b"/a/1.jpg": KEEP,
        b"/a/b/1.jpg": REMOVE,
    }
    shortest = replace(RULES, order=(KeeperRule.SHORTEST, KeeperRule.PREFERRED))
    found = propose(groups[:1], marks_of(groups), shortest, SURE)
    assert verdicts(found.changes)[b"/best/x.jpg"] is KEEP
    pixels = replace(RULES, order=(KeeperRule.PIXELS,))
    found = propose(groups, marks_of(groups), pixels, SURE)
    assert not found.changes
    assert found.ties == groups


def test_what_was_decided_stays() -> None:
    first, second = pairs(2)
    marks = marks_of([first, second])
    assert marks.keep([first.members[1].photo])
    found = propose([first, second], marks, KeeperRules(), SURE)
    assert verdicts(found.changes)[b"/a/1.jpg"] is REMOVE  # the one kept by hand is the better one
    assert verdicts(found.changes)[b"/b/deep/1.jpg"] is KEEP
    assert marks.remove([second.members[1].photo])
    assert not propose([second], marks, KeeperRules(), SURE).changes


def test_only_the_kinds_that_were_chosen_go() -> None:
    edited, burst = pairs(1, Kind.EDITED), pairs(1, Kind.BURST, start=5)
    groups = [*edited, *burst]
    marks = marks_of(groups)
    assert not propose(groups, marks, KeeperRules(), SURE).changes
    found = propose(groups, marks, KeeperRules(), SURE | {Kind.EDITED})
    assert [going.path for going, _ in found.pairs] == [b"/b/deep/1.jpg"]


@pytest.mark.parametrize(
    ("why", "own"),
    [
        ("only it has: keywords", photo("/b/1.jpg", 2, keywords=("Lisbon",))),
        ("only it has: rating", photo("/b/1.jpg", 2, rating=5)),
    ],
)
def test_a_photo_with_something_of_its_own_is_a_conflict(why: str, own: PhotoRecord) -> None:
    order = replace(KeeperRules(), order=(KeeperRule.SHORTEST, KeeperRule.NAME))
    groups = [group([photo("/1.jpg", 1), own])]
    found = propose(groups, marks_of(groups), order, SURE)
    assert not found.changes
    assert [(each.path, each.reason) for each in found.conflicts] == [(b"/b/1.jpg", why)]


def test_protected_offline_and_plain_pictures_stay() -> None:
    session = PlayedSession(settings=PlayedSettings(protected=("/b",)))
    groups = pairs(1)
    found = propose(groups, marks_of(groups, session), KeeperRules(), SURE)
    assert "protected folder" in found.conflicts[0].reason
    plain = photo("/b/deep/9.jpg", 19)
    plain = replace(plain, hashes=replace(plain.hashes, quality=10))
    groups = [group([photo("/a/9.jpg", 18), plain])]
    found = propose(groups, marks_of(groups), KeeperRules(), SURE)
    assert "plain" in found.conflicts[0].reason


def test_no_group_loses_its_last_copy_through_another() -> None:
    a, b, c = photo("/a/1.jpg", 1), photo("/b/1.jpg", 2), photo("/c/deep/1.jpg", 3)
    groups = [group([a, b]), group([b, c])]
    marks = marks_of(groups)
    found = propose(groups, marks, KeeperRules(order=(KeeperRule.SHORTEST, KeeperRule.NAME)), SURE)
    assert marks.objection(found.changes) is None
    left = {photo.path for photo, verdict in found.changes.items() if verdict is REMOVE}
    for each in groups:
        assert {member.photo.path for member in each.members} - left


Open = Callable[..., AutoSelectDialog]


@pytest.fixture
def opened(qtbot: QtBot, dark: None) -> Iterator[Open]:
    window = QWidget()
    qtbot.addWidget(window)
    made: list[Thumbnails] = []

    def make(marks: Marks, scopes: list[Scope]) -> AutoSelectDialog:
        thumbs = Thumbnails(cast("Session", PlayedSession()))
        made.append(thumbs)
        dialog = AutoSelectDialog(marks, thumbs, KeeperRules(), scopes, window)
        dialog.open()
        return dialog

    yield make
    for each in made:
        each.close()


def test_the_dialog_previews_marks_in_one_step_and_undoes_it(opened: Open, qtbot: QtBot) -> None:
    groups = pairs(3)
    session = PlayedSession()
    marks = marks_of(groups, session)
    dialog = opened(marks, [Scope("shown", groups[:1]), Scope("all", groups)])
    assert dialog.title.text() == "Would mark 1 photo, 1.00 MB"
    assert dialog.examples.texts() == ["1.jpg"]
    dialog.scope.button(1).click()
    qtbot.waitUntil(lambda: dialog.mark.text() == "Mark 3, remove nothing yet")
    dialog.kinds[Kind.RESIZED].click()
    qtbot.waitUntil(lambda: not dialog.mark.isEnabled())
    dialog.kinds[Kind.RESIZED].click()
    qtbot.waitUntil(dialog.mark.isEnabled)
    with qtbot.waitSignal(dialog.marked) as marked:
        dialog.mark.click()
    assert marked.args == [3]
    assert list(session.stored.values()).count(REMOVE) == 3
    marks.undo_stack.undo()
    assert session.stored == {}


def test_another_order_changes_the_preview(opened: Open, qtbot: QtBot) -> None:
    large = photo("/a/deep/1.jpg", 1, size=3_000_000, width=6000, height=4000)
    groups = [group([large, photo("/b/1.jpg", 2)])]
    dialog = opened(marks_of(groups), [Scope("all", groups)])
    assert [going.path for going, _ in dialog.proposal.pairs] == [b"/b/1.jpg"]
    rules = dialog.rules
    rules.list.setCurrentRow(list(KeeperRule).index(KeeperRule.SHORTEST))
    for _ in range(len(KeeperRule)):
        rules.up.click()
    assert rules.order()[0] is KeeperRule.SHORTEST
    qtbot.waitUntil(
        lambda: [going.path for going, _ in dialog.proposal.pairs] == [b"/a/deep/1.jpg"]
    )
    with qtbot.waitSignal(dialog.order_chosen) as chosen:
        dialog.mark.click()
    assert chosen.args is not None
    assert chosen.args[0][0] is KeeperRule.SHORTEST


def test_conflicts_and_ties_can_be_looked_at(opened: Open) -> None:
    tie = twins("/a/x.jpg", "/b/x.jpg")
    rated = group([photo("/1.jpg", 21, width=5000), photo("/b/2.jpg", 22, title="Tram")])
    dialog = opened(marks_of([tie, rated]), [Scope("all", [tie, rated])])
    assert dialog.title.text() == "Would mark nothing"
    assert "1 group" in dialog.ties.button.text()
    dialog.conflicts.button.click()
    assert "only it has: title" in dialog.conflicts.list.item(0).text()


def test_rules_are_dragged_switched_off_and_reset(qtbot: QtBot) -> None:
    rules = RuleList((KeeperRule.OLDEST, KeeperRule.RAW))
    qtbot.addWidget(rules)
    assert rules.order() == (KeeperRule.OLDEST, KeeperRule.RAW)
    assert rules.list.count() == len(KeeperRule)
    model = rules.list.model()
    with qtbot.waitSignal(rules.changed):  # what a drag ends in
        assert model.moveRow(rules.list.rootIndex(), 1, rules.list.rootIndex(), 0)
    assert rules.order() == (KeeperRule.RAW, KeeperRule.OLDEST)
    rules.list.item(0).setCheckState(Qt.CheckState.Unchecked)
    assert rules.order() == (KeeperRule.OLDEST,)
    rules.reset.click()
    assert rules.order() == tuple(KeeperRule)
