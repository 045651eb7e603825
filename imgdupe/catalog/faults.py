# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""What goes wrong around a stored file, in words that say what to do.

Any thread. Turns errors of SQLite and of the system into `UserError`; a mistake of this program
(wrong SQL, a broken rule) is not turned into anything: it stays the bug it is.
"""

from __future__ import annotations

import errno
import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from imgdupe.errors import UserError

_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG} if os.name == "posix" else {errno.ENOSPC}
_FORBIDDEN = {errno.EACCES, errno.EPERM, errno.EROFS}
_DAMAGE = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}
_NO_TEXT = "Could not decode to UTF-8"  # Python's own words; the error bears no code
_NO_WRITING = {
    sqlite3.SQLITE_READONLY,
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_PERM,
    sqlite3.SQLITE_AUTH,
}
_TAKEN = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}


class DamagedError(Exception):
    """A stored row or file is not what was written; never leaves this package."""


def is_damage(error: sqlite3.Error) -> bool:
    """True if the file itself is broken, not its surroundings."""
    return _primary(error) in _DAMAGE or str(error).startswith(_NO_TEXT)


def explain_sqlite(error: sqlite3.Error, file: Path) -> UserError | None:
    """The text for a person, or None if the error is a bug of this program."""
    code = _primary(error)
    if is_damage(error):
        return damaged(file)
    if code == sqlite3.SQLITE_FULL:
        return _full(file.parent)
    if code in _NO_WRITING:
        return _forbidden(file.parent)
    if code in _TAKEN:
        return UserError(f"Another program is using {file}. Close it and try again.")
    if code == sqlite3.SQLITE_IOERR:
        return _failing(file.parent, str(error))
    return None


def explain_os(error: OSError, folder: Path) -> UserError:
    """The text for an error while reading or writing one of the program's own files."""
    if error.errno in _FULL:
        return _full(folder)
    if error.errno in _FORBIDDEN:
        return _forbidden(folder)
    return _failing(folder, error.strerror or str(error))


@contextmanager
def explained(folder: Path) -> Iterator[None]:
    """Errors of the system around one of the program's own folders, in words."""
    try:
        yield
    except OSError as error:
        raise explain_os(error, folder) from error


def damaged(file: Path) -> UserError:
    """Noticed while working; the next start heals it."""
    return UserError(
        f"The file {file} is damaged. Your photos are not touched. Close imgdupe and start it "
        "again: it will go back to the newest sound backup, or begin anew; then scan your folders."
    )


def _full(folder: Path) -> UserError:
    return UserError(
        f"The disk with the folder {folder} is full. Free some space and try again; what was "
        "stored before is safe."
    )


def _forbidden(folder: Path) -> UserError:
    return UserError(
        f"imgdupe may not write in the folder {folder}. Make the folder writable, or choose "
        "another one with --data-dir."
    )


def _failing(folder: Path, reason: str) -> UserError:
    return UserError(
        f"The disk with the folder {folder} reports an error ({reason}). Check that it has free "
        "space and is sound, then try again."
    )


def _primary(error: sqlite3.Error) -> int:
    """SQLite's result code without its extension; 0 for errors that Python's module raised."""
    code: int = getattr(error, "sqlite_errorcode", 0)
    return code & 0xFF
