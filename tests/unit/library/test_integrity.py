# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
from __future__ import annotations

import contextlib
import os
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from imgdupe.library import integrity, jpeg
from imgdupe.library.decode import DecodeError, decode
from imgdupe.library.source import Source
from tests.helpers.photos import make_photo
from tests.helpers.raws import jpeg_bytes

FORMATS = ["jpg", "progressive.jpg", "png", "gif", "webp", "avif", "jp2", "tif", "bmp"]


def write(picture: Image.Image, path: Path) -> None:
    """As the name says, `progressive` included."""
    if "progressive" in path.name:
        picture.save(path, progressive=True)
    else:
        picture.save(path)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """The same picture sound, in every format."""
    folder = tmp_path_factory.mktemp("whole")
    picture = make_photo(11, (640, 480))
    for name in FORMATS:
        write(picture, folder / f"1.{name}")
    return {name: (folder / f"1.{name}").read_bytes() for name in FORMATS}


def verdict(tmp_path: Path, name: str, content: bytes) -> str | None:
    """None if the file counts as sound; the reason if it is refused or flagged."""
    path = tmp_path / f"1.{name}"
    path.write_bytes(content)
    try:
        return decode(os.fsencode(path)).damaged
    except DecodeError as error:
        return error.detail


@pytest.mark.parametrize("name", FORMATS)
def test_sound_files_are_sound(tmp_path: Path, whole: dict[str, bytes], name: str) -> None:
    assert verdict(tmp_path, name, whole[name]) is None
    assert verdict(tmp_path, name, whole[name] + b"appended by someone") is None


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.99])
@pytest.mark.parametrize("name", FORMATS)
def test_broken_off_copies(
    tmp_path: Path, whole: dict[str, bytes], name: str, share: float
) -> None:
    content = whole[name]
    assert verdict(tmp_path, name, content[: int(len(content) * share)])


@pytest.mark.parametrize("name", [name for name in FORMATS if name not in ("tif", "bmp")])
def test_the_last_bytes_missing(tmp_path: Path, whole: dict[str, bytes], name: str) -> None:
    assert verdict(tmp_path, name, whole[name][:-2])


@pytest.mark.parametrize("name", FORMATS)
def test_a_second_half_of_zeros(tmp_path: Path, whole: dict[str, bytes], name: str) -> None:
    content = whole[name]
    kept = len(content) // 2
    assert verdict(tmp_path, name, content[:kept] + bytes(len(content) - kept))


@pytest.mark.parametrize("sectors", [1, 8])
@pytest.mark.parametrize("name", [name for name in FORMATS if name not in ("tif", "bmp")])
def test_lost_sectors(tmp_path: Path, whole: dict[str, bytes], name: str, sectors: int) -> None:
    content = bytearray(whole[name])
    start = len(content) // 1024 * 512
    content[start - 1] = content[start + 512 * sectors] = 0x55
    content[start : start + 512 * sectors] = bytes(512 * sectors)
    assert verdict(tmp_path, name, bytes(content))


def test_a_scan_that_stops_in_the_middle(tmp_path: Path, whole: dict[str, bytes]) -> None:
    """Another file's end within the data: decoders fill the rest with one colour."""
    content = bytearray(whole["jpg"])
    at = len(content) // 2
    content[at : at + 2] = b"\xff\xd9"
    assert verdict(tmp_path, "jpg", bytes(content))


def test_pictures_with_bands_and_borders_are_sound(tmp_path: Path) -> None:
    picture = make_photo(11, (640, 480))
    bottom = picture.copy()
    bottom.paste("white", (0, 400, 640, 480))
    framed = Image.new("RGB", (700, 540), "black")
    framed.paste(picture, (30, 30))
    for each in (bottom, framed, Image.new("RGB", (640, 480)), Image.new("RGB", (640, 480), 9)):
        for name in FORMATS:
            write(each, tmp_path / f"2.{name}")
            assert decode(os.fsencode(tmp_path / f"2.{name}")).damaged is None, name


def test_optimised_flat_jpegs_hold_zeros_and_are_sound(tmp_path: Path) -> None:
    picture = Image.new("L", (4000, 3000), 128)
    picture.putpixel((5, 5), 255)
    picture.save(tmp_path / "1.jpg", optimize=True)
    assert decode(os.fsencode(tmp_path / "1.jpg")).damaged is None


def test_png_checksums(tmp_path: Path, whole: dict[str, bytes]) -> None:
    content = bytearray(whole["png"])
    content[-6] ^= 1  # IEND's own
    reason = verdict(tmp_path, "png", bytes(content))
    assert reason
    assert "checksum" in reason


def test_pages_behind_the_first(tmp_path: Path) -> None:
    pages = [make_photo(seed, (200, 150)) for seed in (1, 2, 3)]
    pages[0].save(tmp_path / "1.tif", save_all=True, append_images=pages[1:])
    content = (tmp_path / "1.tif").read_bytes()
    assert verdict(tmp_path, "tif", content) is None
    assert verdict(tmp_path, "tif", content[: len(content) // 2])


def test_photographs_are_sound(shared: Path) -> None:
    paths = sorted((shared / "data/val/photos").glob("*.jpg"))[::8]
    damaged = [path for path in paths if decode(os.fsencode(path)).damaged]
    assert len(paths) > 100
    assert not damaged


JPEG = jpeg_bytes(make_photo(2, (160, 120)))


@settings(max_examples=200)
@given(st.lists(st.tuples(st.integers(0, len(JPEG) - 1), st.integers(0, 255)), max_size=30))
def test_any_jpeg_can_be_laid_out(changes: list[tuple[int, int]]) -> None:
    content = bytearray(JPEG)
    for at, value in changes:
        content[at] = value
    source = Source(b"1.jpg", bytes(content), len(content))
    plan = jpeg.layout(source)
    if plan is not None:
        assert plan.end is None or plan.scan < plan.end <= source.size
        jpeg.first_foreign_marker(source, plan)
        assert jpeg.scan_parts(source, plan, 1)


@settings(max_examples=200)
@given(
    st.sampled_from(["JPEG", "PNG", "GIF", "WEBP", "TIFF", "BMP", "AVIF", "HEIF", "JPEG2000"]),
    st.binary(max_size=2000),
    st.booleans(),
)
def test_any_bytes_can_be_examined(name: str, content: bytes, begins_well: bool) -> None:
    heads = {"PNG": b"\x89PNG\r\n\x1a\n", "GIF": b"GIF89a", "TIFF": b"II*\0\x08\0\0\0"}
    data = (heads.get(name, b"\0\0\0\x18ftypavif") if begins_well else b"") + content
    source = Source(b"", data, len(data))
    thumbnail = np.zeros((10, 10, 3), np.uint8)
    with contextlib.suppress(DecodeError):
        integrity.damage(source, name, jpeg.layout(source), thumbnail)
