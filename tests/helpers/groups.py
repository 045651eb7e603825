# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""Photos, groups and a played session for tests of the review; no file is behind them."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from PIL import Image

from imgdupe.records import (
    Evidence,
    FoundFile,
    Group,
    Hashes,
    Kind,
    Member,
    Metadata,
    PhotoRecord,
    Relation,
    Verdict,
)


def photo(
    path: str, number: int, *, content: int | None = None, size: int = 1_000_000, **facts: object
) -> PhotoRecord:
    """A photo of 6 MP; `facts` go into its metadata."""
    content = number if content is None else content
    file = FoundFile(path.encode(), size, 1_700_000_000_000_000_000, 1, number)
    hashes = Hashes(content.to_bytes(16, "big"), None, content, (content,) * 8, bytes(32), 90)
    data = replace(Metadata(3000, 2000, "JPEG"), **facts)  # type: ignore[arg-type]
    return PhotoRecord(number, content, file, (), data, hashes)


def group(
    photos: Sequence[PhotoRecord],
    kind: Kind = Kind.RESIZED,
    *,
    probability: float = 0.98,
    preselected: bool = True,
    evidence: Evidence | None = None,
) -> Group:
    """A star around the first photo."""
    found = evidence or Evidence(phash_distance=2, cosine=0.987)
    keeper = photos[0]
    members = [Member(keeper, True, Kind.IDENTICAL, 1.0, "suggested: larger", Evidence())]
    members += [
        Member(each, False, kind, probability, "smaller copy", found, preselected)
        for each in photos[1:]
    ]
    edges = tuple(
        Relation(keeper.content_id, each.content_id, kind, probability, found)
        for each in photos[1:]
        if each.content_id != keeper.content_id
    )
    key = "-".join(str(each.content_id) for each in photos) + kind
    return Group(key, kind, probability, tuple(members), edges)


def pairs(count: int, kind: Kind = Kind.RESIZED, *, start: int = 1) -> list[Group]:
    """So many groups of two: /a/<n>.jpg is kept, /b/<n>.jpg may go."""
    return [
        group([photo(f"/a/{n}.jpg", 2 * n, size=2_000_000), photo(f"/b/{n}.jpg", 2 * n + 1)], kind)
        for n in range(start, start + count)
    ]


def jpeg(colour: tuple[int, int, int] = (90, 120, 60), size: tuple[int, int] = (60, 40)) -> bytes:
    """A small plain JPEG."""
    buffer = io.BytesIO()
    Image.new("RGB", size, colour).save(buffer, "JPEG")
    return buffer.getvalue()


@dataclass(frozen=True, slots=True)
class PlayedSettings:
    """The setting that marks respect."""

    protected: tuple[str, ...] = ()


@dataclass
class PlayedSession:
    """Remembers decisions; every thumbnail is the same, or one of `pictures`."""

    stored: dict[bytes, Verdict] = field(default_factory=dict)
    settings: PlayedSettings = field(default_factory=PlayedSettings)
    parted: list[frozenset[int]] = field(default_factory=list)
    picture: bytes | None = field(default_factory=jpeg)
    pictures: Sequence[bytes] = ()

    def verdicts(self) -> dict[bytes, Verdict]:
        return dict(self.stored)

    def set_verdicts(self, changes: Mapping[PhotoRecord, Verdict | None]) -> None:
        for each, verdict in changes.items():
            if verdict is None:
                self.stored.pop(each.path, None)
            else:
                self.stored[each.path] = verdict

    def not_duplicates(self, photos: Sequence[PhotoRecord]) -> None:
        self.parted.append(frozenset(each.content_id for each in photos))

    def duplicates_again(self, photos: Sequence[PhotoRecord]) -> None:
        self.parted.remove(frozenset(each.content_id for each in photos))

    def thumbnail(self, photo: PhotoRecord) -> bytes | None:
        if self.pictures:
            return self.pictures[photo.content_id % len(self.pictures)]
        return self.picture
