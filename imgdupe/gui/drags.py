# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""Photos on their way out of the window, by dragging or by the clipboard. Main thread.

Addresses are written here byte for byte, not by QUrl: a name that is no UTF-8 would become that of
another file. Only copying is offered, so that no drop can move a photo away unseen.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QByteArray, QMimeData, Qt
from PySide6.QtGui import QDrag, QGuiApplication, QPixmap
from PySide6.QtWidgets import QWidget

from imgdupe.gui.desktop import file_uri

_PICTURE_PX = 96


def mime_of(paths: Sequence[bytes]) -> QMimeData:
    """The files as RFC 2483 addresses."""
    mime = QMimeData()
    lines = "".join(file_uri(path) + "\r\n" for path in paths)
    mime.setData("text/uri-list", QByteArray(lines.encode("ascii")))
    return mime


def start(source: QWidget, paths: Sequence[bytes], picture: QPixmap | None) -> None:
    """Drag these files out; returns when they were dropped or not."""
    drag = QDrag(source)
    drag.setMimeData(mime_of(paths))
    if picture is not None:
        drag.setPixmap(picture.scaledToHeight(_PICTURE_PX))
    drag.exec(Qt.DropAction.CopyAction)


def copy_path(path: bytes) -> None:
    """To the clipboard, as text; a name that is no UTF-8 as its address, which stays exact."""
    try:
        text = path.decode("utf-8")
    except UnicodeDecodeError:
        text = file_uri(path)
    QGuiApplication.clipboard().setText(text)
