# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""What only the removed copy says (rating, label, keywords, texts, place), for the one that stays.

`plan(..., merge_metadata=True)` gives each `PlannedItem` its `merge`, the preview to be shown field
by field, or None where the copy that stays has everything; `execute` then writes it in the same
journal entry, and `undo` takes it back with the photo (`rewrite.py`). Read are: sidecars first,
then the packet in the file, then what the catalog knows of EXIF. Written is, in this order: the
sidecar that is there; a JPEG's own XMP segment; a new sidecar. Only reads files.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass

from imgdupe.library.formats import is_raw, suffix_of
from imgdupe.library.packets import embedded, is_jpeg, with_packet
from imgdupe.library.xmp import Xmp, parse
from imgdupe.library.xmp_edit import EMPTY, edited
from imgdupe.records import PhotoRecord
from imgdupe.removal.identity import Held, Refused, hold, look, shown
from imgdupe.removal.units import photos_of_stem

_HEAD_BYTES = 512 << 10  # where packets lie; whole files would take minutes for a large selection
_TAIL_BYTES = 256 << 10
_SIDECAR_BYTES = 4 << 20
_NAMES = {
    "rating": "Rating",
    "label": "Label",
    "keywords": "Keywords",
    "title": "Title",
    "caption": "Caption",
    "gps": "Place",
}


@dataclass(frozen=True, slots=True)
class MergedField:
    """One line of the preview: what the copy that stays says now (or nothing), and will say."""

    name: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Merge:
    """What `keeper` gets from `victim` (paths): `facts` into the file `target`.

    `target` is the keeper itself or its sidecar; `is_new`: the sidecar is not there yet.
    """

    victim: bytes
    keeper: bytes
    target: bytes
    is_new: bool
    facts: Xmp
    fields: tuple[MergedField, ...]


def merge_of(victim: PhotoRecord, keeper: PhotoRecord) -> Merge | None:
    """What should be merged, as the files are now; None: nothing is missing. Refused, OSError."""
    if victim.hashes.content == keeper.hashes.content and not _sidecars(victim.path):
        return None
    theirs, ours = facts_of(victim), facts_of(keeper)
    facts = _missing(theirs, ours)
    fields = tuple(
        MergedField(name, _text(getattr(ours, field)), _text(getattr(facts, field)))
        for field, name in _NAMES.items()
        if getattr(facts, field)
    )
    if not fields:
        return None
    target = _target(keeper.path, facts)
    is_new = not os.path.lexists(target)
    _refuse_unwritable(target, is_new=is_new)
    return Merge(victim.path, keeper.path, target, is_new, facts, fields)


def facts_of(photo: PhotoRecord) -> Xmp:
    """What a person wrote about the photo, wherever it is written; a sidecar wins."""
    said = [parse(_small_file(path)) for path in _sidecars(photo.path)]
    with hold(photo.path) as held:
        said.append(parse(_packet(held) or b""))
    known = photo.metadata
    said.append(Xmp(rating=known.rating, keywords=known.keywords, title=known.title, gps=known.gps))
    return Xmp(
        rating=next((each.rating for each in said if (each.rating or 0) > 0), None),
        label=next((each.label for each in said if each.label), None),
        keywords=_union(word for each in said for word in each.keywords),
        title=next((each.title for each in said if each.title), None),
        caption=next((each.caption for each in said if each.caption), None),
        gps=next((each.gps for each in said if each.gps and each.gps != (0.0, 0.0)), None),
    )


def new_bytes(merge: Merge, now: bytes | None) -> bytes:
    """The target's bytes with the facts in them, from its bytes now. Refused if that cannot be."""
    try:
        if now is None or not is_jpeg(now):
            return edited(EMPTY if now is None else now, merge.facts)
        made = with_packet(now, edited(embedded(now) or EMPTY, merge.facts))
    except ValueError as error:
        raise Refused(f"the metadata in {shown(merge.target)} cannot be understood") from error
    if made is None:
        raise Refused(f"the metadata in {shown(merge.target)} cannot be changed safely")
    return made


def _missing(theirs: Xmp, ours: Xmp) -> Xmp:
    """What only they have; keywords: ours and what theirs add."""
    keywords = _union([*ours.keywords, *theirs.keywords])
    return Xmp(
        rating=None if ours.rating else theirs.rating,
        label=None if ours.label else theirs.label,
        keywords=keywords if len(keywords) > len(ours.keywords) else (),
        title=None if ours.title else theirs.title,
        caption=None if ours.caption else theirs.caption,
        gps=None if ours.gps else theirs.gps,
    )


def _union(words: Iterable[str]) -> tuple[str, ...]:
    """Each word once, whatever its case, as it was written first."""
    found: dict[str, str] = {}
    for word in words:
        found.setdefault(word.casefold(), word)
    return tuple(found.values())


def _text(value: str | int | tuple[str, ...] | tuple[float, float] | None) -> str:
    if isinstance(value, tuple):
        parts = [each if isinstance(each, str) else f"{each:.5f}" for each in value]
        return ", ".join(parts)
    return "" if value is None else str(value)


def _target(keeper: bytes, facts: Xmp) -> bytes:
    """The file that gets the facts; Refused if it is there and does not allow it."""
    for sidecar in _sidecars(keeper):
        return sidecar
    if _takes_packet(keeper, facts):
        return keeper
    others = [each for each in photos_of_stem(keeper) if each.primary.path != keeper]
    if is_raw(keeper) and not others:
        return keeper[: len(keeper) - len(suffix_of(keeper))] + b".xmp"
    return keeper + b".xmp"


def _takes_packet(keeper: bytes, facts: Xmp) -> bool:
    """A JPEG with one name that may be written and whose own packet can be edited."""
    with hold(keeper) as held:
        head = _read(held, _HEAD_BYTES)
        if held.status.st_nlink > 1 or not is_jpeg(head) or not os.access(keeper, os.W_OK):
            return False
    try:
        return with_packet(head, edited(embedded(head) or EMPTY, facts)) is not None
    except ValueError:
        return False


def _refuse_unwritable(target: bytes, *, is_new: bool) -> None:
    folder = os.path.dirname(target)
    if not os.access(folder, os.W_OK | os.X_OK) or not (is_new or os.access(target, os.W_OK)):
        raise Refused(f"its metadata cannot be merged: {shown(target)} may not be written")
    if not is_new and look(target).st_nlink > 1:
        raise Refused(f"its metadata cannot be merged: {shown(target)} has several names")


def _sidecars(path: bytes) -> list[bytes]:
    """The XMP sidecars of the photo as its folder is now; the one with its whole name first."""
    own = next((each for each in photos_of_stem(path) if each.primary.path == path), None)
    paths = [each.path for each in own.companions] if own else []
    found = [each for each in paths if suffix_of(each) == b".xmp"]
    return sorted(found, key=lambda each: (not each.startswith(path), each))


def _small_file(path: bytes) -> bytes:
    with hold(path) as held:
        return _read(held, _SIDECAR_BYTES)


def _packet(held: Held) -> bytes | None:
    """The packet in the file, if it lies where packets lie: near the beginning or the end."""
    found = embedded(_read(held, _HEAD_BYTES))
    if found is None and held.identity.size > _HEAD_BYTES:
        found = embedded(_read(held, _TAIL_BYTES, held.identity.size - _TAIL_BYTES))
    return found


def _read(held: Held, count: int, at: int = 0) -> bytes:
    os.lseek(held.descriptor, at, os.SEEK_SET)
    blocks = []
    while count and (block := os.read(held.descriptor, count)):
        blocks.append(block)
        count -= len(block)
    return b"".join(blocks)
