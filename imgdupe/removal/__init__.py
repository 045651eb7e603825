# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""The only code that moves or writes a user's file, and the order in which it does so.

A window or a command calls `plan()`, `execute()`, `undo()`; a start calls `recover()` first.
One *entry* of the journal is one photo with its companions; they share one fate::

    plan.py      PLANNED ------------------------------> refused: it stays, with a reason
                    | check.py: open, read, compare, now      (a)
                    v
                 CHECKED ------------------------------> refused
                    | trash.py: reserve the slots
                    | journal.py: row + line, durable
                    v
                 INTENT  --- nothing moved ------------> VOID
                    | rewrite.py: metadata into the copy that stays, if asked for:
                    |   its new version changes places with the old one, which is in the trash then
                    | moves.py: rename, never replacing
                    v
                (MOVED)  --- another file was there ---> RESTORED
                    | keeper looked up and read again
                    |------- keeper gone --------------> RESTORED, the batch stops
                    | both folders to the disk
                    v
                 TRASHED (CONFIRMED; only now the catalog changes)
                    | undo.py: the file in the trash is the journalled one
                    v
                 UNDOING --- not possible -------------> TRASHED
                    | moves.py: rename, never replacing; rewrite.py: the old version back
                    v
                 UNDONE

    recover.py   INTENT  with a filled slot -> brought back, RESTORED; name taken -> NEEDS_USER
                 INTENT  with an empty slot -> VOID; either way, merged metadata is taken back
                 UNDOING -> finished, by where the file is
                 NEEDS_USER -> tried again at every start; the file stays in the trash meanwhile

MOVED is not written down: whether the slot is filled says it, also after a power cut.

(a) Nothing that was measured earlier decides: not the catalog, not the scan, not the plan.

There is no function here that deletes a photograph. What is unlinked is this package's own:
info files of empty slots, probe files, versions with merged metadata that it wrote and that are
not in use, and the second name of a file where a volume can only link and unlink.
"""
