# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""Readers beside a writer, and a process that is killed in the middle of its work."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import threading

import pytest

from imgdupe.catalog.catalog import Catalog
from imgdupe.catalog.database import connect
from imgdupe.catalog.paths import Paths
from tests.helpers.fingerprints import fingerprint, shot, vector
from tests.helpers.source import REPOSITORY

BATCH = 8
SAVE = """
import sys, pathlib
from imgdupe.catalog.catalog import Catalog
from imgdupe.catalog.paths import resolve
from imgdupe.records import Kind, Relation
from tests.helpers.fingerprints import fingerprint, shot, vector
catalog = Catalog.open(resolve(pathlib.Path(sys.argv[1])))
assert catalog.notices == ()
catalog.put_root(b"/photos", online=True)
scan = catalog.begin_scan()
number = int(sys.argv[2])
while True:
    batch = range(number, number + 8)
    items = [(shot(b"/photos/%d.jpg" % n, b"/photos/%d.xmp" % n), fingerprint(n), vector(n))
             for n in batch]
    ids = catalog.save(items, [], scan, "m")
    catalog.save_relations([Relation(a, b, Kind.BURST, 0.7) for a, b in zip(ids, ids[1:])], 1)
    if number % 3 == 0:
        catalog.write_index("m", bytes(number), number, 8)
    number += 8
    print(number, flush=True)
"""


def test_readers_see_whole_batches_while_a_thread_writes(catalog: Catalog) -> None:
    scan = catalog.begin_scan()
    done = threading.Event()
    wrong: list[object] = []

    def read() -> None:
        while not done.is_set():
            photos = catalog.photos()
            table = catalog.features("m")
            relations = catalog.relations()
            counts = (len(photos) % BATCH, len(table.ids) % BATCH, catalog.count().photos % BATCH)
            if any(counts) or len(relations) % BATCH:
                wrong.append((counts, len(relations)))
            if photos and catalog.thumbnail(photos[-1].content_id) is None:
                wrong.append("a committed photo without thumbnail")

    readers = [threading.Thread(target=read) for _ in range(3)]
    for reader in readers:
        reader.start()
    for start in range(0, 40 * BATCH, BATCH):
        numbers = range(start, start + BATCH)
        items = [(shot(b"/photos/%d" % n), fingerprint(n), vector(n)) for n in numbers]
        catalog.save(items, [], scan, "m")
    done.set()
    for reader in readers:
        reader.join()
    assert wrong == []
    assert catalog.count().photos == 40 * BATCH


def test_writers_in_several_threads_take_turns(catalog: Catalog) -> None:
    scan = catalog.begin_scan()

    def write(first: int) -> None:
        for number in range(first, first + 20):
            item = (shot(b"/photos/%d" % number), fingerprint(number), None)
            catalog.save([item], [], scan, None)

    writers = [threading.Thread(target=write, args=(first,)) for first in (0, 100, 200)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert catalog.count().photos == 60


def test_an_error_inside_a_read_gives_the_connection_back(catalog: Catalog) -> None:
    for _ in range(3):
        with pytest.raises(KeyError), catalog._database.reading():
            raise KeyError
    assert len(catalog._database._readers) == 1


def test_killed_at_any_moment_all_that_was_reported_is_there(paths: Paths) -> None:
    random_ = random.Random(5)
    reported = 0
    for _ in range(8):
        process = subprocess.Popen(
            [sys.executable, "-c", SAVE, str(paths.data), str(reported)],
            cwd=REPOSITORY,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert process.stdout is not None
        for _ in range(random_.randrange(1, 12)):
            reported = int(process.stdout.readline())
        process.send_signal(signal.SIGKILL)
        more = process.communicate()[0].splitlines()
        reported = int(more[-1]) if more else reported
        check(paths, reported)


def check(paths: Paths, reported: int) -> None:
    """Everything reported is stored, whole batches only, every rule of the schema holds."""
    with Catalog.open(paths) as catalog:
        assert catalog.notices == ()
        photos = catalog.photos()
        stored = {photo.path for photo in photos}
        assert stored >= {b"/photos/%d.jpg" % number for number in range(reported)}
        assert len(stored) % BATCH == 0
        assert all(len(photo.companions) == 1 for photo in photos)
        assert all(catalog.thumbnail(photo.content_id) for photo in photos)
        table = catalog.features("m")
        assert table.vectors is not None
        assert table.vectors.any(axis=1).all()
        index = catalog.read_index("m")
        assert index is None or len(index) <= len(photos)
    connection = connect(paths.data / "catalog.db", read_only=True)
    assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
    connection.close()
