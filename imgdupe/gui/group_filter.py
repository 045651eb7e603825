# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""Which groups are listed: by what one of their photos is, and by whether they were reviewed.

Pure; any thread. A group is listed if one and the same photo of it has everything that is asked.
"""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Self

from imgdupe.records import Group, PhotoRecord


@dataclass(frozen=True, slots=True)
class Filter:
    """What is asked of a photo; the defaults ask nothing.

    text: in the path, without regard to case; folder: it lies below it; since, until: the date
    taken or its beginning ("2024-05"), both included; least_bytes: of the file; rating: at least so
    many stars; reviewed: whether a photo of the group was decided, None for either.
    """

    text: str = ""
    folder: bytes | None = None
    camera: str = ""
    format: str = ""
    keyword: str = ""
    since: str = ""
    until: str = ""
    least_bytes: int = 0
    rating: int = 0
    reviewed: bool | None = None

    def takes(self, group: Group, reviewed: Callable[[Group], bool]) -> bool:
        """Whether the group is listed."""
        if self.reviewed is not None and reviewed(group) is not self.reviewed:
            return False
        return any(self._takes(member.photo) for member in group.members)

    def _takes(self, photo: PhotoRecord) -> bool:
        data, taken = photo.metadata, photo.metadata.taken_at or ""
        return (
            (self.folder is None or photo.path.startswith(os.path.join(self.folder, b"")))
            and (not self.text or self.text.casefold() in os.fsdecode(photo.path).casefold())
            and (not self.camera or data.camera == self.camera)
            and (not self.format or data.format == self.format)
            and (not self.keyword or self.keyword in data.keywords)
            and (not self.since or taken >= self.since)
            and (not self.until or (bool(taken) and taken[: len(self.until)] <= self.until))
            and photo.file.size >= self.least_bytes
            and (data.rating or 0) >= self.rating
        )

    def to_text(self) -> str:
        """For `from_text`."""
        values = asdict(self)
        values["folder"] = None if self.folder is None else self.folder.hex()
        return json.dumps(values)

    @classmethod
    def from_text(cls, text: str) -> Self:
        """What `to_text` gave; a filter that asks nothing for anything else."""
        try:
            values = json.loads(text)
            values["folder"] = None if values["folder"] is None else bytes.fromhex(values["folder"])
            found = cls(**values)
        except (ValueError, TypeError, KeyError):
            return cls()
        alike = zip(asdict(found).values(), asdict(cls()).values(), strict=True)
        sound = all(type(a) is type(b) or b is None for a, b in alike)
        return found if sound else cls()


@dataclass(frozen=True, slots=True)
class Choices:
    """What the photos of some groups are, the most frequent first."""

    cameras: list[str]
    formats: list[str]
    keywords: list[str]


def choices_of(groups: Sequence[Group], most: int = 60) -> Choices:
    """What there is to choose from."""
    photos = [member.photo for group in groups for member in group.members]

    def frequent(values: Iterable[str]) -> list[str]:
        return [value for value, _ in Counter(values).most_common(most) if value]

    return Choices(
        frequent(photo.metadata.camera or "" for photo in photos),
        frequent(photo.metadata.format for photo in photos),
        frequent(word for photo in photos for word in photo.metadata.keywords),
    )
