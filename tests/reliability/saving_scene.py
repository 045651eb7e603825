# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""Everything the program saves of its own, once: catalog, thumbnails, index, decisions, settings.

What was saved when a step returned is there after the next start, whatever cut the next step short.
"""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from imgdupe.catalog import settings
from imgdupe.catalog.catalog import Catalog
from imgdupe.catalog.decisions import Decisions
from imgdupe.catalog.paths import Paths, resolve
from imgdupe.catalog.settings import Settings
from imgdupe.errors import UserError
from imgdupe.records import Kind, Relation, Verdict
from tests.helpers.fingerprints import content_of, fingerprint, shot, vector
from tests.reliability import auditor

MODEL = "m"
INDEX = bytes(range(256)) * 40
NEW_INDEX = INDEX[::-1] * 2
FIRST = range(6)
SECOND = range(6, 12)
CHANGED = Settings(protected=("/photos/safe",), theme="light")


class _NotTold(Exception):  # noqa: N818 - the test's own trouble
    """A failing call hit the test's own note."""


class _Told:
    """The note of what was done."""

    def __init__(self, path: Path) -> None:
        try:
            self._file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        except OSError as error:
            raise _NotTold from error

    def write(self, step: bytes) -> None:
        try:
            os.write(self._file, step)
        except OSError as error:
            raise _NotTold from error

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        os.close(self._file)


@dataclass(frozen=True, slots=True)
class SavingScene:
    """A small catalog that is added to. `told` holds the steps that were done.

    `power_cut`: the last commits to the catalog may be lost, up to where the index was written.
    """

    root: Path
    power_cut: bool = False

    @property
    def data(self) -> Path:
        return self.root / "app"

    @property
    def paths(self) -> Paths:
        return resolve(self.data)

    def build(self) -> None:
        shutil.rmtree(self.root, ignore_errors=True)
        self.data.mkdir(parents=True)
        with Catalog.open(self.paths) as catalog:
            catalog.put_root(b"/photos", online=True)
            _save(catalog, FIRST)
            catalog.write_index(MODEL, INDEX, len(FIRST), 8)
        decisions = Decisions(self.paths.data)
        decisions.set_verdicts({(b"/photos/0.jpg", content_of(0)): Verdict.KEEP})
        decisions.close()
        settings.save(self.paths, Settings(protected=("/photos/safe",)))

    def act(self) -> None:
        with contextlib.suppress(UserError, _NotTold), _Told(self.root / "told") as told:
            self._act(told.write)

    def _act(self, told: Callable[[bytes], None]) -> None:
        with Catalog.open(self.paths) as catalog:
            _save(catalog, SECOND)
            told(b"c")
            catalog.write_index(MODEL, NEW_INDEX, len(FIRST) + len(SECOND), 8)
            told(b"i")
        decisions = Decisions(self.paths.data)
        decisions.set_verdicts({(b"/photos/1.jpg", content_of(1)): Verdict.REMOVE})
        told(b"v")
        decisions.add_not_duplicates([content_of(2), content_of(3)])
        told(b"n")
        decisions.close()
        settings.save(self.paths, CHANGED)
        told(b"s")

    def restart(self) -> None:
        """Every file opens without a word, and nothing that was reported is missing."""
        told = (self.root / "told").read_bytes() if (self.root / "told").exists() else b""
        with Catalog.open(self.paths) as catalog:
            assert catalog.notices == ()
            there = {photo.path for photo in catalog.photos()}
            assert there >= {b"/photos/%d.jpg" % n for n in FIRST}
            if (b"i" if self.power_cut else b"c") in told:
                assert there >= {b"/photos/%d.jpg" % n for n in SECOND}
            index = catalog.read_index(MODEL)
            assert index in ((NEW_INDEX,) if b"i" in told else (INDEX, NEW_INDEX))
        decisions = Decisions(self.paths.data)
        assert decisions.notices == ()
        verdicts = decisions.verdicts()
        assert verdicts[b"/photos/0.jpg"] is Verdict.KEEP
        assert b"v" not in told or verdicts[b"/photos/1.jpg"] is Verdict.REMOVE
        assert b"n" not in told or len(decisions.not_duplicates()) == 1
        decisions.close()
        loaded = settings.load(self.paths)
        assert loaded.protected == CHANGED.protected
        assert b"s" not in told or loaded == CHANGED

    def look(self) -> auditor.Seen:
        return {}

    def wrong(self, before: auditor.Seen) -> list[str]:
        """All is said by the restart."""
        return [f"what was there: {path!r}" for path in before]


def _save(catalog: Catalog, numbers: range) -> None:
    scan = catalog.begin_scan()
    items = [
        (shot(b"/photos/%d.jpg" % n, b"/photos/%d.xmp" % n), fingerprint(n), vector(n))
        for n in numbers
    ]
    ids = catalog.save(items, [], scan, MODEL)
    catalog.save_relations([Relation(ids[0], ids[1], Kind.EDITED, 0.9)], 1)
    catalog.finish_scan(scan, [], complete=True)
