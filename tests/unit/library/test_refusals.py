# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
from __future__ import annotations

import os
import pickle
import warnings
from pathlib import Path

import pytest
from PIL import Image, ImageFile

from imgdupe.library.decode import DecodeError, decode, load_view
from imgdupe.records import FoundFile, ProblemKind
from tests.helpers.photos import make_photo, save


@pytest.fixture(scope="module")
def photo() -> Image.Image:
    return make_photo(3, (960, 640), grain=0)


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("1.jpg", b"", ProblemKind.NOT_AN_IMAGE),
        ("1.jpg", b"x", ProblemKind.NOT_AN_IMAGE),
        ("1.jpg", bytes(5000), ProblemKind.NOT_AN_IMAGE),
        ("1.jpg", b"<!doctype html><p>not found, and so on and on", ProblemKind.NOT_AN_IMAGE),
        ("1.jpg", b"\0\0\0\x18ftypisom\0\0\0\0mp42isom" + bytes(40), ProblemKind.NOT_AN_IMAGE),
        ("1.jxl", b"\xff\x0a" + bytes(40), ProblemKind.UNSUPPORTED),
        ("1.psb", b"8BPS\0\x02" + bytes(40), ProblemKind.UNSUPPORTED),
        ("1.jpg", b"\xff\xd8\xff\xd9" + bytes(40), ProblemKind.DAMAGED),
        ("1.png", b"\x89PNG\r\n\x1a\n" + bytes(40), ProblemKind.DAMAGED),
    ],
)
def test_refusals_say_why(tmp_path: Path, name: str, content: bytes, kind: ProblemKind) -> None:
    (tmp_path / name).write_bytes(content)
    for read in (decode, lambda path: load_view(path, 100)):
        with pytest.raises(DecodeError) as caught:
            read(os.fsencode(tmp_path / name))
        assert caught.value.kind in {kind, ProblemKind.TRUNCATED}
        assert caught.value.detail.endswith(".")
        assert len(caught.value.detail) > 15


def test_a_broken_off_jpeg_is_truncated(tmp_path: Path, photo: Image.Image) -> None:
    path = save(photo, tmp_path / "1.jpg")
    path.write_bytes(path.read_bytes()[:20_000])
    with pytest.raises(DecodeError) as caught:
        decode(os.fsencode(path))
    assert caught.value.kind is ProblemKind.TRUNCATED


def test_giant_pictures(tmp_path: Path) -> None:
    """200 megapixels of JPEG are decoded reduced; what cannot fit is refused by its header."""
    Image.new("L", (20_000, 10_000), 99).save(tmp_path / "big.jpg", quality=20)
    assert decode(os.fsencode(tmp_path / "big.jpg")).metadata.width == 20_000
    header = b"P6 100000 100000 255\n"
    (tmp_path / "1.ppm").write_bytes(header + bytes(100))
    with pytest.raises(DecodeError) as caught:
        decode(os.fsencode(tmp_path / "1.ppm"))
    assert caught.value.kind is ProblemKind.TOO_LARGE
    assert "100000 × 100000" in caught.value.detail


def test_no_file_no_folder_no_permission(tmp_path: Path) -> None:
    for path, kind in (
        (tmp_path / "gone.jpg", ProblemKind.NOT_FOUND),
        (tmp_path, ProblemKind.NOT_AN_IMAGE),
    ):
        with pytest.raises(DecodeError) as caught:
            decode(os.fsencode(path))
        assert caught.value.kind is kind


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "1.jpg")
    with pytest.raises(DecodeError) as caught:
        decode(os.fsencode(tmp_path / "1.jpg"))
    assert caught.value.kind is ProblemKind.NOT_AN_IMAGE


def test_a_file_that_changed_since_the_walk(tmp_path: Path, photo: Image.Image) -> None:
    path = save(photo, tmp_path / "1.jpg")
    status = path.stat()
    seen = FoundFile(os.fsencode(path), status.st_size, status.st_mtime_ns, 0, 0)
    decode(seen.path, seen)
    os.utime(path, ns=(1, status.st_mtime_ns + 1))
    for read in (lambda: decode(seen.path, seen), lambda: load_view(seen.path, 99, seen)):
        with pytest.raises(DecodeError) as caught:
            read()
        assert caught.value.kind is ProblemKind.CHANGED


def test_reading_leaves_no_trace(tmp_path: Path, photo: Image.Image) -> None:
    path = save(photo, tmp_path / "1.jpg")
    os.utime(path, ns=(10**18, 10**18))
    decode(os.fsencode(path))
    assert (path.stat().st_atime_ns, path.stat().st_mtime_ns) == (10**18, 10**18)


def test_codecs_that_explode(
    tmp_path: Path, photo: Image.Image, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = save(photo, tmp_path / "1.jpg")
    for error in (
        *(OSError("x"), ValueError("x"), SyntaxError("x"), RuntimeError("x"), KeyError("x")),
        *(MemoryError(), NotImplementedError(), IndexError(), EOFError(), OverflowError()),
    ):

        def explode(*_: object, error: Exception = error) -> None:
            raise error

        monkeypatch.setattr(ImageFile.ImageFile, "load", explode)
        with pytest.raises(DecodeError) as caught:
            decode(os.fsencode(path))
        assert caught.value.detail.endswith(".")


def test_warnings_are_not_printed(tmp_path: Path, photo: Image.Image) -> None:
    path = save(photo, tmp_path / "1.jpg", camera="C")
    data = path.read_bytes()
    at = data.find(b"Exif\0\0") + 10
    path.write_bytes(data[:at] + b"\xff\xff\xff\x7f" + data[at + 4 :])
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert decode(os.fsencode(path)).metadata.camera is None


def test_the_error_travels_between_processes() -> None:
    error = DecodeError(ProblemKind.DAMAGED, "words.")
    copy = pickle.loads(pickle.dumps(error))
    assert (copy.kind, copy.detail) == (error.kind, error.detail)
