# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""The stored index is given out only if nothing speaks against it."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from imgdupe.catalog import index_file
from imgdupe.catalog.catalog import Catalog
from imgdupe.catalog.index_file import Stamp
from imgdupe.catalog.paths import Paths
from imgdupe.errors import UserError
from tests.helpers.damage import seeds
from tests.helpers.fingerprints import DIM, fingerprint, shot, vector

MODEL = "model-1"
STAMP = Stamp(MODEL, DIM, 3, "ab" * 16)
PAYLOAD = random.Random(1).randbytes(5000)


def embed_one(catalog: Catalog) -> None:
    scan = catalog.begin_scan()
    catalog.save([(shot(b"/photos/a.jpg"), fingerprint(1), vector(1))], [], scan, MODEL)


def test_what_was_written_comes_back(tmp_path: Path) -> None:
    index_file.write(tmp_path, STAMP, PAYLOAD)
    assert index_file.read(tmp_path, MODEL) == (STAMP, PAYLOAD)
    assert index_file.read(tmp_path, "other") is None
    assert [path.name for path in tmp_path.iterdir()] == ["index-model-1.hnsw"]


@pytest.mark.parametrize("seed", seeds(60, 300))
def test_no_damaged_byte_gets_through(tmp_path: Path, seed: int) -> None:
    index_file.write(tmp_path, STAMP, PAYLOAD)
    (file,) = tmp_path.iterdir()
    data = bytearray(file.read_bytes())
    random_ = random.Random(seed)
    if seed % 4 == 0:
        del data[random_.randrange(len(data)) :]
    elif seed % 4 == 1:
        data += b"\0"
    else:
        at = random_.randrange(160 if seed % 4 == 2 else len(data))
        data[at] ^= 1 << random_.randrange(8)
    file.write_bytes(data)
    assert index_file.read(tmp_path, MODEL) is None


@pytest.mark.parametrize("data", [b"", b"x", b"\xff" * 5000, PAYLOAD])
def test_foreign_files_are_refused(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "index-model-1.hnsw").write_bytes(data)
    assert index_file.read(tmp_path, MODEL) is None


def test_the_catalog_gives_its_own_index(catalog: Catalog) -> None:
    embed_one(catalog)
    assert catalog.read_index(MODEL) is None
    catalog.write_index(MODEL, PAYLOAD, 1, DIM)
    assert catalog.read_index(MODEL) == PAYLOAD


def test_an_index_of_another_dimension_is_refused(catalog: Catalog) -> None:
    embed_one(catalog)
    catalog.write_index(MODEL, PAYLOAD, 1, DIM + 1)
    assert catalog.read_index(MODEL) is None


def test_an_index_of_an_older_catalog_is_refused(paths: Paths) -> None:
    """After a restore ids begin again: the labels would name other photos."""
    with Catalog.open(paths) as catalog:
        embed_one(catalog)
        catalog.finish_scan(catalog.begin_scan(), [b"/elsewhere"], complete=True)
        catalog.write_index(MODEL, PAYLOAD, 1, DIM)
    (paths.data / "catalog.db").write_bytes(b"broken")
    with Catalog.open(paths) as catalog:
        assert catalog.count().photos == 1
        assert catalog.read_index(MODEL) is None


def test_a_failed_write_leaves_the_old_index(tmp_path: Path) -> None:
    index_file.write(tmp_path, STAMP, PAYLOAD)
    (tmp_path / "index-model-1.hnsw.new").mkdir()
    with pytest.raises(UserError, match="reports an error"):
        index_file.write(tmp_path, STAMP, b"new")
    assert index_file.read(tmp_path, MODEL) == (STAMP, PAYLOAD)


def test_a_model_id_cannot_lead_out_of_the_folder(tmp_path: Path) -> None:
    index_file.write(tmp_path, Stamp("../x/..", 1, 1, ""), PAYLOAD)
    assert [path.parent for path in tmp_path.iterdir()] == [tmp_path]
