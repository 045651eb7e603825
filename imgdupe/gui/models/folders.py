# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""The library's folders with what they hold.

`summarise` is pure and may run in a job; the model lives on the main thread.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from PySide6.QtCore import QCoreApplication

from imgdupe.catalog.catalog import Root
from imgdupe.catalog.settings import Settings
from imgdupe.gui import formatting
from imgdupe.gui.models.tables import Column, TableModel
from imgdupe.records import Group, Shelf

translate = QCoreApplication.translate


class Role(StrEnum):
    """What a folder means to the groups, the suggestions and the removal."""

    NORMAL = "normal"
    PREFERRED = "preferred"
    PROTECTED = "protected"
    IGNORED = "ignored"


@dataclass(frozen=True, slots=True)
class FolderRow:
    """One folder of the library.

    duplicated: photos in it of which there is an identical file or the same picture; of those,
    `copies` are not what is suggested to stay, and would free `reclaimable_bytes`. overlap: other
    folders of the library that have some of its photos too, and how many, the most first;
    elsewhere: how many any of them has.
    """

    path: bytes
    photos: int
    online: bool
    copies: int
    reclaimable_bytes: int
    role: Role
    duplicated: int = 0
    elsewhere: int = 0
    overlap: tuple[tuple[bytes, int], ...] = ()


@dataclass(slots=True)
class _Tally:
    duplicated: int = 0
    copies: int = 0
    size: int = 0
    elsewhere: int = 0
    overlap: Counter[bytes] = field(default_factory=Counter)


def roles_of(settings: Settings) -> dict[bytes, Role]:
    """The folders that are not normal; protected wins."""
    roles = {
        Role.IGNORED: settings.ignored,
        Role.PREFERRED: settings.preferred,
        Role.PROTECTED: settings.protected,
    }
    return {os.fsencode(path): role for role, paths in roles.items() for path in paths}


def summarise(
    roots: Sequence[Root], groups: Sequence[Group], roles: Mapping[bytes, Role]
) -> list[FolderRow]:
    """Count each folder's copies; a photo belongs to the innermost folder that it lies in.

    Other frames and look-alikes are no copies. roles: of the folders that are not normal.
    """
    prefixes = [(os.path.join(root.path, b""), root.path) for root in roots]
    prefixes.sort(key=lambda each: -len(each[0]))
    tallies = {root.path: _Tally() for root in roots}
    for group in groups:
        if group.shelf in {Shelf.IDENTICAL, Shelf.SAME_PICTURE}:
            _count(group, prefixes, tallies)
    return [_row(root, tallies[root.path], roles) for root in roots]


def _count(
    group: Group, prefixes: Sequence[tuple[bytes, bytes]], tallies: Mapping[bytes, _Tally]
) -> None:
    homes = [_home(member.photo.path, prefixes) for member in group.members]
    folders = {home for home in homes if home is not None}
    for member, home in zip(group.members, homes, strict=True):
        if home is None:
            continue
        tally, others = tallies[home], folders - {home}
        tally.duplicated += 1
        tally.elsewhere += bool(others)
        tally.overlap.update(others)
        if not member.keeper:
            tally.copies += 1
            tally.size += member.photo.bytes_total


def _home(path: bytes, prefixes: Sequence[tuple[bytes, bytes]]) -> bytes | None:
    return next((root for prefix, root in prefixes if path.startswith(prefix)), None)


def _row(root: Root, tally: _Tally, roles: Mapping[bytes, Role]) -> FolderRow:
    return FolderRow(
        root.path,
        root.photos,
        root.online,
        tally.copies,
        tally.size,
        roles.get(root.path, Role.NORMAL),
        tally.duplicated,
        tally.elsewhere,
        tuple(tally.overlap.most_common()),
    )


def overlap_text(row: FolderRow) -> str:
    """Such as "62 %": the share of its photos that other folders have too."""
    return formatting.percent(row.elsewhere / row.photos) if row.photos else ""


def overlap_tip(row: FolderRow) -> str:
    """Folder by folder."""
    lines = [
        translate("folder", "{0} also in {1}").format(
            formatting.photos(count), formatting.home_path(path)
        )
        for path, count in row.overlap
    ]
    return "\n".join(lines) or translate("folder", "no other folder has photos of this one")


def role_text(role: Role) -> str:
    """The role in a word."""
    return {
        Role.NORMAL: translate("folder", "Normal"),
        Role.PREFERRED: translate("folder", "Preferred"),
        Role.PROTECTED: translate("folder", "Protected"),
        Role.IGNORED: translate("folder", "Ignored"),
    }[role]


def state_text(row: FolderRow) -> str:
    """Whether the folder is there."""
    return translate("folder", "Here") if row.online else translate("folder", "Not there now")


class FoldersModel(TableModel[FolderRow]):
    """Folder, photos, what of it there is twice, what others have too, role, state."""

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
                    translate("folder", "Duplicated"),
                    lambda row: number(row.duplicated),
                    lambda row: row.duplicated,
                    tip=lambda row: translate(
                        "folder", "of these, {0} are not suggested to stay"
                    ).format(number(row.copies)),
                    right=True,
                ),
                Column(
                    translate("folder", "Reclaimable"),
                    lambda row: formatting.size(row.reclaimable_bytes),
                    lambda row: row.reclaimable_bytes,
                    right=True,
                ),
                Column(
                    translate("folder", "Also elsewhere"),
                    overlap_text,
                    lambda row: row.elsewhere / max(row.photos, 1),
                    tip=overlap_tip,
                    right=True,
                ),
                Column(translate("folder", "Role"), lambda row: role_text(row.role)),
                Column(translate("folder", "State"), state_text),
            )
        )
