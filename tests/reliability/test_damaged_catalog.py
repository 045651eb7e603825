# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""A catalog that lies, because its bytes were damaged, never makes a removal lose a photograph."""

from __future__ import annotations

import os
import random
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest
import xxhash

from imgdupe.catalog.catalog import Catalog
from imgdupe.catalog.paths import Paths, resolve
from imgdupe.errors import UserError
from imgdupe.records import Fingerprint, Kind, Photo, PhotoRecord
from imgdupe.removal.plan import RemovalRequest
from imgdupe.removal.undo import undo
from tests.helpers.damage import harm
from tests.helpers.fingerprints import fingerprint
from tests.reliability import auditor
from tests.reliability.scenes import Stage, found, memory, run

CONTENTS = 12


def known(path: bytes) -> Fingerprint:
    """What a scan stores of the file: its true content hash."""
    with open(path, "rb") as file:
        content = xxhash.xxh3_128(file.read()).digest()
    made = fingerprint(int.from_bytes(content[:4], "big"))
    hashes = type(made.hashes)(content, None, 0, (0,) * 8, bytes(32), 80)
    return type(made)(made.metadata, hashes, made.luma, made.pixels, made.thumbnail)


def fill(stage: Stage, paths: Paths) -> None:
    """Twelve contents, each in three files, in the catalog as a scan would put them."""
    files = [
        stage.add(f"{folder}/{number}.jpg", b"content %d " % number * (20 + number))
        for number in range(CONTENTS)
        for folder in "abc"
    ]
    with Catalog.open(paths) as catalog:
        catalog.put_root(os.fsencode(stage.lib), online=True)
        scan = catalog.begin_scan()
        catalog.save([(Photo(found(path)), known(path), None) for path in files], [], scan, None)
        catalog.finish_scan(scan, [os.fsencode(stage.lib)], complete=True)


def photos_of(paths: Paths) -> list[PhotoRecord]:
    """What the damaged catalog says; it may say once that it is damaged, and heals then."""
    for _ in range(3):
        try:
            with Catalog.open(paths) as catalog:
                return catalog.photos()
        except UserError as error:
            assert "damaged" in str(error)  # noqa: PT017 - either outcome is right
    raise AssertionError("the catalog does not heal")


def requests_of(photos: list[PhotoRecord], dice: random.Random) -> list[RemovalRequest]:
    """Everything that the catalog calls equal, and some that it does not, for one that stays."""
    keepers: dict[bytes, PhotoRecord] = {}
    wanted = []
    for photo in dice.sample(photos, len(photos)):
        keeper = keepers.setdefault(photo.hashes.content, photo)
        if keeper is not photo:
            wanted.append(RemovalRequest(photo, keeper, Kind.IDENTICAL, 1.0))
        elif photos and dice.random() < 0.2:
            wanted.append(RemovalRequest(photo, dice.choice(photos), Kind.IDENTICAL, 1.0))
    return wanted


def try_damage(folder: Path, monkeypatch: pytest.MonkeyPatch, seeds: range) -> None:
    sound = Stage(folder / "sound")
    app = folder / "app"
    app.mkdir()
    fill(sound, resolve(app))
    sound.journal.close()
    for seed in seeds:
        with monkeypatch.context() as patch:
            one_damage(sound, app, folder / "harmed", patch, seed)


def one_damage(sound: Stage, app: Path, harmed: Path, patch: pytest.MonkeyPatch, seed: int) -> None:
    shutil.rmtree(harmed, ignore_errors=True)
    shutil.copytree(app, harmed)
    harm(harmed / "catalog.db", seed)
    patch.setenv("XDG_DATA_HOME", str(sound.trash.parent))
    sound.restart()
    sound.freeze()
    all_contents = {digest for digest, _, _ in auditor.look(sound.lib, sound.data).values()}
    wanted = requests_of(photos_of(resolve(harmed)), random.Random(seed))
    result = run(sound.plan(*wanted), sound.journal)
    left = {digest for digest, _, _ in auditor.look(sound.lib, sound.data).values()}
    assert left == all_contents  # of each picture, a copy stays in the library
    for moved in result.moved:
        assert moved.keeper is not None
        assert (
            Path(os.fsdecode(moved.trash_path)).read_bytes()
            == Path(os.fsdecode(moved.keeper)).read_bytes()
        )
    sound.hold_the_law()
    put_everything_back(sound)


def put_everything_back(stage: Stage) -> None:
    while stage.journal.last_undoable():
        assert undo(stage.journal, None, None).failed == ()
    stage.journal.close()
    shutil.rmtree(stage.data)
    stage.data.mkdir()


@pytest.mark.parametrize(
    "seeds", [range(20), pytest.param(range(20, 500), marks=pytest.mark.campaign)]
)
def test_damage_decides_no_removal(
    monkeypatch: pytest.MonkeyPatch, points: Callable[[int], None], seeds: range
) -> None:
    with tempfile.TemporaryDirectory(dir=memory()) as folder:
        try_damage(Path(folder), monkeypatch, seeds)
    points(len(seeds))
