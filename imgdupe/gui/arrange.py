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
from typing import Any

from imgdupe.records import Group

_SEPARATOR = os.sep.encode()


class Order(StrEnum):
    """How groups are sorted."""

    SIZE = "size"
    FOLDERS = "folders"
    DATE = "date"
    PROBABILITY = "probability"
    COUNT = "count"


@dataclass(frozen=True, slots=True)
class Filter:
    """`text`: in a member's path, without regard to case; `folder`: a member lies below it."""

    text: str = ""
    folder: bytes | None = None

    def takes(self, group: Group) -> bool:
        paths = [each.photo.path for each in group.members]
        if self.folder is not None:
            start = self.folder.rstrip(_SEPARATOR) + _SEPARATOR
            if not any(path.startswith(start) for path in paths):
                return False
        wanted = self.text.casefold()
        return not wanted or any(wanted in os.fsdecode(path).casefold() for path in paths)


def arranged(groups: Sequence[Group], order: Order, wanted: Filter) -> list[Group]:
    """The groups that the filter takes, in order; equal ones keep theirs."""
    taken = groups if wanted == Filter() else [each for each in groups if wanted.takes(each)]
    return sorted(taken, key=_KEYS[order])


def merged(shown: Sequence[Group], now: Sequence[Group]) -> list[Group]:
    """`now` with what was shown in its old places, and what is new after it.

    A group that grew has another key: it takes the place of the one whose photo it holds.
    """
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


def _heir(group: Group, heirs: dict[bytes, Group]) -> Group | None:
    paths = (each.photo.path for each in group.members)
    return next((heirs[path] for path in paths if path in heirs), None)


def _newest(group: Group) -> str:
    """The latest date at which a member was taken, empty if none says."""
    dates = [each.photo.metadata.taken_at for each in group.members]
    return max((each for each in dates if each), default="")


_KEYS: dict[Order, Callable[[Group], Any]] = {
    Order.SIZE: lambda group: -group.reclaimable_bytes,
    Order.FOLDERS: lambda group: (folder_pair(group), group.members[0].photo.path),
    Order.DATE: lambda group: (not _newest(group), _newest(group), group.members[0].photo.path),
    Order.PROBABILITY: lambda group: -group.probability,
    Order.COUNT: lambda group: -len(group.members),
}
