# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""Which photos of a list of groups are picked together. Main thread; knows no widget."""

from __future__ import annotations

from collections.abc import Sequence

from imgdupe.records import Group, PhotoRecord

Place = tuple[int, int]
"""The row of a group, and the number of a photo in it."""


class Picks:
    """Picked photos by path, in the order in which they came; empty: only the current one."""

    def __init__(self) -> None:
        self._photos: dict[bytes, PhotoRecord] = {}
        self._anchor: Place | None = None

    def __contains__(self, photo: PhotoRecord) -> bool:
        return photo.path in self._photos

    def __len__(self) -> int:
        return len(self._photos)

    def photos(self) -> list[PhotoRecord]:
        """What is picked."""
        return list(self._photos.values())

    def clear(self) -> bool:
        """Pick nothing; whether there was something."""
        had = bool(self._photos)
        self._photos.clear()
        self._anchor = None
        return had

    def toggle(self, photo: PhotoRecord, current: PhotoRecord | None) -> None:
        """Ctrl+click. The first one takes the current photo along, as in a file manager."""
        if not self._photos and current is not None and current.path != photo.path:
            self._photos[current.path] = current
        if self._photos.pop(photo.path, None) is None:
            self._photos[photo.path] = photo
        self._anchor = None

    def span(self, groups: Sequence[Group], start: Place, end: Place) -> None:
        """Shift: everything from where this span began (`start`, the first time) to `end`."""
        anchor = self._anchor or start
        first, last = sorted((anchor, end))
        self._photos = {
            member.photo.path: member.photo
            for row in range(first[0], last[0] + 1)
            for number, member in enumerate(groups[row].members)
            if first <= (row, number) <= last
        }
        self._anchor = anchor

    def add(self, photos: Sequence[PhotoRecord]) -> None:
        """These too."""
        self._photos.update((each.path, each) for each in photos)

    def keep_only(self, groups: Sequence[Group]) -> None:
        """Forget photos that are listed no more; the rows may have moved."""
        self._anchor = None
        if self._photos:
            listed = {each.photo.path: each.photo for group in groups for each in group.members}
            self._photos = {path: listed[path] for path in self._photos if path in listed}
