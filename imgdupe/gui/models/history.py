# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""Removals as the history shows them: batches, their photos, and what can be brought back.

Main thread.
"""

from __future__ import annotations

import os
from datetime import datetime

from PySide6.QtCore import QCoreApplication

from imgdupe.gui import formatting
from imgdupe.gui.models.tables import Column, TableModel
from imgdupe.removal.entries import State
from imgdupe.removal.journal import Batch, BatchItem

translate = QCoreApplication.translate
_WENT = frozenset({State.TRASHED, State.UNDOING, State.UNDONE, State.NEEDS_USER})


def when(batch: Batch) -> str:
    """The day and minute of a removal, in local time."""
    return formatting.moment(datetime.fromisoformat(batch.at).timestamp())


def undoable(batch: Batch) -> list[BatchItem]:
    """What can still be brought back."""
    return [item for item in batch.items if item.undoable]


def is_gone(item: BatchItem) -> bool:
    """In the trash by the journal, but not there now."""
    return item.undoable and item.trash_path is not None and not os.path.lexists(item.trash_path)


def waiting(batch: Batch) -> list[BatchItem]:
    """What could not be put back without the user; it is safe in the trash meanwhile."""
    return [item for item in batch.items if item.state is State.NEEDS_USER]


def headline(batch: Batch) -> str:
    """Such as "231 photos, 1.94 GB"; files that never went are not counted."""
    went = [item for item in batch.items if item.state in _WENT]
    size = formatting.size(sum(item.size for item in went))
    return f"{formatting.photos(len(went))}, {size}"


def state_line(batch: Batch) -> str:
    """How a whole removal stands now."""
    went = sum(item.state in _WENT for item in batch.items)
    back = sum(item.state is State.UNDONE for item in batch.items)
    if went == 0:
        return translate("history", "nothing was moved")
    if needing := len(waiting(batch)):
        return translate("history", "{0} need you").format(formatting.number(needing))
    if back == 0:
        return translate("history", "in the trash")
    if back == went:
        return translate("history", "all brought back")
    return translate("history", "{0} of {1} brought back").format(
        formatting.number(back), formatting.number(went)
    )


def state_text(item: BatchItem) -> str:
    """Where a photo is now."""
    if is_gone(item):
        return translate("history", "No longer in the trash")
    return {
        State.INTENT: translate("history", "Interrupted"),
        State.TRASHED: translate("history", "In the trash"),
        State.RESTORED: translate("history", "Put back at once"),
        State.VOID: translate("history", "Not removed"),
        State.UNDOING: translate("history", "Being brought back"),
        State.UNDONE: translate("history", "Brought back"),
        State.NEEDS_USER: translate("history", "Waits in the trash"),
    }[item.state]


def reason_text(item: BatchItem) -> str:
    """Why it stands as it does, or what stays in its place."""
    if is_gone(item):
        return translate("history", "the trash was emptied, or its drive is not there now")
    if item.reason:
        return item.reason
    if item.keeper is None:
        return translate("history", "the whole group was removed")
    text = translate("history", "kept: {0}").format(formatting.home_path(item.keeper))
    if item.merged:
        text += " · " + translate("history", "merged into it: {0}").format(", ".join(item.merged))
    return text


class RemovedModel(TableModel[BatchItem]):
    """File, folder, size, state, and why."""

    def __init__(self) -> None:
        super().__init__(
            (
                Column(
                    translate("history", "File"),
                    lambda row: formatting.path(os.path.basename(row.path)),
                    tip=lambda row: formatting.path(row.path),
                ),
                Column(
                    translate("history", "Folder"),
                    lambda row: formatting.home_path(os.path.dirname(row.path)),
                    tip=lambda row: formatting.path(row.path),
                ),
                Column(
                    translate("history", "Size"),
                    lambda row: formatting.size(row.size),
                    lambda row: row.size,
                    right=True,
                ),
                Column(translate("history", "Where it is"), state_text),
                Column(translate("history", "Why"), reason_text),
            )
        )
