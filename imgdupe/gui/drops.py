# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""Paths and pictures out of drops and the clipboard, byte for byte.

`paths_in` and `picture_in` are called on the main thread, `sort_out` in a job (a network drive
may take seconds to answer). URIs are parsed here, not by QUrl: a file name that is no UTF-8 must
arrive whole. Nothing is fetched from anywhere.
"""

from __future__ import annotations

import os
import platform
import stat
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import unquote_to_bytes

from PySide6.QtCore import QMimeData
from PySide6.QtGui import QImage

_URIS = "text/uri-list"
_SCHEME = b"file:"


@dataclass(frozen=True, slots=True)
class Dropped:
    """Dropped paths by what lies there now. `others` are files that are no pictures."""

    folders: tuple[bytes, ...]
    pictures: tuple[bytes, ...]
    others: tuple[bytes, ...]


def takes(mime: QMimeData) -> bool:
    """Whether a drop may be worth looking at; cheap, asked on every drag."""
    return mime.hasFormat(_URIS) or mime.hasImage()


def paths_in(mime: QMimeData) -> list[bytes]:
    """Local paths of a URI list; of a text, if it is nothing but file URIs or absolute paths."""
    if mime.hasFormat(_URIS):
        return parse_uris(bytes(mime.data(_URIS).data()))
    lines = [line.strip() for line in mime.text().splitlines() if line.strip()]
    found = [_from_text(line) for line in lines]
    return [path for path in found if path] if found and all(found) else []


def web_address_in(mime: QMimeData) -> bool:
    """Whether it names something on the network, which is not fetched."""
    text = bytes(mime.data(_URIS).data()) if mime.hasFormat(_URIS) else mime.text().encode()
    return text.lstrip().lower().startswith((b"http://", b"https://"))


def picture_in(mime: QMimeData) -> QImage | None:
    """The picture itself, such as one copied in a browser."""
    if not mime.hasImage():
        return None
    image = mime.imageData()
    return image if isinstance(image, QImage) and not image.isNull() else None


def parse_uris(data: bytes) -> list[bytes]:
    """RFC 2483 text to the local paths in it; comments and other schemes are left out."""
    lines = [line.strip() for line in data.replace(b"\0", b"\n").splitlines()]
    found = [path_of_uri(line) for line in lines if line and not line.startswith(b"#")]
    return [path for path in found if path]


def path_of_uri(uri: bytes) -> bytes | None:
    """`file:///a%20b`, `file://this-host/a`, `file:/a` -> the path; None for anything else."""
    if uri[: len(_SCHEME)].lower() != _SCHEME:
        return None
    rest = uri[len(_SCHEME) :].split(b"#", 1)[0]
    if rest.startswith(b"//"):
        host, slash, tail = rest[2:].partition(b"/")
        if host.lower() not in {b"", b"localhost", platform.node().lower().encode()}:
            return None
        rest = slash + tail
    path = unquote_to_bytes(rest)
    if os.sep == "\\":
        path = path.lstrip(b"/").replace(b"/", b"\\")
    if b"\0" in path or not os.path.isabs(path):
        return None
    return path


def _from_text(line: str) -> bytes | None:
    if line.lower().startswith("file:"):
        return path_of_uri(os.fsencode(line))
    return os.fsencode(line) if os.path.isabs(line) else None


def sort_out(paths: Iterable[bytes], suffixes: Sequence[bytes]) -> Dropped:
    """Look at each path; `suffixes` (lower case, with the dot) are those of pictures."""
    folders, pictures, others = [], [], []
    for path in dict.fromkeys(paths):
        try:
            mode = os.stat(path).st_mode
        except OSError:
            others.append(path)
            continue
        if stat.S_ISDIR(mode):
            folders.append(path)
        elif stat.S_ISREG(mode) and path.lower().endswith(tuple(suffixes)):
            pictures.append(path)
        else:
            others.append(path)
    return Dropped(tuple(folders), tuple(pictures), tuple(others))
