# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
from __future__ import annotations

import io
import mmap
import os
import tracemalloc
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from imgdupe.library import source as source_module
from imgdupe.library.decode import DecodeError, decode
from imgdupe.library.source import Reader, Source, ViewStream
from imgdupe.records import ProblemKind
from tests.helpers.photos import make_photo


def test_one_buffer_serves_file_after_file(tmp_path: Path) -> None:
    reader = Reader()
    for size in (100_000, 10, 99_999, 200_000):
        content = os.urandom(size)
        (tmp_path / "1").write_bytes(content)
        source = reader.read(os.fsencode(tmp_path / "1"))
        assert bytes(source.data) == content
        assert source.find(content[-8:]) == size - 8
        assert source.rfind(content[:8]) == 0
        assert source.find(b"certainly not in there") == -1


def test_marks_of_an_earlier_file_are_not_found(tmp_path: Path) -> None:
    reader = Reader()
    (tmp_path / "1").write_bytes(bytes(50) + b"mark")
    reader.read(os.fsencode(tmp_path / "1"))
    (tmp_path / "2").write_bytes(b"short")
    assert reader.read(os.fsencode(tmp_path / "2")).find(b"mark") == -1


def test_large_files_are_mapped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    picture = make_photo(4, (640, 480))
    picture.save(tmp_path / "1.tif", compression="tiff_lzw")
    picture.save(tmp_path / "2.jpg")
    picture.save(tmp_path / "3.png")
    paths = [os.fsencode(tmp_path / name) for name in ("1.tif", "2.jpg", "3.png")]
    results = [decode(path) for path in paths]
    monkeypatch.setattr(source_module, "_READ_LIMIT_BYTES", 1000)
    for path, before in zip(paths, results, strict=True):
        assert isinstance(Reader().read(path).raw, mmap.mmap)
        mapped = decode(path)
        assert np.array_equal(mapped.pixels, before.pixels)
        assert bytes(mapped.content) == bytes(before.content)
        assert mapped.damaged is None


def test_compressed_tiffs_are_not_copied(tmp_path: Path) -> None:
    noise = np.random.default_rng(1).integers(0, 256, (2000, 2000, 3), np.uint8)
    Image.fromarray(noise).save(tmp_path / "1.tif", compression="tiff_lzw")
    size = (tmp_path / "1.tif").stat().st_size
    tracemalloc.start()
    decode(os.fsencode(tmp_path / "1.tif"))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < size * 1.5


def test_a_file_that_shrinks_while_it_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "1.jpg"
    path.write_bytes(bytes(1000))
    fstat = os.fstat

    def shrinking(descriptor: int) -> os.stat_result:
        status = fstat(descriptor)
        os.truncate(path, 10)
        return status

    monkeypatch.setattr(os, "fstat", shrinking)
    with pytest.raises(DecodeError) as caught:
        Reader().read(os.fsencode(path))
    assert caught.value.kind is ProblemKind.CHANGED


def test_a_view_behaves_like_a_file() -> None:
    content = bytes(range(200))
    ours, theirs = ViewStream(memoryview(content)), io.BytesIO(content)
    for stream in (ours, theirs):
        stream.seek(-20, os.SEEK_END)
    for size in (5, 0, 100, 3):
        assert ours.read(size) == theirs.read(size)
    assert ours.seek(10) == theirs.seek(10)
    assert ours.seek(5, os.SEEK_CUR) == theirs.seek(5, os.SEEK_CUR)
    assert ours.read() == theirs.read()
    assert ours.seek(500) == theirs.seek(500)
    assert ours.read(5) == theirs.read(5) == b""
    assert ours.tell() == theirs.tell()
    with pytest.raises(ValueError, match="negative"):
        ours.seek(-1)


def test_a_part_of_a_source() -> None:
    source = Source(b"", b"0123456789 and more", 10)
    assert source.stream(2, 5).read() == b"234"
    assert source.stream(8).read() == b"89"
