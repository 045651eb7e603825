# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""CHECKED: the last look before a photo moves. Everything is opened and read now.

Called by `execute` alone. Nothing measured earlier decides; what differs from what was shown is
refused with a reason. Only reads, but for the probe file of `alias`.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field

from imgdupe.library.formats import COMPANIONS, PICTURES, RAWS, is_companion, is_raw, suffix_of
from imgdupe.library.shots import pair
from imgdupe.records import FoundFile, Kind, Photo, PhotoRecord
from imgdupe.removal import trash
from imgdupe.removal.alias import is_alias
from imgdupe.removal.entries import Identity
from imgdupe.removal.identity import (
    Held,
    Refused,
    common_digest,
    content,
    hold,
    look,
    refuse_if_changed,
    shown,
)
from imgdupe.removal.litter import Litter
from imgdupe.removal.plan import PlannedItem, unit_paths
from imgdupe.removal.volumes import Protection, Volume, volume_of

_OURS = PICTURES | RAWS | COMPANIONS


@dataclass(frozen=True, slots=True)
class CheckedFile:
    """A file that may move: open, with its content (xxh3-128) as it was read just now."""

    held: Held
    content: bytes


@dataclass(frozen=True, slots=True)
class Checked:
    """A unit that may move.

    `files[0]` is the victim, `keepers[0]` the keeper; RAW files that stay for RAW files follow it.
    Nothing stays for a whole group.
    """

    files: tuple[CheckedFile, ...]
    keepers: tuple[CheckedFile, ...]
    trash: trash.Trash
    trusted: bool


@dataclass(slots=True)
class Context:
    """What the checks of one batch share. `left_over`: sidecars that stayed for another member."""

    items: Sequence[PlannedItem]
    protected: Sequence[bytes]
    litter: Litter
    still_decodes: Callable[[bytes], bool]
    left_over: set[bytes] = field(default_factory=set)
    _kept: dict[bytes, Identity | None] = field(default_factory=dict)
    _kept_nodes: set[tuple[int, int]] = field(default_factory=set)
    _kept_alike: dict[tuple[bytes, int], list[bytes]] = field(default_factory=dict)
    _volumes: dict[bytes, Volume] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for item in self.items:
            if item.keeper is not None and item.keeper.path not in self._kept:
                self._keep(item.keeper.path)

    def _keep(self, path: bytes) -> None:
        identity = self._kept[path] = _identity_now(path)
        if identity is not None:
            self._kept_nodes.add(identity.node)
            self._kept_alike.setdefault(_likeness(path, identity), []).append(path)

    def volume(self, folder: bytes) -> Volume:
        if folder not in self._volumes:
            self._volumes[folder] = volume_of(folder)
        return self._volumes[folder]

    def refuse_keepers(self, held: Held) -> None:
        """A file that stays for another photo of this batch is no victim, by whatever name."""
        if held.path in self._kept or held.identity.node in self._kept_nodes:
            raise Refused("one file with two names: it is the copy that stays for another photo")
        for path in self._kept_alike.get(_likeness(held.path, held.identity), ()):
            self.refuse_alias(held.path, path)

    def refuse_alias(self, victim: bytes, keeper: bytes) -> None:
        """Inodes differ; where that is no proof, a probe file decides."""
        ours = self.volume(os.path.dirname(victim))
        theirs = self.volume(os.path.dirname(keeper))
        if ours.trusted and theirs.trusted and ours.device == theirs.device:
            return
        if is_alias(victim, keeper, self.litter):
            raise Refused("one file with two names: removing it would remove the copy that stays")


def _identity_now(path: bytes) -> Identity | None:
    try:
        return Identity.of(look(path))
    except (Refused, OSError):
        return None  # its own item says so when its turn comes


def _likeness(path: bytes, identity: Identity) -> tuple[bytes, int]:
    """What two routes to one file have in common, but for case: its name and its size."""
    return os.path.basename(path).lower(), identity.size


@contextmanager
def checked(item: PlannedItem, context: Context) -> Iterator[Checked]:
    """Open and check everything; it stays open while the block runs. Refused, OSError."""
    victim, keeper = item.victim, item.keeper
    paths = _unit(victim, context)
    protection = Protection(context.protected)
    for path in paths:
        if (folder := protection.covers(path)) is not None:
            raise Refused(f"it is in the protected folder {shown(folder)}")
    if not os.access(os.path.dirname(victim.path), os.W_OK | os.X_OK):
        raise Refused("nothing may be moved out of its folder: no permission, or read-only")
    place = trash.find(os.path.dirname(victim.path), fallback=item.fallback)
    with ExitStack() as stack:
        files = [stack.enter_context(hold(path)) for path in paths]
        for file in files:
            context.refuse_keepers(file)
            if (reason := place.refusal(file.path, file.identity.size)) is not None:
                raise Refused(reason)
        kept = [] if keeper is None else _check_keeper(item, keeper, files, stack, context)
        contents = [_check_content(victim, file) for file in files]
        for file in (*files, *(each.held for each in kept)):
            refuse_if_changed(file)
        yield Checked(
            files=tuple(map(CheckedFile, files, contents)),
            keepers=tuple(kept),
            trash=place,
            trusted=context.volume(os.path.dirname(victim.path)).trusted,
        )


def _check_keeper(
    item: PlannedItem,
    keeper: PhotoRecord,
    files: Sequence[Held],
    stack: ExitStack,
    context: Context,
) -> list[CheckedFile]:
    """The copy that stays: another file, in its place, with the bytes that were shown."""
    held = stack.enter_context(hold(keeper.path))
    _refuse_same(files, held)
    context.refuse_alias(files[0].path, keeper.path)
    is_identical = item.request.kind is Kind.IDENTICAL
    found = common_digest(files[0], held) if is_identical else content(held)
    if found is None:
        raise Refused("it is not identical to the copy that stays any more")
    if found != keeper.hashes.content:
        raise Refused("the copy that stays changed since the scan; scan again")
    raws = _check_raws(files, keeper, stack, must_be_equal=is_identical)
    if not is_identical and not context.still_decodes(keeper.path):
        raise Refused("the copy that stays cannot be opened as a picture any more")
    return [CheckedFile(held, found), *raws]


def _refuse_same(files: Sequence[Held], kept: Held) -> None:
    if any(file.identity.node == kept.identity.node for file in files):
        raise Refused("one file with two names: it is the copy that stays")


def _check_raws(
    files: Sequence[Held], keeper: PhotoRecord, stack: ExitStack, *, must_be_equal: bool
) -> list[CheckedFile]:
    """A RAW goes only where a RAW stays; for identical pictures it is the same one."""
    raws = [file for file in files if is_raw(file.path)]
    if not raws:
        return []
    paths = [path for path in unit_paths(keeper) if is_raw(path)]
    kept = [stack.enter_context(hold(path)) for path in paths]
    for each in kept:
        _refuse_same(files, each)
    if not kept:
        raise Refused("it is a RAW, and the copy that stays is none")
    contents = [content(each) for each in kept]
    if must_be_equal and not all(content(raw) in contents for raw in raws):
        raise Refused("its RAW file differs from the one that stays")
    return list(map(CheckedFile, kept, contents))


def _check_content(victim: PhotoRecord, held: Held) -> bytes:
    """The file's content, as it was shown: the victim by its bytes, companions by size and time."""
    found = content(held)
    if held.path == victim.path:
        if found != victim.hashes.content:
            raise Refused("it changed since the scan; scan again")
        return found
    for each in victim.companions:
        same = (each.size, each.mtime_ns) == (held.identity.size, held.identity.mtime_ns)
        if each.path == held.path and not same:
            raise Refused(f"{shown(held.path)} changed since the scan; scan again")
    return found


def _unit(victim: PhotoRecord, context: Context) -> list[bytes]:
    """The paths that move together, the victim first, as the folder is now.

    A sidecar that another picture of the same stem still needs stays; it goes with the last.
    """
    look(victim.path)
    photos = _photos_of_stem(victim.path)
    own = next((each for each in photos if each.primary.path == victim.path), None)
    if own is None:
        raise Refused("it belongs to another photo now; scan again")
    now = [each.path for each in own.companions]
    planned = set(unit_paths(victim))
    others = len(photos) > 1
    shared = {path for path in now if others and _is_shared(path, victim.path)}
    for path in sorted(set(now) - planned - shared - context.left_over):
        raise Refused(f"{shown(path)} belongs to it and was not there at the scan; scan again")
    for path in sorted(planned - {victim.path, *now}):
        raise Refused(f"{shown(path)} belonged to it at the scan; scan again")
    context.left_over |= shared
    return [victim.path, *(path for path in now if path not in shared)]


def _is_shared(path: bytes, victim: bytes) -> bool:
    """A sidecar of the stem, not of the one file whose whole name it carries."""
    return is_companion(path) and not path.startswith(os.path.basename(victim), _name_at(path))


def _name_at(path: bytes) -> int:
    return len(path) - len(os.path.basename(path))


def _photos_of_stem(path: bytes) -> list[Photo]:
    """The shots in the folder that share the file's stem, paired as the scan pairs them."""
    folder, name = os.path.split(path)
    stem = name[: len(name) - len(suffix_of(name))]
    with os.scandir(folder) as entries:
        names = [
            entry.name
            for entry in entries
            if _may_belong(entry.name, name, stem) and entry.is_file(follow_symlinks=False)
        ]
    files = [FoundFile(os.path.join(folder, each), 0, 0, 0, 0) for each in sorted(names)]
    photos = [each for each in pair(files) if isinstance(each, Photo)]
    return [each for each in photos if _stem(each.primary.path) == _stem(path)]


def _may_belong(other: bytes, name: bytes, stem: bytes) -> bool:
    """The file itself, whatever its suffix, or a picture or companion of its stem."""
    return other == name or (other.startswith(stem + b".") and suffix_of(other) in _OURS)


def _stem(path: bytes) -> bytes:
    return path[: len(path) - len(suffix_of(path))]
