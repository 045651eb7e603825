# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""The made pictures must behave like photographs, or every other test proves nothing."""

from __future__ import annotations

from pathlib import Path

import imagehash
import numpy as np
import pytest
from PIL import Image

from tests.helpers.files import snapshot
from tests.helpers.library import make_library
from tests.helpers.photos import make_flat, make_photo

SMALL = (480, 320)


def test_same_seed_gives_the_same_pixels() -> None:
    assert make_photo(3, SMALL).tobytes() == make_photo(3, SMALL).tobytes()


def test_sizes_of_one_seed_are_one_scene() -> None:
    small, large = (imagehash.phash(make_photo(3, size)) for size in (SMALL, (1440, 960)))
    assert small - large <= 4


def test_seeds_are_strangers() -> None:
    hashes = [imagehash.phash(make_photo(seed, SMALL)) for seed in range(8)]
    distances = [a - b for n, a in enumerate(hashes) for b in hashes[:n]]
    assert min(distances) > 12


def test_moments_are_alike_but_not_the_same() -> None:
    first, second = (
        np.asarray(make_photo(3, SMALL, moment=m).convert("L"), dtype=np.float64) for m in (1, 2)
    )
    assert np.corrcoef(first.ravel(), second.ravel())[0, 1] > 0.6
    assert np.mean(np.abs(first - second) > 25) > 0.02


def test_flat_pictures_are_flat() -> None:
    assert np.asarray(make_flat((140, 180, 230)).convert("L")).std() < 4


@pytest.fixture(scope="module")
def two_folders(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    parent = tmp_path_factory.mktemp("libraries")
    for name in ("a", "b"):
        make_library(parent / name, size=SMALL)
    return parent / "a", parent / "b"


def test_library_depends_on_its_seed_alone(two_folders: tuple[Path, Path]) -> None:
    one, other = (
        {Path(path.decode()).relative_to(folder): seen.sha256 for path, seen in files.items()}
        for folder, files in ((folder, snapshot(folder)) for folder in two_folders)
    )
    assert one == other


def test_library_tells_the_truth(tmp_path: Path) -> None:
    library = make_library(tmp_path, size=SMALL)
    assert {each.kind for each in library.copies} == {
        "identical",
        "same_pixels",
        "resized",
        "edited",
    }
    for each in library.of_kind("identical"):
        assert each.original.read_bytes() == each.copy.read_bytes()
    for each in library.of_kind("same_pixels"):
        assert each.original.read_bytes() != each.copy.read_bytes()
        with Image.open(each.original) as a, Image.open(each.copy) as b:
            assert a.convert("RGB").tobytes() == b.convert("RGB").tobytes()
