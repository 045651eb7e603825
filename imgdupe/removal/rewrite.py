# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""Gives a file that stays new bytes (metadata merged into it), and its old bytes back.

Called within the removal that the metadata comes from, and when that is undone or was cut short.
The new version is written into a reserved place in the trash and made durable there. Then the two
files change places in one step: at no moment is the name empty or half written, and from that step
on the old version, the very same file, lies in the trash. A new sidecar is simply moved into place.
Where things are decides what is taken back. What is unlinked is only what was written here.
"""

from __future__ import annotations

import errno
import os
import shutil
from contextlib import ExitStack
from dataclasses import dataclass

import xxhash

from imgdupe.removal import trash
from imgdupe.removal.entries import EntryMerge
from imgdupe.removal.identity import (
    Held,
    Refused,
    Unreadable,
    content,
    hold,
    is_there,
    read_all,
    shown,
    verify_moved,
)
from imgdupe.removal.merge_metadata import Merge, new_bytes
from imgdupe.removal.moves import exchange, rename_noreplace, sync_folder
from imgdupe.removal.trash import FolderTrash, Slot, release

_LARGEST_BYTES = 512 << 20


@dataclass(frozen=True, slots=True)
class Rewrite:
    """A file that is to get `body`. `before`: the file as it is, open, with its content; or new."""

    merge: Merge
    body: bytes
    before: tuple[Held, bytes] | None
    trash: FolderTrash
    trusted: bool

    def entry(self, slot: Slot) -> EntryMerge:
        """What the journal says of it."""
        if slot.path is None or slot.info is None:
            raise ValueError("a folder's trash has paths")
        return EntryMerge(
            path=self.merge.target,
            slot=slot.path,
            info=slot.info,
            content_before=self.before[1] if self.before else None,
            content_after=xxhash.xxh3_128(self.body).digest(),
            size=len(self.body),
            fields=tuple(f"{each.name}: {each.after}" for each in self.merge.fields),
        )

    def apply(self, entry: EntryMerge) -> None:
        """Write, make durable, change places, verify. OSError, Refused: to be taken back."""
        self._write(entry.slot)
        if self.before is None:
            rename_noreplace(entry.slot, entry.path)
        else:
            exchange(entry.slot, entry.path)
            held, found = self.before
            verify_moved(entry.slot, held, found, trusted=self.trusted)
        _sync(entry)
        release(Slot(entry.slot, entry.info))

    def _write(self, slot: bytes) -> None:
        mode = 0o666 if self.before is None else 0o600
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
        descriptor = os.open(slot, flags, mode)
        try:
            body = memoryview(self.body)
            while body:
                body = body[os.write(descriptor, body) :]
            if self.before is not None:
                _dress(slot, self.before[0])
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        sync_folder(os.path.dirname(slot))


def prepare(merge: Merge, stack: ExitStack, *, fallback: bool, trusted: bool) -> Rewrite:
    """Everything that can be done before the journal is written. The target stays open."""
    folder = os.path.dirname(merge.target)
    place = trash.keeping_place(folder, fallback=fallback)
    if merge.is_new:
        return Rewrite(merge, new_bytes(merge, None), None, place, trusted)
    held = stack.enter_context(hold(merge.target))
    if held.identity.size > _LARGEST_BYTES:
        raise Refused(f"{shown(merge.target)} is too large to be written again")
    found = content(held)
    return Rewrite(merge, new_bytes(merge, read_all(held)), (held, found), place, trusted)


def take_back(entry: EntryMerge, *, was_done: bool) -> str | None:
    """The old bytes under their name again; what a person has to know about it, or None. OSError.

    `was_done`: the removal had come to its end, so that others may have changed either file since.
    """
    ours = _content_at(entry.path) == entry.content_after
    if entry.content_before is None:
        note = _take_back_new(entry, ours=ours)
    else:
        note = _change_back(entry, entry.content_before, ours=ours, was_done=was_done)
    _drop_unused(entry)
    return note


def _take_back_new(entry: EntryMerge, *, ours: bool) -> str | None:
    if not is_there(entry.path):
        return None
    if is_there(entry.slot) and not os.path.samefile(entry.path, entry.slot):
        return None  # it never came to its place
    if not ours:
        return f"{shown(entry.path)} was changed since its metadata was merged, and stays"
    os.unlink(entry.path)
    sync_folder(os.path.dirname(entry.path))
    return None


def _change_back(entry: EntryMerge, before: bytes, *, ours: bool, was_done: bool) -> str | None:
    kept = _content_at(entry.slot)
    if kept == entry.content_after:
        return None  # never changed places, or changed back already
    if kept is None and was_done and ours:
        return f"{shown(entry.path)} keeps the merged metadata: its trash was emptied"
    if kept is None:
        return None
    if not is_there(entry.path) and kept == before:
        rename_noreplace(entry.slot, entry.path)
    elif ours and (kept == before or not was_done):
        exchange(entry.slot, entry.path)
    elif not was_done and _content_at(entry.path) == before:
        return None  # half written when it was cut short
    else:
        return (
            f"{shown(entry.path)} was changed since metadata was merged into it, and stays; "
            f"what it was before is in the trash as {shown(entry.slot)}"
        )
    _sync(entry)
    return None


def _drop_unused(entry: EntryMerge) -> None:
    """What was written here and is not needed: complete, or half written before a kill."""
    found = _content_at(entry.slot)
    if found is not None and found != entry.content_before:
        half = os.lstat(entry.slot).st_size < entry.size and _is_untouched(entry)
        if found == entry.content_after or half:
            os.unlink(entry.slot)
            sync_folder(os.path.dirname(entry.slot))
    release(Slot(entry.slot, entry.info))


def _is_untouched(entry: EntryMerge) -> bool:
    """The file that was to be written is as it was, or was to be new: nothing changed places."""
    return entry.content_before in (None, _content_at(entry.path))


def _content_at(path: bytes) -> bytes | None:
    """What is in the file; None if there is none. OSError if that cannot be told now."""
    try:
        with hold(path) as held:
            return content(held)
    except Unreadable as error:
        raise OSError(errno.EACCES, str(error), path) from error
    except Refused:
        return None


def _dress(path: bytes, held: Held) -> None:
    """The mode, owner, times and extended attributes of the file that it replaces."""
    shutil.copystat(held.path, path)
    if hasattr(os, "chown") and os.stat(path).st_uid != held.status.st_uid:
        os.chown(path, held.status.st_uid, held.status.st_gid)


def _sync(entry: EntryMerge) -> None:
    for folder in {os.path.dirname(entry.path), os.path.dirname(entry.slot)}:
        sync_folder(folder)
