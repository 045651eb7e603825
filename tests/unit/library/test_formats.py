# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from imgdupe.library.formats import (
    COMPANIONS,
    PICTURES,
    RAWS,
    is_companion,
    is_picture,
    is_raw,
    sniff,
    suffix_of,
)


@pytest.mark.parametrize(
    ("name", "suffix"),
    [
        (b"IMG.JPG", b".jpg"),
        (b"a.b/c", b""),
        (b"dir/.jpg", b""),
        (b"x.tar.GZ", b".gz"),
        (b"x.", b"."),
        (b"caf\xe9.HEIC", b".heic"),
    ],
)
def test_suffix(name: bytes, suffix: bytes) -> None:
    assert suffix_of(name) == suffix


def test_no_suffix_is_two_things() -> None:
    assert len(PICTURES | RAWS | COMPANIONS) == len(PICTURES) + len(RAWS) + len(COMPANIONS)
    assert is_picture(b"a/x.Heic")
    assert is_raw(b"x.CR3")
    assert is_companion(b"x.jpg.XMP")
    assert not is_picture(b"x.cr3")


@pytest.mark.parametrize(
    "name", ["JPEG", "PNG", "GIF", "WEBP", "TIFF", "BMP", "AVIF", "JPEG2000", "PPM"]
)
def test_sniff_knows_what_pillow_writes(name: str) -> None:
    file = io.BytesIO()
    Image.new("RGB", (9, 9)).save(file, name)
    assert sniff(file.getvalue()[:32]) == name


@pytest.mark.parametrize(
    ("head", "name"),
    [
        (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "HEIF"),
        (b"\0\0\0\x18ftypcrx \0\0\0\1crx isom", "RAW"),
        (b"\0\0\0\x18ftypiso8\0\0\0\0mif1avif", "HEIF"),
        (b"\0\0\0\x18ftypisom\0\0\0\0mp42isom", None),
        (b"II*\0\x10\0\0\0CR\x02\0", "RAW"),
        (b"\xff\x0a", "JPEG XL"),
        (b"", None),
        (bytes(32), None),
    ],
)
def test_sniff_by_signature(head: bytes, name: str | None) -> None:
    assert sniff(head) == name


@given(st.binary(max_size=32))
def test_sniff_never_fails(head: bytes) -> None:
    sniff(head)
