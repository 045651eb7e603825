# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""Which of the chosen photos may go at all, and what to ask before: the static checks.

Called by any thread before a dialog or a dry run. Changes nothing on disk; what is found here is
found again at the moment of removal, because the world may have moved on.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from imgdupe.library.formats import is_picture, is_raw
from imgdupe.records import Kind, PhotoRecord
from imgdupe.removal import trash
from imgdupe.removal.entries import Entry
from imgdupe.removal.identity import Refused, shown
from imgdupe.removal.journal import Journal
from imgdupe.removal.merge_metadata import Merge, merge_of
from imgdupe.removal.units import unit_paths
from imgdupe.removal.volumes import Protection, volume_of

_Path = bytes  # within a class that has a field called bytes

LARGE_BATCH_FILES = 1_000
LARGE_FOLDER_SHARE = 0.2
LARGE_FOLDER_FILES = 10
"""A folder asks again from this many victims on: one of two copies is no surprise to anybody."""


@dataclass(frozen=True, slots=True)
class RemovalRequest:
    """Remove `victim` because `keeper` stays. `keeper` is None only when a whole group goes."""

    victim: PhotoRecord
    keeper: PhotoRecord | None
    kind: Kind
    probability: float


@dataclass(frozen=True, slots=True)
class Refusal:
    """A file that stays, and why."""

    path: bytes
    reason: str


@dataclass(frozen=True, slots=True)
class PlannedItem:
    """A photo that may go. `volume`: its volume's top; `fallback`: into our folder there.

    `merge`: what the copy that stays gets from it, to be shown; None: nothing, or not asked for.
    """

    request: RemovalRequest
    volume: bytes
    fallback: bool
    merge: Merge | None = None

    @property
    def victim(self) -> PhotoRecord:
        return self.request.victim

    @property
    def keeper(self) -> PhotoRecord | None:
        return self.request.keeper


@dataclass(frozen=True, slots=True)
class VolumeSummary:
    """What goes where.

    `destination`: the trash, or the folder of ours that could be used; None: neither.
    `reason`: why there is no trash, else empty.
    """

    root: _Path
    photos: int
    bytes: int
    has_trash: bool
    destination: _Path | None
    reason: str


@dataclass(frozen=True, slots=True)
class Plan:
    """The frozen set.

    `needs_confirmation`: what to ask before `execute` agrees to run; `emptied_groups`: victims of
    which no copy stays.
    """

    items: tuple[PlannedItem, ...]
    refused: tuple[Refusal, ...]
    volumes: tuple[VolumeSummary, ...]
    companions: int
    needs_confirmation: tuple[str, ...]
    emptied_groups: tuple[bytes, ...]
    protected: tuple[bytes, ...]


def plan(
    requests: Sequence[RemovalRequest],
    *,
    protected: Sequence[bytes],
    journal: Journal,
    whole_groups: bool,
    large: bool,
    fallback_volumes: frozenset[bytes],
    merge_metadata: bool = False,
) -> Plan:
    """Sort the requests into those that may go and those that stay with a reason.

    `whole_groups`: photos without a keeper were confirmed; `large`: so was the size;
    `fallback_volumes`: tops of volumes where `_imgdupe_removed` is to be used; `merge_metadata`:
    what only a victim says is written to its keeper, and a victim for which that cannot be done
    stays.
    """
    rules = _Rules(requests, protected, journal.open_entries(), whole_groups=whole_groups)
    places = _Places(fallback_volumes)
    items: list[PlannedItem] = []
    refused: list[Refusal] = []
    asked: set[bytes] = set()
    for request in requests:
        if request.victim.path in asked:
            continue
        asked.add(request.victim.path)
        try:
            rules.check(request)
            item = places.place(request)
            items.append(replace(item, merge=rules.merge(request)) if merge_metadata else item)
        except Refused as refusal:
            refused.append(Refusal(request.victim.path, str(refusal)))
        except OSError as error:
            refused.append(Refusal(request.victim.path, error.strerror or str(error)))
    return Plan(
        items=tuple(items),
        refused=tuple(refused),
        volumes=places.summaries(),
        companions=sum(len(each.victim.companions) for each in items),
        needs_confirmation=() if large else tuple(_questions(items)),
        emptied_groups=tuple(dict.fromkeys(r.victim.path for r in requests if r.keeper is None)),
        protected=tuple(protected),
    )


class _Rules:
    """What must hold for a request, given all the others."""

    def __init__(
        self,
        requests: Sequence[RemovalRequest],
        protected: Sequence[bytes],
        open_entries: Iterable[Entry],
        *,
        whole_groups: bool,
    ) -> None:
        self._whole_groups = whole_groups
        self._protection = Protection(protected)
        keepers = [each.keeper for each in requests if each.keeper is not None]
        self._kept = {path for keeper in keepers for path in _pictures(keeper)}
        self._kept_nodes = {(each.file.device, each.file.inode) for each in keepers}
        self._open_kept: set[bytes | None] = set()
        self._open_victims: set[bytes] = set()
        for entry in open_entries:
            self._open_kept.add(entry.keeper)
            self._open_victims.update(each.path for each in entry.files)

    def check(self, request: RemovalRequest) -> None:
        """Refused with the first reason that speaks against it."""
        self._check_keeper(request)
        victim = request.victim
        if victim.offline:
            raise Refused("its drive is not connected")
        if len(victim.hashes.content) != 16:
            raise Refused("it was never read completely; scan again")
        pictures = _pictures(victim)
        if any(path in self._kept for path in pictures):
            raise Refused("it is the copy that stays for another photo of this selection")
        if (victim.file.device, victim.file.inode) in self._kept_nodes:
            raise Refused("one file with two names: it is the copy that stays")
        if any(path in self._open_kept for path in pictures):
            raise Refused("it is the copy that stays in a removal that is not finished")
        if any(path in self._open_victims for path in unit_paths(victim)):
            raise Refused("an earlier removal of it is not finished; see History")
        for path in unit_paths(victim):
            if (folder := self._protection.covers(path)) is not None:
                raise Refused(f"it is in the protected folder {shown(folder)}")
            if trash.is_in_trash(path):
                raise Refused("it is in a trash already")

    def merge(self, request: RemovalRequest) -> Merge | None:
        """What the keeper is to get; Refused if it cannot, OSError."""
        if request.keeper is None:
            return None
        merge = merge_of(request.victim, request.keeper)
        if merge and (folder := self._protection.covers(merge.target)) is not None:
            raise Refused(
                f"its metadata cannot be merged: {shown(folder)}, where the copy that stays is, "
                "is protected"
            )
        return merge

    def _check_keeper(self, request: RemovalRequest) -> None:
        victim, keeper = request.victim, request.keeper
        if request.kind is Kind.DIFFERENT:
            raise Refused("it was found to be a different picture")
        if keeper is None:
            if not self._whole_groups:
                raise Refused("no copy of it would stay")
            return
        if keeper.path == victim.path:
            raise Refused("it cannot be its own copy")
        if keeper.offline:
            raise Refused("the drive with the copy that stays is not connected")
        if trash.is_in_trash(keeper.path):
            raise Refused("the copy that stays is in a trash")
        if request.kind is Kind.IDENTICAL and victim.hashes.content != keeper.hashes.content:
            raise Refused("it is not identical to the copy that stays")
        _check_raw(victim, keeper, request.kind)


def _check_raw(victim: PhotoRecord, keeper: PhotoRecord, kind: Kind) -> None:
    """A RAW never goes for a picture without one, and never for its own JPEG."""
    raws = [path for path in unit_paths(victim) if is_raw(path)]
    kept = [path for path in unit_paths(keeper) if is_raw(path)]
    if raws and not kept:
        raise Refused("it is a RAW, and the copy that stays is none")
    if kind is Kind.IDENTICAL and len(raws) > len(kept):
        raise Refused("it has more RAW files than the copy that stays")
    is_pair = is_raw(victim.path) != is_raw(keeper.path)
    if is_pair and os.path.splitext(victim.path)[0] == os.path.splitext(keeper.path)[0]:
        raise Refused("RAW and JPEG of one shot are one photo, not copies")


def _pictures(photo: PhotoRecord) -> list[bytes]:
    """Its files that show the picture; a sidecar may be shared, these may not."""
    others = [each.path for each in photo.companions]
    return [photo.path, *(path for path in others if is_picture(path) or is_raw(path))]


@dataclass(slots=True)
class _Sum:
    """What was found on one volume so far."""

    has_trash: bool
    destination: _Path | None
    reason: str
    photos: int = 0
    bytes: int = 0


@dataclass(slots=True)
class _Places:
    """Looks up each folder's trash once and adds up what goes where."""

    fallback_volumes: frozenset[bytes]
    _tops: dict[bytes, bytes] = field(default_factory=dict)
    _trashes: dict[bytes, trash.Trash | None] = field(default_factory=dict)
    _sums: dict[bytes, _Sum] = field(default_factory=dict)

    def place(self, request: RemovalRequest) -> PlannedItem:
        """Where the victim goes; Refused if nowhere."""
        folder = os.path.dirname(request.victim.path)
        try:
            top = self._look_up(folder)
        except OSError as error:
            raise Refused("its folder is not there any more") from error
        found, total = self._trashes[folder], self._sums[top]
        total.photos += 1
        total.bytes += request.victim.bytes_total
        if found is None:
            if top not in self.fallback_volumes or total.destination is None:
                raise Refused(total.reason)
            return PlannedItem(request, top, fallback=True)
        for path, size in _sizes(request.victim):
            if (reason := found.refusal(path, size)) is not None:
                raise Refused(reason)
        return PlannedItem(request, top, fallback=False)

    def summaries(self) -> tuple[VolumeSummary, ...]:
        return tuple(
            VolumeSummary(
                top, each.photos, each.bytes, each.has_trash, each.destination, each.reason
            )
            for top, each in sorted(self._sums.items())
        )

    def _look_up(self, folder: bytes) -> bytes:
        if folder in self._tops:
            return self._tops[folder]
        top = volume_of(folder).top
        try:
            found = trash.find(folder, fallback=False)
            self._trashes[folder] = found
            total = _Sum(has_trash=True, destination=found.folder, reason="")
        except Refused as refusal:
            self._trashes[folder] = None
            place = trash.fallback_folder(folder)
            total = _Sum(has_trash=False, destination=place, reason=str(refusal))
        self._sums.setdefault(top, total)
        self._tops[folder] = top  # last: an error on the way must be met again by the next photo
        return top


def _sizes(photo: PhotoRecord) -> list[tuple[bytes, int]]:
    files = (photo.file, *photo.companions)
    return [(each.path, each.size) for each in files]


def _questions(items: Sequence[PlannedItem]) -> Iterable[str]:
    """What a large selection has to be asked about."""
    files = sum(1 + len(each.victim.companions) for each in items)
    if files > LARGE_BATCH_FILES:
        yield f"This removes {files:,} files at once."
    victims = Counter(os.path.dirname(each.victim.path) for each in items)
    for folder, count in victims.items():
        if count < LARGE_FOLDER_FILES:
            continue
        there = _count_pictures(folder)
        if count > LARGE_FOLDER_SHARE * there:
            yield f"This removes {count:,} of the {there:,} pictures in {shown(folder)}."


def _count_pictures(folder: bytes) -> int:
    try:
        with os.scandir(folder) as entries:
            return sum(is_picture(entry.name) or is_raw(entry.name) for entry in entries)
    except OSError:
        return 0
