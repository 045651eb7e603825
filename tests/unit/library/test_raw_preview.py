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

from imgdupe.library import tiff
from imgdupe.library.decode import Decoded, DecodeError, decode, load_view
from imgdupe.library.source import Source
from imgdupe.records import ProblemKind
from tests.helpers.photos import make_photo
from tests.helpers.raws import canon_cr3, fuji_raw, jpeg_bytes, sensor_noise, tiff_raw


@pytest.fixture(scope="module")
def picture() -> Image.Image:
    return make_photo(5, (960, 640), grain=0)


def written(path: Path, content: bytes) -> bytes:
    path.write_bytes(content)
    return os.fsencode(path)


def shows(result: Decoded, picture: Image.Image) -> bool:
    expected = np.asarray(picture.resize((224, 224), Image.Resampling.BILINEAR)).astype(int)
    return float(np.abs(result.pixels.astype(int) - expected).mean()) < 4


@pytest.mark.parametrize("suffix", ["nef", "CR2", "dng", "arw", "pef"])
def test_previews_that_the_directories_name(
    tmp_path: Path, picture: Image.Image, suffix: str
) -> None:
    path = written(tmp_path / f"1.{suffix}", tiff_raw(jpeg_bytes(picture)))
    result = decode(path)
    assert shows(result, picture)
    assert (result.metadata.width, result.metadata.height) == (6000, 4000)
    assert result.metadata.format == suffix.upper()
    assert result.metadata.camera == "Imgdupe"
    assert result.scan is None
    assert result.damaged is None
    assert load_view(path, None).shape == (640, 960, 3)


def test_previews_that_nothing_names(tmp_path: Path, picture: Image.Image) -> None:
    hidden = tiff_raw(jpeg_bytes(picture), preview_tags=False, mark=b"IIRO")
    assert shows(decode(written(tmp_path / "1.orf", hidden)), picture)
    sigma = b"FOVb" + sensor_noise(3000) + jpeg_bytes(picture) + sensor_noise(3000)
    assert shows(decode(written(tmp_path / "1.x3f", sigma)), picture)


def test_the_largest_preview_counts(tmp_path: Path, picture: Image.Image) -> None:
    small = jpeg_bytes(make_photo(9, (400, 300)))
    both = tiff_raw(small + sensor_noise(500) + jpeg_bytes(picture), preview_tags=False)
    assert shows(decode(written(tmp_path / "1.nef", both)), picture)


def test_fuji_and_canon(tmp_path: Path, picture: Image.Image) -> None:
    fuji = decode(written(tmp_path / "1.raf", fuji_raw(jpeg_bytes(picture))))
    assert shows(fuji, picture)
    turned = picture.transpose(Image.Transpose.ROTATE_90)
    canon = decode(written(tmp_path / "1.cr3", canon_cr3(jpeg_bytes(turned), orientation=6)))
    assert shows(canon, picture)
    assert canon.metadata.camera == "Canon EOS Test"
    assert (canon.metadata.width, canon.metadata.height) == (960, 640)


def test_the_turn_of_the_raw_is_the_turn_of_its_preview(
    tmp_path: Path, picture: Image.Image
) -> None:
    turned = picture.transpose(Image.Transpose.ROTATE_90)
    lying = tiff_raw(jpeg_bytes(picture), orientation=8, size=(6000, 4000))
    result = decode(written(tmp_path / "1.nef", lying))
    assert shows(result, turned)
    assert (result.metadata.width, result.metadata.height) == (4000, 6000)


def test_a_preview_that_is_upright_already(tmp_path: Path, picture: Image.Image) -> None:
    upright = picture.transpose(Image.Transpose.ROTATE_90)
    raw = tiff_raw(jpeg_bytes(upright), orientation=8, size=(6000, 4000))
    assert shows(decode(written(tmp_path / "1.nef", raw)), upright)


def test_the_preview_says_its_turn_if_the_raw_says_none(
    tmp_path: Path, picture: Image.Image
) -> None:
    exif = Image.Exif()
    exif[0x112] = 6
    turned = picture.transpose(Image.Transpose.ROTATE_90)
    raw = fuji_raw(jpeg_bytes(turned, exif=exif))
    assert shows(decode(written(tmp_path / "1.raf", raw)), picture)


@pytest.mark.parametrize("size", [(160, 120), (319, 200)])
def test_a_thumbnail_is_no_photo(
    tmp_path: Path, picture: Image.Image, size: tuple[int, int]
) -> None:
    path = written(tmp_path / "1.nef", tiff_raw(jpeg_bytes(picture.resize(size))))
    with pytest.raises(DecodeError) as caught:
        decode(path)
    assert caught.value.kind is ProblemKind.UNSUPPORTED
    assert "no embedded preview" in caught.value.detail


def test_sensor_data_is_no_preview(tmp_path: Path) -> None:
    """Noise with JPEG starts in it, and lossless JPEG as CR2 and DNG have, mislead nobody."""
    noise = bytearray(sensor_noise(200_000))
    for at in range(1000, 190_000, 5000):
        noise[at : at + 4] = b"\xff\xd8\xff\xc4"
    lossless = b"\xff\xd8\xff\xc3\0\x0b\x08\x10\0\x10\0\1\1\x11\0\xff\xda\0\x08\1\1\0\0\x3f\0"
    path = written(tmp_path / "1.x3f", b"FOVb" + bytes(noise) + lossless + bytes(noise))
    with pytest.raises(DecodeError) as caught:
        decode(path)
    assert caught.value.kind is ProblemKind.UNSUPPORTED


def test_damage(tmp_path: Path, picture: Image.Image) -> None:
    whole = tiff_raw(jpeg_bytes(picture))
    cut = decode(written(tmp_path / "cut.nef", whole[:-1000]))
    assert shows(cut, picture)
    assert cut.damaged
    black = decode(
        written(tmp_path / "black.nef", tiff_raw(jpeg_bytes(Image.new("RGB", (640, 480)))))
    )
    assert black.damaged
    assert "black" in black.damaged


def test_a_jpeg_with_the_name_of_a_raw(tmp_path: Path, picture: Image.Image) -> None:
    result = decode(written(tmp_path / "1.cr2", jpeg_bytes(picture)))
    assert result.metadata.format == "JPEG"
    assert shows(result, picture)


def test_raws_of_the_corpus_have_a_result_or_a_reason(shared: Path) -> None:
    suffixes = {".dng", ".cr2", ".cr3", ".nef", ".raf", ".rw2", ".mrw", ".x3f", ".crw", ".kdc"}
    paths = [p for p in (shared / "corpora/odd-images").rglob("*") if p.suffix.lower() in suffixes]
    assert len(paths) > 12
    for path in paths:
        with contextlib.suppress(DecodeError):
            decode(os.fsencode(path))


@settings(max_examples=150)
@given(
    st.lists(st.tuples(st.integers(0, 1500), st.integers(0, 255)), max_size=20),
    st.integers(0, 1500),
    st.sampled_from([b"II*\0", b"MM\0*", b"II+\0", b"IIRO", b"IIU\0"]),
)
def test_directories_of_any_kind(changes: list[tuple[int, int]], length: int, mark: bytes) -> None:
    raw = bytearray(tiff_raw(jpeg_bytes(Image.new("RGB", (400, 300)))))
    raw[:4] = mark
    for at, value in changes:
        raw[at] = value
    data = bytes(raw[: max(length, 4)]) if length % 2 else bytes(raw)
    parsed = tiff.read(Source(b"1.nef", data, len(data)))
    assert parsed is None or len(parsed.directories) <= 64
