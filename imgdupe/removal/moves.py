# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""Renaming a file without ever replacing another, and making a folder's names durable.

Called by execute, undo and recovery. Must not copy: a move across volumes fails with EXDEV.
"""

from __future__ import annotations

import ctypes
import errno
import os
import sys

_AT_FDCWD = -100
_RENAME_NOREPLACE = 1  # linux/fs.h
_RENAME_EXCHANGE = 2  # linux/fs.h
_RENAME_EXCL = 4  # sys/stdio.h of macOS
_RENAME_SWAP = 2  # sys/stdio.h of macOS
_NOT_OFFERED = frozenset({errno.ENOSYS, errno.EINVAL, errno.ENOTSUP, errno.EOPNOTSUPP})


def rename_noreplace(source: bytes, target: bytes) -> None:
    """Give the file at `source` the name `target`; OSError, FileExistsError if that is taken.

    Where kernel or volume cannot do it in one step (older FUSE, NFS), the file gets its second
    name by link, which never replaces, and then loses the first.
    """
    if sys.platform == "win32":
        os.rename(source, target)  # refuses an existing target there
        return
    try:
        _rename_in_one_step(source, target, linux=_RENAME_NOREPLACE, macos=_RENAME_EXCL)
    except OSError as error:
        if error.errno not in _NOT_OFFERED:
            raise
        _link_and_unlink(source, target)


def exchange(one: bytes, other: bytes) -> None:
    """Let two files change names in one step: each is under one of the two at every moment.

    OSError; ENOTSUP where system or volume cannot do that.
    """
    try:
        if sys.platform == "win32":
            raise OSError(errno.ENOTSUP, os.strerror(errno.ENOTSUP), one, None, other)
        _rename_in_one_step(one, other, linux=_RENAME_EXCHANGE, macos=_RENAME_SWAP)
    except OSError as error:
        if error.errno not in _NOT_OFFERED:
            raise
        words = "the volume cannot let two files change places, so nothing is merged there"
        raise OSError(errno.ENOTSUP, words, one, None, other) from error


def _rename_in_one_step(source: bytes, target: bytes, *, linux: int, macos: int) -> None:
    library = ctypes.CDLL(None, use_errno=True)
    if sys.platform == "darwin":
        call, arguments = "renamex_np", (source, target, macos)
    else:
        call = "renameat2"
        arguments = (_AT_FDCWD, source, _AT_FDCWD, target, linux)
    if not hasattr(library, call):
        raise OSError(errno.ENOSYS, os.strerror(errno.ENOSYS), source)
    if getattr(library, call)(*arguments) != 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number), source, None, target)


def _link_and_unlink(source: bytes, target: bytes) -> None:
    before = os.lstat(source)
    os.link(source, target, follow_symlinks=False)
    after = os.lstat(target)
    if (before.st_dev, before.st_ino) == (after.st_dev, after.st_ino):
        drop_second_name(source, target)
        return
    raise OSError(errno.EBUSY, "the file was replaced while it was moved", source, None, target)


def is_second_name(name: bytes, other: bytes) -> bool:
    """Both exist and are two names of one file, so that one of them may go."""
    try:
        first, second = os.lstat(name), os.lstat(other)
    except OSError:
        return False
    same = (first.st_dev, first.st_ino) == (second.st_dev, second.st_ino)
    return same and first.st_nlink > 1 and name != other


def drop_second_name(name: bytes, other: bytes) -> None:
    """End a move by link: `name` goes, the file stays as `other`. OSError if they differ."""
    if not is_second_name(name, other):
        raise OSError(errno.EBUSY, "the file was replaced while it was moved", name, None, other)
    os.unlink(name)


def sync_folder(folder: bytes) -> None:
    """Make the folder's names durable; OSError as the disk reports it."""
    if sys.platform == "win32":
        return  # folders cannot be opened there; NTFS journals its names
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    except OSError as error:
        if error.errno not in _NOT_OFFERED:
            raise
    finally:
        os.close(descriptor)


def make_folders(folder: bytes, mode: int = 0o777) -> None:
    """The folder and its missing parents, each made durable in the one above."""
    missing = []
    while not os.path.isdir(folder):
        missing.append(folder)
        parent = os.path.dirname(folder)
        if parent == folder:
            break
        folder = parent
    for each in reversed(missing):
        os.mkdir(each, mode)
        sync_folder(os.path.dirname(each))
