# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""Brings removed photos back from the trash, the last one first, never over another file.

Called in a job's thread or by a command, while the library's lock is held. A photo and its
companions come back together; where a name is taken, all of them get ` (restored)`.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, replace

from imgdupe.errors import UserError
from imgdupe.removal.entries import UNDOABLE, Entry, EntryFile, State
from imgdupe.removal.identity import Refused, content, hold, shown
from imgdupe.removal.journal import Journal, JournalUnavailable
from imgdupe.removal.plan import Refusal
from imgdupe.removal.recover import recover
from imgdupe.removal.settle import finish_undo, restored_tag


@dataclass(frozen=True, slots=True)
class UndoResult:
    """`restored`: (old path, path now) of each photo; `failed`: what stays in the trash, why.

    `notes`: photos that are back while something else is not as it was; `rewritten`: photos that
    stayed and lost the metadata that was merged into them.
    """

    batch: str
    restored: tuple[tuple[bytes, bytes], ...]
    failed: tuple[Refusal, ...]
    notes: tuple[Refusal, ...] = ()
    rewritten: tuple[bytes, ...] = ()


def undo(journal: Journal, batch: str | None, paths: Sequence[bytes] | None) -> UndoResult:
    """Bring back a batch (None: the newest that can be), or only these photos of it.

    UserError if there is no such batch. JournalUnavailable before anything is moved.
    """
    recover(journal)
    chosen = batch or journal.last_undoable()
    entries = journal.entries(chosen) if chosen else []
    if chosen is None or not entries:
        name = f"There is no batch {batch}" if batch else "There is nothing to undo"
        raise UserError(f"{name}; `imgdupe history` lists what was removed.")
    wanted = None if paths is None else set(paths)
    restored: list[tuple[bytes, bytes]] = []
    failed: list[Refusal] = []
    notes: list[Refusal] = []
    rewritten: list[bytes] = []
    for entry in reversed(entries):
        if wanted is not None and entry.victim not in wanted:
            continue
        if entry.state not in UNDOABLE:
            if wanted is not None:
                failed.append(Refusal(entry.victim, f"it is not in the trash ({entry.state})"))
            continue
        try:
            done = _undo(journal, entry)
            restored.append((entry.victim, done.files[0].back or done.victim))
            if done.merge and done.keeper:
                rewritten.append(done.keeper)
            if done.reason:
                notes.append(Refusal(entry.victim, done.reason))
        except Refused as refusal:
            failed.append(Refusal(entry.victim, str(refusal)))
        except OSError as error:
            failed.append(Refusal(entry.victim, error.strerror or str(error)))
    kept = tuple(dict.fromkeys(rewritten))
    return UndoResult(chosen, tuple(restored), tuple(failed), tuple(notes), kept)


def _undo(journal: Journal, entry: Entry) -> Entry:
    """One photo; its entry, UNDONE. Refused or OSError: it stays in the trash."""
    waiting = [file for file in entry.files if _is_waiting(file, entry)]
    for file in waiting:
        _check(file)
    backs = _names(waiting)
    aimed = tuple(replace(file, back=backs.get(file.path, file.back)) for file in entry.files)
    undoing = replace(entry, state=State.UNDOING, reason="", files=aimed)
    journal.put(undoing)
    try:
        done = finish_undo(undoing)
    except OSError:
        _step_back(journal, undoing, entry)
        raise
    _write_down(journal, done)
    if done.state is not State.UNDONE:
        raise Refused(done.reason)
    return done


def _step_back(journal: Journal, undoing: Entry, entry: Entry) -> None:
    """Nothing came back: the entry is in the trash as before. Something did: recovery ends it."""
    slots = [file.slot for file in entry.files]
    if all(slot is not None and os.path.lexists(slot) for slot in slots):
        _write_down(journal, replace(undoing, state=entry.state, files=entry.files))


def _write_down(journal: Journal, entry: Entry) -> None:
    """The file is where it belongs already; a journal that fails now is settled at the start."""
    try:
        journal.put(entry)
    except JournalUnavailable:
        if entry.state is not State.UNDONE:
            raise


def _is_waiting(file: EntryFile, entry: Entry) -> bool:
    """In the trash still; of an entry that needs the user, some files may be back already."""
    if entry.state is State.TRASHED:
        return True
    return file.slot is not None and os.path.lexists(file.slot)


def _check(file: EntryFile) -> None:
    """The file in the trash is the journalled one; else Refused."""
    if file.slot is None:
        raise Refused("the system did not say where in the trash it is; restore it from there")
    if not os.path.lexists(file.slot):
        raise Refused(
            f"{shown(file.slot)} is not there: the trash was emptied, the photo was restored by "
            "another program, or its drive is not connected"
        )
    with hold(file.slot) as held:
        if content(held) != file.content:
            raise Refused(f"{shown(file.slot)} was changed in the trash; it stays there")


def _names(files: Sequence[EntryFile]) -> dict[bytes, bytes]:
    """The path that each file comes back to: its own, or all with the same tag after the stem."""
    if not files:
        raise Refused("nothing of it is in the trash any more")
    stem = os.path.splitext(files[0].path)[0]
    number = 0
    while True:
        tag = restored_tag(number) if number else b""
        names = {file.path: _tagged(file.path, stem, tag) for file in files}
        if not any(os.path.lexists(name) for name in names.values()):
            return names
        number += 1


def _tagged(path: bytes, stem: bytes, tag: bytes) -> bytes:
    if path.startswith(stem):
        return stem + tag + path[len(stem) :]
    own, suffix = os.path.splitext(path)
    return own + tag + suffix
