# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QByteArray, QMimeData, QUrl
from PySide6.QtGui import QImage

from imgdupe.gui import drops
from imgdupe.gui.desktop import file_uri

PATHS = st.binary(min_size=1, max_size=60).map(lambda name: b"/" + name.replace(b"\0", b"x"))


def _mime(uris: bytes) -> QMimeData:
    mime = QMimeData()
    mime.setData("text/uri-list", QByteArray(uris))
    return mime


@given(PATHS)
def test_any_path_survives_being_dropped(path: bytes) -> None:
    mime = _mime(file_uri(path).encode() + b"\r\n")
    assert drops.paths_in(mime) == [path]


def test_a_name_that_is_no_utf8_arrives_whole() -> None:
    assert drops.paths_in(_mime(b"file:///a/caf%E9%FF.jpg\r\n")) == [b"/a/caf\xe9\xff.jpg"]


def test_several_with_comments_and_strange_ends_of_line() -> None:
    text = b"# from a file manager\nfile:///a%20b/1.jpg\r\nfile:/c\n\nFILE://localhost/d#top\0"
    assert drops.paths_in(_mime(text)) == [b"/a b/1.jpg", b"/c", b"/d"]


@pytest.mark.parametrize(
    "uri",
    [
        b"http://example.org/a.jpg",
        b"file://elsewhere/a.jpg",
        b"file:relative.jpg",
        b"file:///a%00b",
        b"data:image/png;base64,AAAA",
        b"",
    ],
)
def test_what_is_no_local_file_gives_no_path(uri: bytes) -> None:
    assert drops.path_of_uri(uri) is None


def test_qts_own_urls_are_understood() -> None:
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile("/tmp/ä b.jpg")])
    assert drops.takes(mime)
    assert drops.paths_in(mime) == ["/tmp/ä b.jpg".encode()]


def test_a_pasted_text_of_paths_is_taken_and_prose_is_not() -> None:
    mime = QMimeData()
    mime.setText("/home/ada/a.jpg\nfile:///home/ada/b%20c.jpg\n")
    assert drops.paths_in(mime) == [b"/home/ada/a.jpg", b"/home/ada/b c.jpg"]
    mime.setText("/home is where\nthe heart is")
    assert drops.paths_in(mime) == []


def test_addresses_are_told_apart() -> None:
    assert drops.web_address_in(_mime(b"https://example.org/a.jpg"))
    assert not drops.web_address_in(_mime(b"file:///a.jpg"))


def test_a_copied_picture_is_taken() -> None:
    mime = QMimeData()
    assert drops.picture_in(mime) is None
    picture = QImage(3, 2, QImage.Format.Format_RGB32)
    picture.fill(0xFF336699)
    mime.setImageData(picture)
    assert drops.takes(mime)
    taken = drops.picture_in(mime)
    assert taken is not None
    assert (taken.width(), taken.height()) == (3, 2)


def test_paths_are_sorted_by_what_lies_there(tmp_path: Path) -> None:
    base = os.fsencode(tmp_path)
    folder, picture, raw, text = (
        os.path.join(base, name) for name in (b"album", b"\xffA.JPG", b"b.nef", b"c.txt")
    )
    os.mkdir(folder)
    for path in (picture, raw, text):
        with open(path, "wb"):
            pass
    gone = os.path.join(base, b"gone.jpg")
    dropped = drops.sort_out([text, folder, picture, raw, gone, folder], [b".jpg", b".nef"])
    assert dropped == drops.Dropped((folder,), (picture, raw), (text, gone))
