# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""Opens a database of ours: makes it, checks it, heals it, brings it up to date.

One thread, before anything else uses the file. The file is checked page by page only after a crash
(its WAL is still there) or when damage was noticed. A damaged one is never deleted but moved aside.
"""

from __future__ import annotations

import logging
import os
import shutil
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from imgdupe.catalog.backups import Backups
from imgdupe.catalog.blueprint import Blueprint, build, flaw_in, migrate, version_of
from imgdupe.catalog.database import Database, connect, damage_mark, guarded
from imgdupe.catalog.faults import explain_os
from imgdupe.catalog.files import free_name, sync_folder

_log = logging.getLogger(__name__)


def open_database(
    path: Path, blueprint: Blueprint, *, always_check: bool = False
) -> tuple[Database, tuple[str, ...]]:
    """The opened file, and what a person should be told. UserError if it cannot be opened."""
    try:
        notices = _make_ready(path, blueprint, always_check)
    except OSError as error:
        raise explain_os(error, path.parent) from error
    return Database(path, blueprint.synchronous), notices


def _make_ready(path: Path, blueprint: Blueprint, always_check: bool) -> tuple[str, ...]:
    if not path.exists():
        _remove_wal(path)
        _make_new(path, blueprint)
        return ()
    mark = damage_mark(path)
    noticed = mark.exists()
    suspect = noticed or always_check or _wal(path).exists()
    flaw = flaw_in(path, blueprint, every_page=suspect, every_row=noticed)
    notices = () if flaw is None else (_heal(path, blueprint, flaw),)
    mark.unlink(missing_ok=True)
    _bring_up_to_date(path, blueprint)
    return notices


def _make_new(path: Path, blueprint: Blueprint) -> None:
    """Under another name first: a file with the right name is always complete."""
    temporary = path.with_name(f"{path.name}.new")
    temporary.unlink(missing_ok=True)
    with guarded(path):
        connection = connect(temporary)
        try:
            build(connection, blueprint)
        finally:
            connection.close()
    _put_in_place(temporary, path)


def _bring_up_to_date(path: Path, blueprint: Blueprint) -> None:
    with guarded(path):
        connection = connect(path)
        try:
            if version_of(connection) < blueprint.version:
                Backups(path, blueprint).take()
                migrate(connection, blueprint)
        finally:
            connection.close()


def _heal(path: Path, blueprint: Blueprint, flaw: str) -> str:
    """Move the damaged file aside and put the best there is in its place; says what was done."""
    aside = free_name(path, "corrupt")
    had_wal = _wal(path).exists()
    if had_wal:
        _wal(path).rename(_wal(aside))
    path.rename(aside)
    _remove_wal(path)
    _log.info("%s was damaged: %s", path, flaw)
    story = (
        f"The {blueprint.what} was damaged and is kept as {aside.name}; your photos are not "
        "touched. "
    )
    for source, origin in _sources(aside, had_wal, path, blueprint):
        if _restore(source, path, blueprint):
            return (
                story + f"imgdupe went back to {origin}. Scan your folders to bring it up to date."
            )
    _make_new(path, blueprint)
    return story + "There was no sound backup, so imgdupe began anew. Scan your folders."


def _sources(
    aside: Path, had_wal: bool, path: Path, blueprint: Blueprint
) -> Iterator[tuple[Path, str]]:
    """What may be sound, newest first: the file without its WAL, then the backups."""
    if had_wal:
        yield aside, "its last tidy state"
    for copy in Backups(path, blueprint).newest_first():
        day = time.strftime("%Y-%m-%d %H:%M", time.localtime(copy.stat().st_mtime))
        yield copy, f"the backup of {day}"


def _restore(source: Path, path: Path, blueprint: Blueprint) -> bool:
    """Put a checked copy of the source in place; False if the source is not sound."""
    temporary = path.with_name(f"{path.name}.new")
    shutil.copyfile(source, temporary)
    if flaw_in(temporary, blueprint, every_page=True, every_row=True) is not None:
        temporary.unlink()
        _remove_wal(temporary)
        return False
    with guarded(path):
        connection = connect(temporary)
        try:
            migrate(connection, blueprint)
            for statement in blueprint.renew:
                connection.execute(statement)
            connection.execute("PRAGMA journal_mode = DELETE")  # leaves no WAL to forget
        finally:
            connection.close()
    _put_in_place(temporary, path)
    return True


def _put_in_place(temporary: Path, path: Path) -> None:
    with temporary.open("rb+") as file:
        os.fsync(file.fileno())
    temporary.replace(path)
    sync_folder(path.parent)


def _wal(path: Path) -> Path:
    return path.with_name(f"{path.name}-wal")


def _remove_wal(path: Path) -> None:
    for ending in ("-wal", "-shm", "-journal"):
        with suppress(FileNotFoundError):
            path.with_name(path.name + ending).unlink()
