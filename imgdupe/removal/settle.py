# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""The two ways out of the middle of a move: take it back, or finish the undo.

Called by `execute` when a step fails, by `undo`, and by `recover` after a kill. Where a file is
decides, not what was meant. Never replaces a file.
"""

from __future__ import annotations

import os
from dataclasses import replace

from imgdupe.removal import rewrite
from imgdupe.removal.entries import Entry, EntryFile, State
from imgdupe.removal.identity import content, hold, is_there, shown
from imgdupe.removal.moves import (
    drop_second_name,
    is_second_name,
    make_folders,
    rename_noreplace,
    sync_folder,
)
from imgdupe.removal.trash import Slot, locate, release


def take_back(entry: Entry, reason: str) -> Entry:
    """An entry in INTENT, settled: RESTORED, VOID, or NEEDS_USER; the caller writes it down."""
    was_moved = False
    troubles: list[str] = []
    files = [_located(file) for file in entry.files]
    for file in reversed(files):
        if _is_filled(file):
            was_moved = True
            trouble = _bring_back(file)
        else:
            trouble = _why_empty(file)
        if trouble:
            troubles.append(trouble)
        else:
            release(Slot(file.slot, file.info))
    entry = replace(entry, files=tuple(files))
    note = rewrite.take_back(entry.merge, was_done=False) if entry.merge else None
    if troubles:
        return replace(entry, state=State.NEEDS_USER, reason="; ".join(troubles))
    was_moved = was_moved or note is not None
    state = State.RESTORED if was_moved else State.VOID
    return replace(entry, state=state, reason="; ".join(filter(None, (reason, note))))


def finish_undo(entry: Entry) -> Entry:
    """An entry in UNDOING, settled: UNDONE or NEEDS_USER; the caller writes it down.

    A name that was taken meanwhile makes the file come back under another one.
    """
    files: list[EntryFile] = []
    troubles: list[str] = []
    for file in entry.files:
        done = file
        if _is_filled(file):
            done, trouble = _put_back(file)
        else:
            back = _returned_as(file)
            done = replace(file, back=back)
            trouble = None if back else _why_gone(file)
        files.append(done)
        if trouble:
            troubles.append(trouble)
        else:
            release(Slot(file.slot, file.info))
    state = State.NEEDS_USER if troubles else State.UNDONE
    if entry.merge and (note := rewrite.take_back(entry.merge, was_done=True)):
        troubles.append(note)  # said, but nothing to wait for
    return replace(entry, state=state, reason="; ".join(troubles), files=tuple(files))


def _returned_as(file: EntryFile) -> bytes | None:
    """Where a file is that is not in its slot any more; None if it did not come back.

    Under the wanted name, or, if that was taken, under the one that was free then.
    """
    wanted = file.back or file.path
    number = 0
    candidate = wanted
    while is_there(candidate):
        status = os.lstat(candidate)
        if (status.st_size, status.st_mtime_ns) == (file.identity.size, file.identity.mtime_ns):
            return candidate
        number += 1
        candidate = _numbered(file.path, number)
    return wanted if is_there(wanted) else None  # edited since, most likely


def free_name(path: bytes) -> bytes:
    """`name (restored).ext`, or the next of these that is free."""
    number = 1
    while os.path.lexists(candidate := _numbered(path, number)):
        number += 1
    return candidate


def _numbered(path: bytes, number: int) -> bytes:
    stem, suffix = os.path.splitext(path)
    return stem + restored_tag(number) + suffix


def restored_tag(number: int) -> bytes:
    """What a name gets when its own is taken."""
    return b" (restored)" if number == 1 else f" (restored {number})".encode()


def _located(file: EntryFile) -> EntryFile:
    """With the slot that the system chose for it, if it moved and can be found."""
    if file.slot is not None or os.path.lexists(file.path):
        return file

    def has_content(path: bytes) -> bool:
        with hold(path) as held:
            return content(held) == file.content

    return replace(file, slot=locate(file.path, file.identity.size, has_content))


def _is_filled(file: EntryFile) -> bool:
    return file.slot is not None and is_there(file.slot)


def _bring_back(file: EntryFile) -> str | None:
    """From the slot to the file's own name; the trouble, if any."""
    if file.slot is None:
        raise ValueError("only a filled slot is brought back")
    if is_second_name(file.slot, file.path):  # killed between link and unlink
        drop_second_name(file.slot, file.path)
    else:
        try:
            _rename(file.slot, file.path)
        except FileExistsError:
            return (
                f"the name {shown(file.path)} is taken by another file; the photo is safe in the "
                f"trash as {shown(file.slot)}: undo brings it back under another name"
            )
    return None


def _put_back(file: EntryFile) -> tuple[EntryFile, str | None]:
    """From the slot to where the undo wants it, or beside that."""
    if file.slot is None:
        raise ValueError("only a filled slot is put back")
    target = file.back or file.path
    if is_second_name(file.slot, target):
        drop_second_name(file.slot, target)
        return file, None
    while True:
        try:
            _rename(file.slot, target)
        except FileExistsError:
            target = free_name(file.path)
        else:
            return replace(file, back=target), None


def _rename(slot: bytes, target: bytes) -> None:
    make_folders(os.path.dirname(target))
    rename_noreplace(slot, target)
    sync_folder(os.path.dirname(target))
    sync_folder(os.path.dirname(slot))


def _why_empty(file: EntryFile) -> str | None:
    """An empty slot is fine if its trash is there, or the file is where it was."""
    if is_there(file.path):
        return None
    if file.slot is None:
        return (
            f"{shown(file.path)} was being moved to the trash and is not in its folder: look for "
            "it in the trash of the system"
        )
    return None if os.path.isdir(os.path.dirname(file.slot)) else _why_gone(file)


def _why_gone(file: EntryFile) -> str:
    place = shown(file.slot) if file.slot else "the trash of the system"
    return (
        f"{shown(file.path)} is neither in its folder nor at {place}: connect the drive and start "
        "imgdupe again; if the trash was emptied, the photo is gone with it"
    )
