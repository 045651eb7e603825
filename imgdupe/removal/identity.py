# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""Which file lies at a path, now, and what is in it: through a descriptor, never through a name.

Called by the checks before and after a move, by undo and by recovery. Only reads. A link, a
folder, a FIFO or an online-only file is never opened for reading.
"""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import xxhash

from imgdupe.removal.entries import Identity

_READ = (
    os.O_RDONLY
    | getattr(os, "O_NOFOLLOW", 0)
    | getattr(os, "O_NONBLOCK", 0)
    | getattr(os, "O_BINARY", 0)
)
_BLOCK_BYTES = 1 << 20
# Windows: RECALL_ON_DATA_ACCESS, RECALL_ON_OPEN, OFFLINE. macOS: SF_DATALESS.
_WINDOWS_ONLINE_ONLY = 0x400000 | 0x40000 | 0x1000
_MACOS_ONLINE_ONLY = 0x40000000


class Refused(Exception):  # noqa: N818 - an answer, not an error
    """This file stays where it is; the text says why, for people."""


class Unreadable(Refused):
    """The file is there and may not be read."""


@dataclass(frozen=True, slots=True)
class Held:
    """A regular file, open: its path when opened, the descriptor, and fstat of that moment."""

    path: bytes
    descriptor: int
    status: os.stat_result

    @property
    def identity(self) -> Identity:
        return Identity.of(self.status)


def shown(path: bytes) -> str:
    """The path for people: always printable, never wrong about which bytes it has."""
    text = path.decode("utf-8", "backslashreplace")
    return "".join(each if each.isprintable() else ascii(each)[1:-1] for each in text)


def is_online_only(status: os.stat_result) -> bool:
    """A cloud placeholder: reading would download it, removing would remove the cloud's copy."""
    attributes = getattr(status, "st_file_attributes", 0)
    flags = getattr(status, "st_flags", 0)
    return bool(attributes & _WINDOWS_ONLINE_ONLY or flags & _MACOS_ONLINE_ONLY)


def is_there(path: bytes) -> bool:
    """Whether the name is taken, by whatever; OSError if the disk does not say.

    `os.path.lexists` takes an error of the disk for a no.
    """
    try:
        os.lstat(path)
    except (FileNotFoundError, NotADirectoryError):
        return False
    return True


def look(path: bytes) -> os.stat_result:
    """The lstat of a regular file that is on this disk; else Refused."""
    try:
        status = os.lstat(path)
    except (FileNotFoundError, NotADirectoryError) as error:
        raise Refused(f"{shown(path)} is not there any more") from error
    if stat.S_ISLNK(status.st_mode):
        raise Refused(f"{shown(path)} is a link now, not a photo")
    if not stat.S_ISREG(status.st_mode):
        raise Refused(f"{shown(path)} is not a regular file")
    if is_online_only(status):
        raise Refused(f"{shown(path)} is only online, not on this disk")
    return status


@contextmanager
def hold(path: bytes) -> Iterator[Held]:
    """Open the file for reading for as long as the block runs; Refused if it is none."""
    before = look(path)
    try:
        descriptor = os.open(path, _READ)
    except OSError as error:
        if error.errno in (errno.ENOENT, errno.ELOOP, errno.ENXIO, errno.ENOTDIR):
            raise Refused(f"{shown(path)} changed while it was checked") from error
        if error.errno in (errno.EACCES, errno.EPERM):
            raise Unreadable(f"{shown(path)} may not be read") from error
        raise
    try:
        status = os.fstat(descriptor)
        if not os.path.samestat(before, status) or not stat.S_ISREG(status.st_mode):
            raise Refused(f"{shown(path)} changed while it was checked")
        yield Held(path, descriptor, status)
    finally:
        os.close(descriptor)


def digest(held: Held) -> bytes:
    """xxh3-128 of all its bytes, the same as `Hashes.content`."""
    hasher = xxhash.xxh3_128()
    os.lseek(held.descriptor, 0, os.SEEK_SET)
    while block := os.read(held.descriptor, _BLOCK_BYTES):
        hasher.update(block)
    return hasher.digest()


def content(held: Held) -> bytes:
    """Its digest; Refused if it changed since it was opened."""
    found = digest(held)
    refuse_if_changed(held)
    return found


def read_all(held: Held) -> bytes:
    """All its bytes; Refused if it changed since it was opened."""
    os.lseek(held.descriptor, 0, os.SEEK_SET)
    blocks = []
    while block := os.read(held.descriptor, _BLOCK_BYTES):
        blocks.append(block)
    refuse_if_changed(held)
    return b"".join(blocks)


def verify_moved(where: bytes, held: Held, found: bytes, *, trusted: bool) -> None:
    """What lies at `where` now is what was read as `found`: same file, time and bytes; or Refused.

    `trusted`: the volume gives a file the same (device, inode) under every name.
    """
    other = f"another file was at {shown(held.path)} when it was moved"
    if Identity.of(look(where)) != held.identity and (trusted or not _is_same(where, held, found)):
        raise Refused(other)
    if Identity.of(os.fstat(held.descriptor)) != held.identity or digest(held) != found:
        raise Refused(f"{shown(held.path)} was changed while it was moved")


def _is_same(where: bytes, held: Held, found: bytes) -> bool:
    """On volumes that number a file anew when it is renamed, time and bytes have to tell."""
    with hold(where) as there:
        was, now = held.identity, there.identity
        return (was.size, was.mtime_ns) == (now.size, now.mtime_ns) and digest(there) == found


def common_digest(one: Held, other: Held) -> bytes | None:
    """Compare the two files byte for byte; their digest if they are equal, else None."""
    hasher = xxhash.xxh3_128()
    os.lseek(one.descriptor, 0, os.SEEK_SET)
    os.lseek(other.descriptor, 0, os.SEEK_SET)
    while True:
        first, second = _full_block(one.descriptor), _full_block(other.descriptor)
        if first != second:
            return None
        if not first:
            return hasher.digest()
        hasher.update(first)


def _full_block(descriptor: int) -> bytes:
    """As many bytes as there are, up to a block: a short read is no difference."""
    block = os.read(descriptor, _BLOCK_BYTES)
    while 0 < len(block) < _BLOCK_BYTES:
        more = os.read(descriptor, _BLOCK_BYTES - len(block))
        if not more:
            break
        block += more
    return block


def refuse_if_changed(held: Held) -> None:
    """Ask fstat again: the same size and times as when it was opened."""
    now = os.fstat(held.descriptor)
    if Identity.of(now) != held.identity or now.st_ctime_ns != held.status.st_ctime_ns:
        raise Refused(f"{shown(held.path)} changed while it was read")


def is_listed(path: bytes) -> bool:
    """A fresh listing of the folder names it: lstat may answer from a cache, a listing does not."""
    folder, name = os.path.split(path)
    try:
        with os.scandir(folder) as entries:
            return any(entry.name == name for entry in entries)
    except (FileNotFoundError, NotADirectoryError):
        return False
