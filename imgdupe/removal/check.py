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

from imgdupe.library.formats import is_companion, is_raw
from imgdupe.records import Kind, PhotoRecord
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
from imgdupe.removal.merge_metadata import merge_of
from imgdupe.removal.plan import PlannedItem
from imgdupe.removal.rewrite import Rewrite, prepare
from imgdupe.removal.units import photos_of_stem, unit_paths
from imgdupe.removal.volumes import Protection, Volume, volume_of


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
    rewrite: Rewrite | None


@dataclass(frozen=True, slots=True)
class Rewritten:
    """A keeper that got metadata in this batch.

    `shown_at`: where the bytes that were shown lie now; `content`: xxh3-128 of its own since.
    """

    shown_at: bytes
    content: bytes


@dataclass(slots=True)
class Context:
    """What the checks of one batch share.

    `left_over`: sidecars that stayed for another member; `rewritten`: keepers, by path.
    """

    items: Sequence[PlannedItem]
    protected: Sequence[bytes]
    litter: Litter
    still_decodes: Callable[[bytes], bool]
    left_over: set[bytes] = field(default_factory=set)
    rewritten: dict[bytes, Rewritten] = field(default_factory=dict)
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

    def note_rewrite(self, path: bytes, kept_at: bytes, content: bytes) -> None:
        """The keeper at `path` has other bytes now; those that were shown lie elsewhere."""
        first = self.rewritten.get(path)
        self.rewritten[path] = Rewritten(first.shown_at if first else kept_at, content)
        self._keep(path)

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
        rewrite = _prepare_rewrite(item, stack, context)
        for file in (*files, *(each.held for each in kept)):
            refuse_if_changed(file)
        yield Checked(
            files=tuple(map(CheckedFile, files, contents)),
            keepers=tuple(kept),
            trash=place,
            trusted=context.volume(os.path.dirname(victim.path)).trusted,
            rewrite=rewrite,
        )


def _prepare_rewrite(item: PlannedItem, stack: ExitStack, context: Context) -> Rewrite | None:
    """What the copy that stays is to get, looked up again now."""
    if item.merge is None or item.keeper is None:
        return None
    merge = merge_of(item.victim, item.keeper)
    if merge is None:
        return None  # another photo of this batch brought it already
    if (folder := Protection(context.protected).covers(merge.target)) is not None:
        raise Refused(f"its metadata cannot be merged: {shown(folder)} is protected")
    trusted = context.volume(os.path.dirname(merge.target)).trusted
    return prepare(merge, stack, fallback=item.fallback, trusted=trusted)


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
    ours = context.rewritten.get(keeper.path)
    as_shown = held if ours is None else stack.enter_context(hold(ours.shown_at))
    found = common_digest(files[0], as_shown) if is_identical else content(as_shown)
    if found is None:
        raise Refused("it is not identical to the copy that stays any more")
    if found != keeper.hashes.content or (ours and content(held) != ours.content):
        raise Refused("the copy that stays changed since the scan; scan again")
    raws = _check_raws(files, keeper, stack, must_be_equal=is_identical)
    if not is_identical and not context.still_decodes(keeper.path):
        raise Refused("the copy that stays cannot be opened as a picture any more")
    return [CheckedFile(held, ours.content if ours else found), *raws]


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
    photos = photos_of_stem(victim.path)
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
