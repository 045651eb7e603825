# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""Which groups are listed, and in which order.

Pure functions of records; any thread.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby
from typing import Any

from imgdupe.gui.group_filter import Filter
from imgdupe.records import Group

_SEPARATOR = os.sep.encode()


class Order(StrEnum):
    """How groups are sorted."""

    SIZE = "size"
    FOLDERS = "folders"
    DATE = "date"
    PROBABILITY = "probability"
    COUNT = "count"


def arranged(
    groups: Sequence[Group], order: Order, wanted: Filter, reviewed: Callable[[Group], bool]
) -> list[Group]:
    """The groups that the filter takes, in order; equal ones keep theirs."""
    taken = groups if wanted == Filter() else [g for g in groups if wanted.takes(g, reviewed)]
    return _by_folders(taken) if order is Order.FOLDERS else sorted(taken, key=_KEYS[order])


def merged(shown: Sequence[Group], now: Sequence[Group]) -> list[Group]:
    """`now` with what was shown in its old places, and what is new after it.

    A group that grew has another key: it takes the place of the one whose photo it holds.
    """
    if not shown:
        return list(now)
    by_key = {group.key: group for group in now}
    heirs: dict[bytes, Group] = {}
    known = {group.key for group in shown}
    for group in now:
        if group.key not in known:
            heirs.update((each.photo.path, group) for each in group.members)
    placed: dict[str, Group] = {}
    for group in shown:
        found = by_key.get(group.key) or _heir(group, heirs)
        if found is not None:
            placed.setdefault(found.key, found)
    for group in now:
        placed.setdefault(group.key, group)
    return list(placed.values())


def folders_of(groups: Sequence[Group], most: int = 40) -> list[tuple[bytes, int]]:
    """The folders with the most groups, and how many, by path."""
    counts: Counter[bytes] = Counter()
    for group in groups:
        counts.update(folder_pair(group))
    return sorted(counts.most_common(most))


def folder_pair(group: Group) -> tuple[bytes, ...]:
    """The folders that a group lies in."""
    paths = [each.photo.path for each in group.members]
    return tuple(sorted({path[: path.rfind(_SEPARATOR)] or _SEPARATOR for path in paths}))


@dataclass(frozen=True, slots=True)
class Section:
    """A run of groups that lie in the same folders: the first one's row, how many, their copies."""

    folders: tuple[bytes, ...]
    first: int
    groups: int
    reclaimable_bytes: int


def sections_of(groups: Sequence[Group]) -> list[Section]:
    """The runs, in order; every group is in one."""
    found: list[Section] = []
    row = 0
    for folders, run in groupby(groups, key=folder_pair):
        sizes = [group.reclaimable_bytes for group in run]
        found.append(Section(folders, row, len(sizes), sum(sizes)))
        row += len(sizes)
    return found


def _by_folders(groups: Sequence[Group]) -> list[Group]:
    """Folder pairs with the most to gain first, in each the groups by path."""
    pairs = [folder_pair(group) for group in groups]
    gains: Counter[tuple[bytes, ...]] = Counter()
    for pair, group in zip(pairs, groups, strict=True):
        gains[pair] += group.reclaimable_bytes
    keyed = sorted(
        zip(pairs, groups, strict=True),
        key=lambda each: (-gains[each[0]], each[0], each[1].members[0].photo.path),
    )
    return [group for _, group in keyed]


def _heir(group: Group, heirs: dict[bytes, Group]) -> Group | None:
    paths = (each.photo.path for each in group.members)
    return next((heirs[path] for path in paths if path in heirs), None)


def _newest(group: Group) -> str:
    """The latest date at which a member was taken, empty if none says."""
    dates = [each.photo.metadata.taken_at for each in group.members]
    return max((each for each in dates if each), default="")


_KEYS: dict[Order, Callable[[Group], Any]] = {
    Order.SIZE: lambda group: -group.reclaimable_bytes,
    Order.DATE: lambda group: (not _newest(group), _newest(group), group.members[0].photo.path),
    Order.PROBABILITY: lambda group: -group.probability,
    Order.COUNT: lambda group: -len(group.members),
}
