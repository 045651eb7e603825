# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""A full disk, a read-only folder, a busy file: said in words, and nothing half done."""

from __future__ import annotations

import errno
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from imgdupe.catalog.catalog import Catalog
from imgdupe.catalog.database import Database, connect, damage_mark
from imgdupe.catalog.faults import explain_os
from imgdupe.catalog.paths import Paths
from imgdupe.errors import UserError
from tests.helpers.fingerprints import fingerprint, shot
from tests.helpers.source import REPOSITORY

FILL = """
import resource, sys, pathlib
from imgdupe.catalog.catalog import Catalog
from imgdupe.catalog.paths import resolve
from imgdupe.errors import UserError
from tests.helpers.fingerprints import fingerprint, shot
with Catalog.open(resolve(pathlib.Path(sys.argv[1]))) as catalog:
    scan = catalog.begin_scan()
    resource.setrlimit(resource.RLIMIT_FSIZE, (600_000, resource.RLIM_INFINITY))
    saved = 0
    try:
        for number in range(10_000):
            items = [(shot(b"/photos/%d" % number), fingerprint(number), None)]
            catalog.save(items, [], scan, None)
            saved += 1
    except UserError as error:
        print(error)
    resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    print(saved)
"""


def test_a_full_disk_is_said_and_what_was_stored_stays(paths: Paths) -> None:
    """A limit on file sizes stands for the end of the disk."""
    done = subprocess.run(
        [sys.executable, "-c", FILL, str(paths.data)],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=True,
    )
    said, saved = done.stdout.splitlines()
    assert str(paths.data) in said
    assert "again" in said
    with Catalog.open(paths) as catalog:
        assert catalog.notices == ()
        assert catalog.count().photos == int(saved) > 0


def test_a_failed_save_leaves_nothing_behind(catalog: Catalog, paths: Paths) -> None:
    scan = catalog.begin_scan()
    catalog.save([(shot(b"/photos/a.jpg"), fingerprint(1), None)], [], scan, None)
    before = catalog.generation
    with catalog._database.writing(visible=False) as connection:
        ((pages,),) = connection.execute("PRAGMA page_count")
    catalog._database._writer.execute(f"PRAGMA max_page_count = {pages + 2}")
    items = [(shot(b"/photos/%d.jpg" % n), fingerprint(n), None) for n in range(500)]
    with pytest.raises(UserError, match=f"disk with the folder {paths.data} is full"):
        catalog.save(items, [], scan, None)
    assert catalog.generation == before
    assert [photo.path for photo in catalog.photos()] == [b"/photos/a.jpg"]
    catalog._database._writer.execute("PRAGMA max_page_count = 1000000")
    catalog.save(items, [], scan, None)
    assert catalog.count().photos == 501


def test_a_read_only_database_is_said(catalog: Catalog, paths: Paths) -> None:
    catalog._database._writer.execute("PRAGMA query_only = ON")
    with pytest.raises(UserError, match="may not write in the folder"):
        catalog.put_root(b"/x", online=True)


def test_a_folder_in_the_place_of_the_catalog_is_said(paths: Paths) -> None:
    (paths.data / "catalog.db").mkdir()
    with pytest.raises(UserError, match=str(paths.data)):
        Catalog.open(paths)


def test_a_file_held_by_another_program_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("imgdupe.catalog.database._BUSY_S", 0.01)
    file = tmp_path / "x.db"
    database = Database(file, "NORMAL")
    other = connect(file)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(UserError, match="Another program is using"), database.writing():
        pass
    other.close()
    database.close()


def test_a_mistake_of_the_program_stays_a_mistake(tmp_path: Path) -> None:
    database = Database(tmp_path / "x.db", "NORMAL")
    with pytest.raises(sqlite3.OperationalError), database.reading() as connection:
        connection.execute("SELECT * FROM nowhere")
    assert damage_mark(tmp_path / "x.db").exists()
    database.close()


@pytest.mark.parametrize(
    ("number", "word"),
    [
        (errno.ENOSPC, "is full"),
        (errno.EACCES, "may not write"),
        (errno.EROFS, "may not write"),
        (errno.EIO, "reports an error"),
    ],
)
def test_errors_of_the_system_are_named_with_the_folder(number: int, word: str) -> None:
    said = str(explain_os(OSError(number, "reason"), Path("/some/folder")))
    assert word in said
    assert str(Path("/some/folder")) in said
