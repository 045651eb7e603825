# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""What a start does first: bring every removal that was cut short to an end.

Called before any window or command, and before each batch, while the library's lock is held.
Where a file is decides. Afterwards a photo is in the library or in a trash, and the journal says
which; what needs a person is named and tried again at every start.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field, replace

from imgdupe.removal import rewrite
from imgdupe.removal.entries import Entry, Identity, State
from imgdupe.removal.journal import Journal
from imgdupe.removal.plan import Refusal
from imgdupe.removal.settle import finish_undo, take_back
from imgdupe.removal.trash import Slot, release


@dataclass(slots=True)
class RecoveryReport:
    """What was settled.

    `restored`: photos back in the library; `void`: removals that never happened; `undone`:
    (old path, path now); `needs_user`: photos that wait in a trash, and what to do.
    """

    restored: list[bytes] = field(default_factory=list)
    void: list[bytes] = field(default_factory=list)
    undone: list[tuple[bytes, bytes]] = field(default_factory=list)
    needs_user: list[Refusal] = field(default_factory=list)

    def messages(self) -> tuple[str, ...]:
        """Each thing that the user should know, as a sentence."""
        found = []
        if self.restored:
            found.append(f"A removal was cut short: {_photos(len(self.restored))} brought back.")
        if self.undone:
            found.append(f"An undo was cut short and is done now: {_photos(len(self.undone))}.")
        found.extend(f"Not settled: {each.reason}." for each in self.needs_user)
        return tuple(found)


def _photos(count: int) -> str:
    return "1 photo" if count == 1 else f"{count} photos"


def recover(journal: Journal) -> RecoveryReport:
    """Settle every open entry, the last first; JournalUnavailable if that cannot be written."""
    report = RecoveryReport()
    for entry in reversed(journal.open_entries()):
        settled = _settle(entry)
        if settled != entry:
            journal.put(settled)
        _report(settled, report)
    for entry in journal.newest():
        if entry.state is State.TRASHED and _is_back(entry):
            journal.put(_returned(entry))
            report.restored.append(entry.victim)
    journal.litter.sweep()
    return report


def _settle(entry: Entry) -> Entry:
    is_undo = entry.state is State.UNDOING or any(file.back for file in entry.files)
    try:
        if is_undo:
            return finish_undo(entry)
        return take_back(entry, "imgdupe was ended while it was moved")
    except OSError as error:
        return replace(entry, state=State.NEEDS_USER, reason=str(error))


def _returned(entry: Entry) -> Entry:
    """Nothing of a photo that is back is left in the trash."""
    reason = "it is back in its folder"
    try:
        if entry.merge and (note := rewrite.take_back(entry.merge, was_done=True)):
            reason += f"; {note}"
        for file in entry.files:
            release(Slot(file.slot, file.info))
    except OSError as error:
        reason += f"; {error}"
    return replace(entry, state=State.RESTORED, reason=reason)


def _is_back(entry: Entry) -> bool:
    """The journal's last word was lost with a failing disk, or a file manager brought it back."""
    for file in entry.files:
        try:
            status = os.lstat(file.path)
        except OSError:
            return False
        if file.slot is None or os.path.lexists(file.slot) or Identity.of(status) != file.identity:
            return False
    return True


def _report(entry: Entry, report: RecoveryReport) -> None:
    if entry.state is State.RESTORED:
        report.restored.append(entry.victim)
    elif entry.state is State.VOID:
        report.void.append(entry.victim)
    elif entry.state is State.UNDONE:
        report.undone.append((entry.victim, entry.files[0].back or entry.victim))
    else:
        report.needs_user.append(Refusal(entry.victim, entry.reason))
