# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""Which photos go if one folder's are kept, in many groups at once. Main thread; marks nothing.

In bulk, only what loses nothing is suggested: what the matching preselected beside its own keeper,
and beside another one the same bytes or pixels with nothing more to it.
"""

from __future__ import annotations

import os
from collections.abc import Sequence

from imgdupe.gui.marks import Marks, Steps
from imgdupe.gui.pairs import relation_between
from imgdupe.match.keeper import lacks_of
from imgdupe.records import Group, Kind, Member, Verdict

_EQUAL = (Kind.IDENTICAL, Kind.SAME_PIXELS)


def steps_for(groups: Sequence[Group], folder: bytes, marks: Marks) -> list[Steps]:
    """For each group that has something to decide, the verdicts that keep the folder's photo."""
    steps: list[Steps] = []
    for group in groups:
        inside = [each for each in group.members if _folder(each) == folder]
        going = [
            each.photo
            for each in group.members
            if inside
            and _folder(each) != folder
            and marks.verdict(each.photo) is None
            and marks.obstacle(each.photo) is None
            and _loses_nothing(group, each, inside[0])
        ]
        if going:
            steps.append({**dict.fromkeys(going, Verdict.REMOVE), inside[0].photo: Verdict.KEEP})
    return steps


def _folder(member: Member) -> bytes:
    return os.path.dirname(member.photo.path)


def _loses_nothing(group: Group, going: Member, kept: Member) -> bool:
    if kept.photo.offline or kept.photo.damaged is not None:
        return False
    if kept.keeper:
        return going.preselected
    kind, _ = relation_between(group, going.photo, kept.photo)
    return kind in _EQUAL and not lacks_of(kept.photo, going.photo)
