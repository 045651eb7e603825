# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""The library's folders with what they hold.

`summarise` is pure and may run in a job; the model lives on the main thread.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from PySide6.QtCore import QCoreApplication

from imgdupe.catalog.catalog import Root
from imgdupe.gui import formatting
from imgdupe.gui.models.tables import Column, TableModel
from imgdupe.records import Group

translate = QCoreApplication.translate


class Role(StrEnum):
    """What a folder means to the suggestions and to removal."""

    NORMAL = "normal"
    PREFERRED = "preferred"
    PROTECTED = "protected"


@dataclass(frozen=True, slots=True)
class FolderRow:
    """One folder of the library. `copies`: photos in it that are not their group's keeper."""

    path: bytes
    photos: int
    online: bool
    copies: int
    reclaimable_bytes: int
    role: Role


def summarise(
    roots: Sequence[Root],
    groups: Sequence[Group],
    preferred: Sequence[bytes],
    protected: Sequence[bytes],
) -> list[FolderRow]:
    """Count each folder's copies; a photo belongs to the folder that it lies in."""
    copies: Counter[bytes] = Counter()
    size: Counter[bytes] = Counter()
    prefixes = [(root.path, os.path.join(root.path, b"")) for root in roots]
    for group in groups:
        for member in group.members:
            if member.keeper:
                continue
            path = member.photo.path
            for root, prefix in prefixes:
                if path.startswith(prefix):
                    copies[root] += 1
                    size[root] += member.photo.bytes_total
                    break
    return [
        FolderRow(
            root.path,
            root.photos,
            root.online,
            copies[root.path],
            size[root.path],
            _role(root.path, preferred, protected),
        )
        for root in roots
    ]


def _role(path: bytes, preferred: Sequence[bytes], protected: Sequence[bytes]) -> Role:
    if path in protected:
        return Role.PROTECTED
    return Role.PREFERRED if path in preferred else Role.NORMAL


def role_text(role: Role) -> str:
    """The role in a word."""
    return {
        Role.NORMAL: translate("folder", "Normal"),
        Role.PREFERRED: translate("folder", "Preferred"),
        Role.PROTECTED: translate("folder", "Protected"),
    }[role]


def state_text(row: FolderRow) -> str:
    """Whether the folder is there."""
    return translate("folder", "Here") if row.online else translate("folder", "Not there now")


class FoldersModel(TableModel[FolderRow]):
    """Folder, photos, copies, size of the copies, role, state."""

    def __init__(self) -> None:
        number = formatting.number
        super().__init__(
            (
                Column(
                    translate("folder", "Folder"),
                    lambda row: formatting.home_path(row.path),
                    tip=lambda row: formatting.path(row.path),
                ),
                Column(
                    translate("folder", "Photos"),
                    lambda row: number(row.photos),
                    lambda row: row.photos,
                    right=True,
                ),
                Column(
                    translate("folder", "Copies"),
                    lambda row: number(row.copies),
                    lambda row: row.copies,
                    right=True,
                ),
                Column(
                    translate("folder", "In copies"),
                    lambda row: formatting.size(row.reclaimable_bytes),
                    lambda row: row.reclaimable_bytes,
                    right=True,
                ),
                Column(translate("folder", "Role"), lambda row: role_text(row.role)),
                Column(translate("folder", "State"), state_text),
            )
        )
