# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""Random damage to the catalog: detected or harmless, never a crash, and healed by reopening."""

from __future__ import annotations

import shutil
from itertools import pairwise
from pathlib import Path

import pytest

from imgdupe.catalog.catalog import Catalog
from imgdupe.catalog.paths import Paths, resolve
from imgdupe.errors import UserError
from imgdupe.records import Evidence, Kind, Problem, ProblemKind, Relation, Stage
from tests.helpers.damage import harm, seeds
from tests.helpers.fingerprints import fingerprint, shot, vector

PHOTOS = 120
PATHS = [b"/photos/%03d.jpg" % number for number in range(PHOTOS)]


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A library with a backup, closed."""
    folder = tmp_path_factory.mktemp("sound")
    with Catalog.open(resolve(folder)) as catalog:
        catalog.put_root(b"/photos", online=True)
        scan = catalog.begin_scan()
        items = [
            (shot(path, path + b".xmp"), fingerprint(number), vector(number, 128))
            for number, path in enumerate(PATHS)
        ]
        trouble = Problem(b"/photos/x.jpg", Stage.DECODE, ProblemKind.TRUNCATED, "cut")
        ids = catalog.save(items, [trouble], scan, "m")
        evidence = Evidence(4, 20, 0.9, 0.01, 0.99)
        pairs = pairwise(ids)
        catalog.save_relations([Relation(a, b, Kind.EDITED, 0.9, evidence) for a, b in pairs], 1)
        catalog.finish_scan(scan, [b"/photos"], complete=True)
    return folder


def use_everything(paths: Paths) -> None:
    """Open, read all, scan all again."""
    with Catalog.open(paths) as catalog:
        catalog.photos()
        catalog.features("m")
        catalog.relations()
        catalog.problems()
        catalog.roots()
        catalog.count()
        scan = catalog.begin_scan()
        photos = [shot(path) for path in PATHS]
        lookup = catalog.known(photos, "m")
        catalog.seen(lookup.unchanged, scan)
        items = [
            (photo, fingerprint(PATHS.index(photo.primary.path)), vector(1, 128))
            for photo in (*lookup.work, *lookup.same_size)
        ]
        ids = catalog.save(items, [], scan, "m")
        catalog.mark_matched(ids, 1)
        catalog.put_root(b"/photos", online=True)
        catalog.finish_scan(scan, [b"/photos"], complete=True)


@pytest.mark.parametrize("seed", seeds(50, 500))
def test_damage_is_detected_or_harmless(sound: Path, tmp_path: Path, seed: int) -> None:
    folder = tmp_path / "app"
    shutil.copytree(sound, folder)
    paths = resolve(folder)
    harm(folder / "catalog.db", seed)
    told = 0
    for _ in range(3):  # damage may be met late, by the first statement that comes across it
        try:
            use_everything(paths)
        except UserError as error:
            assert "damaged" in str(error)  # noqa: PT017 - either outcome is right
            told += 1
    assert told <= 1
    with Catalog.open(paths) as catalog:
        assert catalog.notices == ()
        assert catalog.count().photos >= PHOTOS
        assert {photo.path for photo in catalog.photos()} >= set(PATHS)
        assert set(catalog.features("m").ids) <= {photo.content_id for photo in catalog.photos()}


@pytest.mark.parametrize("metadata", ["'{\"width\"'", "'[]'", "'{}'", "CAST(x'7BFF' AS TEXT)"])
def test_a_row_that_cannot_be_understood_is_damage(
    sound: Path, tmp_path: Path, metadata: str
) -> None:
    """quick_check cannot see it; reading does, and the next opening goes back to the backup."""
    folder = tmp_path / "app"
    shutil.copytree(sound, folder)
    paths = resolve(folder)
    catalog = Catalog.open(paths)
    with catalog._database.writing() as connection:
        connection.execute(f"UPDATE content SET metadata = {metadata} WHERE id = 5")
    with pytest.raises(UserError, match="start it again"):
        catalog.photos()
    catalog.close()
    with Catalog.open(paths) as catalog:
        assert "backup" in catalog.notices[0]
        assert len(catalog.photos()) == PHOTOS
    with Catalog.open(paths) as catalog:
        assert catalog.notices == ()


def test_damage_is_found_when_asked_for(sound: Path, tmp_path: Path) -> None:
    folder = tmp_path / "app"
    shutil.copytree(sound, folder)
    paths = resolve(folder)
    with Catalog.open(paths) as catalog:
        assert catalog.damage() is None
        with catalog._database.writing() as connection:
            connection.execute("UPDATE relation SET kind = 'unheard of' WHERE a = 3")
        assert "unheard of" in str(catalog.damage())
    with Catalog.open(paths) as catalog:
        assert "backup" in catalog.notices[0]
        assert catalog.damage() is None
