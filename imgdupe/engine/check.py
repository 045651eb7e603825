# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""A card or any folder against the library: what is new, what it has, what it has better.

One thread, with decode children. Only reads: nothing of the folder is stored. In doubt a photo is
new: somebody may erase a card because of what is said here. So a copy counts only if its file is
still there (or its drive is merely unplugged), lies outside the folder, and lacks nothing.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from imgdupe.catalog.catalog import Catalog
from imgdupe.control import RunControl
from imgdupe.engine.search import Search
from imgdupe.engine.workers import DecodePool
from imgdupe.fingerprint.hashes import file_hash
from imgdupe.library.formats import RAWS, suffix_of
from imgdupe.library.shots import pair
from imgdupe.library.walk import ScanRules, walk
from imgdupe.match.keeper import is_under, lacks_of, pixels_of
from imgdupe.progress import Counters, Phase
from imgdupe.records import Fingerprint, FoundFile, Hit, Kind, Photo, PhotoRecord, Problem

_TOP = 12
_NEAR_BITS = 2
_SAME_SIZE = 0.02
_SAME_PICTURE = {Kind.IDENTICAL, Kind.SAME_PIXELS, Kind.RESIZED, Kind.EDITED}
_LOSSY = {"JPEG", "WEBP", "HEIF", "AVIF"}


class Standing(StrEnum):
    """What the library says to a photo."""

    NEW = "new"
    HAVE = "have"
    BETTER = "better"


@dataclass(frozen=True, slots=True)
class Checked:
    """One photo of the folder. `library`: its copy there, of a NEW photo a lesser one."""

    path: bytes
    standing: Standing
    reason: str
    library: PhotoRecord | None = None
    kind: Kind | None = None


@dataclass(frozen=True, slots=True)
class CheckReport:
    """By path; `problems`: files that could not be read, about which nothing is known."""

    photos: tuple[Checked, ...]
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class _Seen:
    """A photo of the folder with the library's photos that are most like it."""

    record: PhotoRecord
    hits: tuple[Hit, ...]


class Check:
    """One comparison of `folder` with the library. Build it, call `run` once."""

    def __init__(
        self, catalog: Catalog, search: Search, folder: bytes, control: RunControl, workers: int
    ) -> None:
        self._catalog = catalog
        self._search = search
        self._folder = folder
        self._control = control
        self._workers = workers

    def run(self, rules: ScanRules, counters: Counters) -> CheckReport:
        """Compare every photo; raises Cancelled."""
        counters.enter(Phase.FINDING)
        entries = list(pair(walk([self._folder], rules)))
        photos = {entry.primary.path: entry for entry in entries if isinstance(entry, Photo)}
        problems = [entry for entry in entries if isinstance(entry, Problem)]
        counters.put("found", len(photos))
        counters.finish_walk(len(photos))
        counters.enter(Phase.FINGERPRINTING)
        done: list[Checked] = []
        for photo in photos.values():
            self._control.checkpoint()
            done += self._by_bytes(photo)
            counters.put("done", len(done))
        unknown = [photos[path] for path in photos.keys() - {each.path for each in done}]
        with DecodePool(self._workers) as pool:
            seen = []
            for file, result in pool.fingerprint([p.primary for p in unknown], self._control):
                if isinstance(result, Problem):
                    problems.append(result)
                else:
                    seen.append(self._look(photos[file.path], result))
                counters.bump("done")
            equal = self._equal_pixels(seen, pool)
        counters.enter(Phase.DONE)
        done += [_judged(each, equal) for each in seen]
        return CheckReport(
            tuple(sorted(done, key=lambda each: each.path)),
            tuple(sorted(problems, key=lambda each: each.path)),
        )

    def _by_bytes(self, photo: Photo) -> list[Checked]:
        """The answer if the library has the very bytes, and all that belongs to them."""
        try:
            content = file_hash(photo.primary.path)
        except OSError:
            return []  # the decoder meets the same error and names it
        for known in self._there(self._catalog.photos_with_content(content)):
            ours = replace(known, file=photo.primary, companions=photo.companions)
            if not _reason_against(ours, known, Kind.IDENTICAL):
                return [_has(photo.primary.path, known, Kind.IDENTICAL)]
        return []

    def _look(self, photo: Photo, found: Fingerprint) -> _Seen:
        record = PhotoRecord(
            id=0,
            content_id=0,
            file=photo.primary,
            companions=photo.companions,
            metadata=found.metadata,
            hashes=found.hashes,
            damaged=found.damaged,
        )
        hits = self._search.like(found, _TOP)
        there = {known.id for known in self._there(hit.photo for hit in hits)}
        return _Seen(record, tuple(hit for hit in hits if hit.photo.id in there))

    def _there(self, photos: Iterable[PhotoRecord]) -> list[PhotoRecord]:
        """Those outside the folder whose file is as the catalog knows it, or offline."""
        return [
            photo
            for photo in photos
            if not is_under(photo.path, [self._folder]) and (photo.offline or _is_there(photo.file))
        ]

    def _equal_pixels(self, seen: Sequence[_Seen], pool: DecodePool) -> set[tuple[bytes, bytes]]:
        """The pairs of paths that show the very same pixels, by complete decodes of near ones."""
        pairs = [
            (each.record.file, hit.photo.file)
            for each in seen
            for hit in each.hits
            if not hit.photo.offline and _may_be_equal(each.record, hit.photo)
        ]
        files = {file.path: file for both in pairs for file in both}
        hashes = {
            file.path: result
            for file, result in pool.pixel_hash(files.values(), self._control)
            if isinstance(result, bytes)
        }
        return {
            (a.path, b.path)
            for a, b in pairs
            if a.path in hashes and hashes[a.path] == hashes.get(b.path)
        }


def _is_there(file: FoundFile) -> bool:
    try:
        status = os.stat(file.path)
    except OSError:
        return False
    return (status.st_size, status.st_mtime_ns) == (file.size, file.mtime_ns)


def _may_be_equal(a: PhotoRecord, b: PhotoRecord) -> bool:
    sizes = [(each.metadata.width, each.metadata.height) for each in (a, b)]
    return sizes[0] == sizes[1] and (a.hashes.phash ^ b.hashes.phash).bit_count() <= _NEAR_BITS


def _judged(seen: _Seen, equal: set[tuple[bytes, bytes]]) -> Checked:
    """The best that one of the hits can say; new if none says enough."""
    ours = seen.record
    lesser: Checked | None = None
    for hit in seen.hits:
        same = (ours.path, hit.photo.path) in equal and hit.kind is not Kind.IDENTICAL
        kind = Kind.SAME_PIXELS if same else hit.kind
        if kind not in _SAME_PICTURE:
            continue
        reason = _reason_against(ours, hit.photo, kind)
        if not reason:
            return _has(ours.path, hit.photo, kind, larger=_is_larger(hit.photo, ours))
        lesser = lesser or Checked(ours.path, Standing.NEW, reason, hit.photo, kind)
    return lesser or Checked(ours.path, Standing.NEW, "not in the library")


def _has(path: bytes, known: PhotoRecord, kind: Kind, *, larger: bool = False) -> Checked:
    if larger:
        return Checked(path, Standing.BETTER, "the library's has more pixels", known, kind)
    return Checked(path, Standing.HAVE, kind.value.replace("_", " "), known, kind)


def _reason_against(ours: PhotoRecord, known: PhotoRecord, kind: Kind) -> str:
    """Why the library's photo cannot stand for ours, or ''."""
    lost = lacks_of(known, ours)
    if lost:
        return f"the library's copy lacks {', '.join(lost)}"
    if kind in {Kind.IDENTICAL, Kind.SAME_PIXELS}:
        return ""
    if kind is Kind.EDITED:
        return "the library has an edited version"
    return _worse_in(ours, known)


def _worse_in(ours: PhotoRecord, known: PhotoRecord) -> str:
    """What is worse about the library's copy in another size or format, or ''."""
    if known.damaged is not None:
        return "the library's copy is damaged"
    if _is_raw(ours) and not _is_raw(known):
        return "the library has only a developed copy"
    if _is_larger(ours, known):
        return "the library has only a smaller copy"
    if not _is_larger(known, ours) and _is_coarser(known, ours):
        return "the library has only a copy of lower quality"
    return ""


def _is_raw(photo: PhotoRecord) -> bool:
    return suffix_of(photo.path) in RAWS


def _is_larger(a: PhotoRecord, b: PhotoRecord) -> bool:
    return pixels_of(a) > pixels_of(b) * (1.0 + _SAME_SIZE)


def _is_coarser(a: PhotoRecord, b: PhotoRecord) -> bool:
    """True unless a was certainly not compressed more than b."""
    first, second = a.metadata, b.metadata
    if first.format == second.format == "JPEG":
        return (first.jpeg_quality or 0) < (second.jpeg_quality or 0)
    return first.format in _LOSSY
