# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""What the keeper rules would mark in many groups, worked out before anything is marked.

Main thread. What the user decided stays as it is; where the rules cannot tell, nothing is marked.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from PySide6.QtCore import QCoreApplication

from imgdupe.gui import explain
from imgdupe.gui.marks import Marks
from imgdupe.gui.pairs import relation_between
from imgdupe.keeping import KeeperRules
from imgdupe.match.keeper import choose, lacks_of
from imgdupe.match.notes import bordered_of
from imgdupe.records import Group, Kind, PhotoRecord, Verdict
from imgdupe.removal.plan import Refusal

translate = QCoreApplication.translate
GOING_KINDS = (Kind.IDENTICAL, Kind.SAME_PIXELS, Kind.RESIZED, Kind.EDITED)
"""Kinds that may go by rule; other frames and look-alikes are looked at one by one."""


@dataclass(slots=True)
class Proposal:
    """`changes` is one step of marks; `pairs`: each photo that goes, with the one that stays.

    ties: groups in which no rule tells the best apart; conflicts: photos that stay, and why.
    """

    changes: dict[PhotoRecord, Verdict | None] = field(default_factory=dict)
    pairs: list[tuple[PhotoRecord, PhotoRecord]] = field(default_factory=list)
    ties: list[Group] = field(default_factory=list)
    conflicts: list[Refusal] = field(default_factory=list)

    @property
    def bytes(self) -> int:
        """What the photos that go take up, with what belongs to them."""
        return sum(going.bytes_total for going, _ in self.pairs)


def propose(
    groups: Sequence[Group], marks: Marks, rules: KeeperRules, kinds: Collection[Kind]
) -> Proposal:
    """Decide in each group by the rules; of a photo in two groups, the first one's word holds."""
    proposal = Proposal()
    after: dict[bytes, Verdict | None] = {}
    for group in groups:
        if group.kind is Kind.DIFFERENT:
            continue
        step = _step(group, marks, rules, kinds, proposal)
        reason = marks.objection(step, after) if step else None
        if reason is not None:
            going = [photo for photo, verdict in step.items() if verdict is Verdict.REMOVE]
            proposal.conflicts += [Refusal(photo.path, reason) for photo in going]
        elif step:
            _take(step, proposal, after)
    return proposal


def _take(
    step: dict[PhotoRecord, Verdict | None],
    proposal: Proposal,
    after: dict[bytes, Verdict | None],
) -> None:
    keeper = next(photo for photo, verdict in step.items() if verdict is Verdict.KEEP)
    for photo, verdict in step.items():
        if photo not in proposal.changes:
            proposal.changes[photo] = after[photo.path] = verdict
            if verdict is Verdict.REMOVE:
                proposal.pairs.append((photo, keeper))


def _step(
    group: Group,
    marks: Marks,
    rules: KeeperRules,
    kinds: Collection[Kind],
    proposal: Proposal,
) -> dict[PhotoRecord, Verdict | None]:
    """The verdicts for one group; empty where there is nothing to decide or no rule decides."""
    photos = [each.photo for each in group.members]
    open_ = [photo for photo in photos if marks.verdict(photo) is None]
    kept = [photo for photo in photos if marks.verdict(photo) is Verdict.KEEP]
    staying = kept or open_
    if not open_ or not staying:
        return {}
    framed = {each for each in map(bordered_of, group.edges) if each is not None}
    choice = choose(staying, rules, framed)
    going = [
        photo
        for photo in open_
        if photo != choice.keeper and relation_between(group, photo, choice.keeper)[0] in kinds
    ]
    if not choice.decided and not kept and going:
        proposal.ties.append(group)
        return {}
    step: dict[PhotoRecord, Verdict | None] = {choice.keeper: Verdict.KEEP}
    for photo in going:
        obstacle = _obstacle(photo, choice.keeper, marks)
        if obstacle is None:
            step[photo] = Verdict.REMOVE
        else:
            proposal.conflicts.append(Refusal(photo.path, obstacle))
    return step if len(step) > 1 else {}


def _obstacle(photo: PhotoRecord, keeper: PhotoRecord, marks: Marks) -> str | None:
    """Why this photo is not for a rule to remove."""
    found = marks.obstacle(photo)
    if found is not None:
        return found
    if photo.content_id != keeper.content_id and (photo.flat or keeper.flat):
        return translate("autoselect", "too plain a picture to be sure without looking")
    if keeper.offline:
        return translate("autoselect", "the drive of the copy that stays is not connected")
    if keeper.damaged is not None:
        return translate("autoselect", "the copy that stays is damaged")
    lost = lacks_of(keeper, photo)
    if lost:
        return translate("autoselect", "only it has: {0}").format(
            ", ".join(explain.lost_name(each) for each in lost)
        )
    return None
