# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import imagehash
import numpy as np
import pytest
import xxhash
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from imgdupe.fingerprint import hashes
from imgdupe.library.decode import decode
from imgdupe.records import FLAT_QUALITY, TURNS, turn_array
from tests.helpers.photos import make_flat, make_photo

SEEDS = range(40)


def luma(picture: Image.Image, size: int = 32) -> NDArray[np.uint8]:
    """The grey picture that imagehash makes of it."""
    return np.asarray(picture.convert("L").resize((size, size), Image.Resampling.LANCZOS))


def bits(a: int, b: int) -> int:
    return (a ^ b).bit_count()


@pytest.mark.parametrize("seed", SEEDS)
def test_phash_is_imagehashs(seed: int) -> None:
    picture = make_photo(seed, (240, 160))
    phash = hashes.phash_turns(luma(picture))[0]
    assert hashes.hex64(phash) == str(imagehash.phash(picture))


@pytest.mark.parametrize("seed", SEEDS)
def test_phash256_is_imagehashs(seed: int) -> None:
    picture = make_photo(seed, (240, 160))
    assert hashes.phash256(luma(picture, 64)).hex() == str(imagehash.phash(picture, hash_size=16))


@pytest.mark.parametrize("seed", SEEDS)
def test_the_turns_are_those_of_the_turned_pixels(seed: int) -> None:
    """Exactly so on the same grey picture, and within few bits on the turned photograph."""
    picture = make_photo(seed, (240, 160))
    grey = luma(picture)
    turns = hashes.phash_turns(grey)
    assert len(turns) == len(TURNS)
    pixels = np.asarray(picture)
    for turn in range(8):
        assert hashes.phash_turns(turn_array(grey, turn))[0] == turns[turn]
        turned = Image.fromarray(np.ascontiguousarray(turn_array(pixels, turn)))
        assert bits(int(str(imagehash.phash(turned)), 16), turns[turn]) <= 4


def test_real_photographs(shared: Path) -> None:
    paths = sorted((shared / "data/val/photos").glob("*.jpg"))[::40]
    for path in paths:
        with Image.open(path) as picture:
            assert hashes.hex64(hashes.phash_turns(luma(picture))[0]) == str(
                imagehash.phash(picture)
            )


@pytest.mark.parametrize("level", [0, 1, 77, 128, 255])
def test_a_flat_picture_has_one_hash(level: int) -> None:
    grey = np.full((32, 32), level, np.uint8)
    assert len(set(hashes.phash_turns(grey))) == 1
    assert hashes.phash_turns(grey)[0] in (0, 1 << 63)


@pytest.mark.parametrize("phash", [0, 1, 0x8000000000000000, 0xFFFFFFFFFFFFFFFF])
def test_hex(phash: int) -> None:
    assert len(hashes.hex64(phash)) == 16
    assert int(hashes.hex64(phash), 16) == phash


def drawn(value: Callable[[NDArray[np.float64], NDArray[np.float64]], object]) -> Image.Image:
    """A grey picture of 320 x 240 by a formula of x and y, both 0-1, in grey levels."""
    y, x = np.mgrid[0:1:240j, 0:1:320j]
    return Image.fromarray(np.clip(np.asarray(value(x, y)), 0, 255).astype(np.uint8))


def noisy(picture: Image.Image, sigma: float) -> Image.Image:
    pixels = np.asarray(picture, dtype=np.float64)
    noise = np.random.default_rng(5).normal(0, sigma, pixels.shape)
    return Image.fromarray(np.clip(pixels + noise, 0, 255).astype(np.uint8))


FLAT = {
    "black": drawn(lambda x, _: 0 * x),
    "sky": make_flat((200, 90, 30)),
    "split": drawn(lambda x, _: 255 * (x > 0.5)),
    "slanting split": drawn(lambda x, y: 255 * (x + 0.7 * y > 0.8)),
    "corner": drawn(lambda x, y: 255 * ((x > 0.5) & (y > 0.5))),
    "stripes": drawn(lambda x, _: 127 + 120 * np.sin(40 * x)),
    "slope": drawn(lambda x, y: 255 * (x + y) / 2),
    "vignette": drawn(lambda x, y: 220 - 150 * ((x - 0.5) ** 2 + (y - 0.5) ** 2)),
    "lens cap": noisy(drawn(lambda x, _: 6 + 0 * x), 8.0),
    "noisy sky": noisy(drawn(lambda _, y: 150 + 80 * y), 5.0),
    "defocused": make_photo(3, (320, 240)).filter(ImageFilter.GaussianBlur(60)),
}


@pytest.mark.parametrize("name", FLAT)
def test_flat_pictures_have_no_quality(name: str) -> None:
    assert hashes.quality(luma(FLAT[name], 64)) < FLAT_QUALITY


def test_photographs_have_quality() -> None:
    """Dim ones, those of low contrast and a small thing in an empty sky, too."""
    for seed in range(8):
        photo = make_photo(seed, (320, 240))
        assert hashes.quality(luma(photo, 64)) == 100
        assert hashes.quality(luma(photo.point(lambda level: 8 + level // 5), 64)) >= FLAT_QUALITY
    bird = make_flat((120, 160, 220), (320, 240))
    bird.paste(make_photo(4, (40, 30)), (150, 100))
    assert hashes.quality(luma(bird, 64)) >= FLAT_QUALITY
    random = np.random.default_rng(1).integers(0, 256, (64, 64), np.uint8)
    assert hashes.quality(random) == 100


def test_quality_of_real_photographs(shared: Path) -> None:
    """None of the originals is flat, be it night or dusk."""
    for path in sorted((shared / "data/originals").glob("*.jpg")):
        assert hashes.quality(decode(os.fsencode(path)).luma64) >= FLAT_QUALITY, path


def test_file_hashes_agree(tmp_path: Path) -> None:
    content = os.urandom(3 << 20)
    (tmp_path / "1").write_bytes(content)
    expected = xxhash.xxh3_128_digest(content)
    assert hashes.file_hash(os.fsencode(tmp_path / "1")) == expected
    descriptor = os.open(tmp_path / "1", os.O_RDONLY)
    os.lseek(descriptor, 1234, os.SEEK_SET)
    assert hashes.file_hash_fd(descriptor) == expected
    os.close(descriptor)
    assert hashes.bytes_hash([content[:9], memoryview(content)[9:]]) == expected
    with pytest.raises(FileNotFoundError):
        hashes.file_hash(os.fsencode(tmp_path / "2"))


def test_pixel_hashes_see_pixels_and_size_alone() -> None:
    pixels = np.random.default_rng(1).integers(0, 256, (20, 30, 3), np.uint8)
    reshaped = pixels.reshape(30, 20, 3)
    other = pixels.copy()
    other[3, 4, 1] ^= 1
    assert hashes.pixels_hash(pixels) == hashes.pixels_hash(pixels.copy(order="F"))
    assert len({hashes.pixels_hash(each) for each in (pixels, reshaped, other)}) == 3
    assert len(hashes.pixels_hash(pixels)) == 16


def test_children_import_little() -> None:
    """What a decode child imports decides how fast it starts and how little memory it takes."""
    code = "import sys, imgdupe.engine.worker; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    heavy = {"scipy", "imagehash", "pandas", "PySide6", "onnxruntime", "hnswlib", "sqlite3"}
    assert not heavy & {name.split(".")[0] for name in done.stdout.split()}
