# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""One file read once: its bytes in memory, for hashing, for looking at and for decoding.

Runs in the decode children (one `Reader` each) and in any thread that shows a picture. Opens
read-only, changes nothing, not even the time of the last access where the system allows that.
"""

from __future__ import annotations

import io
import mmap
import os
import stat
from dataclasses import dataclass

from imgdupe.library.refusals import MEMORY_TEXT, DecodeError, file_error
from imgdupe.records import FoundFile, ProblemKind

Buffer = bytearray | mmap.mmap | bytes

_READ_LIMIT_BYTES = 256 << 20  # larger files are mapped instead
_KEEP_BYTES = 64 << 20
_CHANGED_TEXT = "The file changed while it was read; the next scan takes it up again."


@dataclass(frozen=True, slots=True)
class Source:
    """`size` bytes of `raw` (which may be longer) are the file's. `name` is for its suffix."""

    name: bytes
    raw: Buffer
    size: int

    @property
    def data(self) -> memoryview:
        return memoryview(self.raw)[: self.size]

    def find(self, mark: bytes, start: int = 0, end: int | None = None) -> int:
        """Offset of the first `mark` in [start, end), or -1."""
        return self.raw.find(mark, start, self.size if end is None else end)

    def rfind(self, mark: bytes, start: int = 0) -> int:
        """Offset of the last `mark` from `start` on, or -1."""
        return self.raw.rfind(mark, start, self.size)

    def stream(self, start: int = 0, end: int | None = None) -> ViewStream:
        """A file object over [start, end) that copies nothing but what is read."""
        return ViewStream(self.data[start : self.size if end is None else end])


class ViewStream(io.RawIOBase):
    """A read-only file over a memoryview; `io.BytesIO` would copy the whole picture."""

    def __init__(self, view: memoryview) -> None:
        super().__init__()
        self._view = view
        self._at = 0

    def read(self, size: int | None = -1, /) -> bytes:
        end = len(self._view) if size is None or size < 0 else self._at + size
        block = bytes(self._view[self._at : end])
        self._at += len(block)
        return block

    def getvalue(self) -> memoryview:
        """Everything, uncopied: Pillow hands this to libtiff, and would read all of it else."""
        return self._view

    def seek(self, offset: int, whence: int = io.SEEK_SET, /) -> int:
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: len(self._view)}[whence]
        if base + offset < 0:
            raise ValueError("negative seek position")
        self._at = base + offset
        return self._at

    def tell(self) -> int:
        return self._at

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True


class Reader:
    """Reads files one after the other into one buffer, which saves a page fault per 4 KiB.

    A `Source` is good until the next `read`.
    """

    def __init__(self) -> None:
        self._buffer = bytearray()

    def read(self, path: bytes, expected: FoundFile | None = None) -> Source:
        """The file's bytes. `expected`: what the walk saw; None takes the file as it is now.

        Raises `DecodeError` if it cannot be read, is no regular file, or changes meanwhile.
        """
        try:
            descriptor = _open(path)
            try:
                return self._read(descriptor, path, expected)
            finally:
                os.close(descriptor)
        except OSError as error:
            raise file_error(error) from error

    def _read(self, descriptor: int, path: bytes, expected: FoundFile | None) -> Source:
        before = os.fstat(descriptor)
        if not stat.S_ISREG(before.st_mode):
            text = "This is not a file but a folder, a device or a pipe."
            raise DecodeError(ProblemKind.NOT_AN_IMAGE, text)
        seen = (before.st_size, before.st_mtime_ns)
        if expected is not None and seen != (expected.size, expected.mtime_ns):
            raise DecodeError(ProblemKind.CHANGED, _CHANGED_TEXT)
        size = before.st_size
        if size == 0:
            raise DecodeError(ProblemKind.NOT_AN_IMAGE, "The file is empty.")
        try:
            raw = (
                self._filled(descriptor, size) if size <= _READ_LIMIT_BYTES else _mapped(descriptor)
            )
        except MemoryError as error:
            raise DecodeError(ProblemKind.TOO_LARGE, MEMORY_TEXT) from error
        after = os.fstat(descriptor)
        if raw is None or seen != (after.st_size, after.st_mtime_ns):
            raise DecodeError(ProblemKind.CHANGED, _CHANGED_TEXT)
        return Source(path, raw, size)

    def _filled(self, descriptor: int, size: int) -> bytearray | None:
        """The buffer with the whole file in it, or None if the file became shorter."""
        if len(self._buffer) < size or len(self._buffer) > max(size, _KEEP_BYTES):
            self._buffer = bytearray(size)
        with (
            memoryview(self._buffer) as view,
            os.fdopen(descriptor, "rb", 0, closefd=False) as file,
        ):
            at = 0
            while at < size:
                count = file.readinto(view[at:size])
                if not count:
                    return None
                at += count
        return self._buffer


def _mapped(descriptor: int) -> mmap.mmap:
    try:
        return mmap.mmap(descriptor, 0, access=mmap.ACCESS_READ)
    except OSError as error:  # no room in the address space that a child may have
        raise MemoryError from error


def _open(path: bytes) -> int:
    """Read-only, not waiting for pipes; without touching the access time if it is ours."""
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    try:
        return os.open(path, flags | getattr(os, "O_NOATIME", 0))
    except PermissionError:  # only the owner may ask for that
        return os.open(path, flags)
