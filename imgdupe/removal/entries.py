# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""The records of a removal and their form in the journal: one dictionary, for row and line alike.

Any thread. Touches no file. Paths are bytes; in the journal they are text with surrogate
escapes, and in hexadecimal too where a name is not UTF-8.
"""

from __future__ import annotations

import json
import os
import zlib
from dataclasses import asdict, dataclass, fields
from enum import StrEnum
from typing import Any

from imgdupe.records import Kind


class State(StrEnum):
    """Where an entry stands; the package's docstring draws the ways between them."""

    INTENT = "intent"
    TRASHED = "trashed"
    RESTORED = "restored"
    VOID = "void"
    UNDOING = "undoing"
    UNDONE = "undone"
    NEEDS_USER = "needs_user"


OPEN = frozenset({State.INTENT, State.UNDOING, State.NEEDS_USER})
UNDOABLE = frozenset({State.TRASHED, State.NEEDS_USER})


class DamagedEntry(ValueError):  # noqa: N818 - says what it is
    """A row or line is not what was written."""


@dataclass(frozen=True, slots=True)
class Identity:
    """What a file was when it was read: device, inode, size in bytes, st_mtime_ns."""

    device: int
    inode: int
    size: int
    mtime_ns: int

    @classmethod
    def of(cls, status: os.stat_result) -> Identity:
        return cls(status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns)

    @property
    def node(self) -> tuple[int, int]:
        """(device, inode): equal for two names of one file."""
        return self.device, self.inode


@dataclass(frozen=True, slots=True)
class EntryFile:
    """A file of the unit.

    `slot`: its path in the trash, None while only the system knows; `info`: the slot's info file;
    `back`: the path that an undo gives it.
    """

    path: bytes
    identity: Identity
    content: bytes
    slot: bytes | None
    info: bytes | None
    back: bytes | None = None


@dataclass(frozen=True, slots=True)
class EntryMerge:
    """Metadata that the removed copy alone had, written into a file that stays.

    `path`: that file; `slot`, `info`: its old version in the trash; contents are xxh3-128, None
    before if the file is new; `size` in bytes of the new version; `fields`: what, for people.
    """

    path: bytes
    slot: bytes
    info: bytes
    content_before: bytes | None
    content_after: bytes
    size: int
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """One photo's removal.

    `files[0]` is the victim, the others go with it; `seq` is 0 before the journal numbers it.
    `keeper`, its identity and content are None for a whole group.
    """

    seq: int
    batch: str
    at: str
    state: State
    reason: str
    kind: Kind
    probability: float
    keeper: bytes | None
    keeper_identity: Identity | None
    keeper_content: bytes | None
    files: tuple[EntryFile, ...]
    version: str
    merge: EntryMerge | None = None

    @property
    def victim(self) -> bytes:
        return self.files[0].path


_PATHS = frozenset({"path", "slot", "info", "back", "keeper"})
_HASHES = frozenset({"content", "keeper_content", "content_before", "content_after"})


def dump(entry: Entry) -> bytes:
    """The entry as one line of JSON with its CRC, without the line end."""
    document = _plain(asdict(entry))
    document["crc"] = _crc(document)
    return _text(document)


def load(line: bytes) -> Entry:
    """The entry of a row or line; DamagedEntry unless it is exactly what was written."""
    try:
        document = json.loads(line)
        crc = document.pop("crc")
        if crc != _crc(document):
            raise DamagedEntry("the checksum does not fit")
        return _entry(document)
    except DamagedEntry:
        raise
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise DamagedEntry(str(error)) from error


def _text(document: dict[str, Any]) -> bytes:
    return json.dumps(document, ensure_ascii=True, separators=(", ", ": ")).encode()


def _crc(document: dict[str, Any]) -> int:
    return zlib.crc32(_text(document))


def _plain(value: Any) -> Any:
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    if not isinstance(value, dict):
        return value
    plain: dict[str, Any] = {}
    for name, each in value.items():
        if isinstance(each, bytes):
            plain[name] = each.hex() if name in _HASHES else os.fsdecode(each)
            if name in _PATHS and not _is_utf8(each):
                plain[f"{name}_hex"] = each.hex()
        else:
            plain[name] = _plain(each)
    return plain


def _is_utf8(name: bytes) -> bool:
    try:
        name.decode()
    except UnicodeDecodeError:
        return False
    return True


def _path(document: dict[str, Any], name: str) -> bytes | None:
    if f"{name}_hex" in document:
        return bytes.fromhex(document[f"{name}_hex"])
    text = document[name]
    return None if text is None else os.fsencode(text)


def _needed(path: bytes | None) -> bytes:
    if not path:
        raise DamagedEntry("a path is missing")
    return path


def _identity(document: dict[str, Any]) -> Identity:
    return Identity(**{each.name: int(document[each.name]) for each in fields(Identity)})


def _file(document: dict[str, Any]) -> EntryFile:
    return EntryFile(
        path=_needed(_path(document, "path")),
        identity=_identity(document["identity"]),
        content=bytes.fromhex(document["content"]),
        slot=_path(document, "slot"),
        info=_path(document, "info"),
        back=_path(document, "back"),
    )


def _merge(document: dict[str, Any] | None) -> EntryMerge | None:
    if document is None:
        return None
    before = document["content_before"]
    return EntryMerge(
        path=_needed(_path(document, "path")),
        slot=_needed(_path(document, "slot")),
        info=_needed(_path(document, "info")),
        content_before=None if before is None else bytes.fromhex(before),
        content_after=bytes.fromhex(document["content_after"]),
        size=int(document["size"]),
        fields=tuple(map(str, document["fields"])),
    )


def _entry(document: dict[str, Any]) -> Entry:
    keeper = document["keeper_identity"]
    content = document["keeper_content"]
    files = tuple(_file(each) for each in document["files"])
    if not files:
        raise DamagedEntry("no file is named")
    return Entry(
        seq=int(document["seq"]),
        batch=str(document["batch"]),
        at=str(document["at"]),
        state=State(document["state"]),
        reason=str(document["reason"]),
        kind=Kind(document["kind"]),
        probability=float(document["probability"]),
        keeper=_path(document, "keeper"),
        keeper_identity=None if keeper is None else _identity(keeper),
        keeper_content=None if content is None else bytes.fromhex(content),
        files=files,
        version=str(document["version"]),
        merge=_merge(document.get("merge")),
    )
