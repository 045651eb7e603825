# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""Thumbnails for the views: asked for while painting, delivered when they are there.

Main thread; reading and decoding happen in the loader's threads, the newest request first, because
what is asked for last is what the user looks at now.
"""

from __future__ import annotations

from collections import OrderedDict
from functools import partial

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QImage, QPixmap

from imgdupe.engine.session import Session
from imgdupe.gui.loader import Loader, Made, Unloadable
from imgdupe.records import PhotoRecord

_THREADS = 2
_CACHE_BYTES = 160_000_000
_WISH_MS = 15
"""The threads are not woken amid a painting: they would take the processor away from it."""


class Thumbnails(QObject):
    """`arrived` carries a content id whose `pixmap` is there now."""

    arrived = Signal(int)

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._pixmaps: OrderedDict[int, QPixmap] = OrderedDict()
        self._bytes = 0
        self._none: set[int] = set()
        self._wished: dict[int, PhotoRecord] = {}
        self._wishes = QTimer(self, interval=_WISH_MS, singleShot=True)
        self._wishes.timeout.connect(self._ask)
        self._loader = Loader("thumbnails", _THREADS, self)
        self._loader.loaded.connect(self._on_loaded)

    def pixmap(self, photo: PhotoRecord) -> QPixmap | None:
        """The thumbnail; None if it is on its way (`arrived` follows) or cannot be had."""
        key = photo.content_id
        if key in self._pixmaps:
            self._pixmaps.move_to_end(key)
            return self._pixmaps[key]
        if key not in self._none:
            self._wished[key] = photo
            if not self._wishes.isActive():
                self._wishes.start()
        return None

    def cannot(self, photo: PhotoRecord) -> bool:
        """Whether there is no thumbnail of this photo."""
        return photo.content_id in self._none

    def state(self, photo: PhotoRecord) -> bool | None:
        """Whether there is a thumbnail, or can be none; None while neither is known."""
        if photo.content_id in self._pixmaps:
            return True
        return False if photo.content_id in self._none else None

    def close(self) -> None:
        """End the threads; before the session closes."""
        self._wishes.stop()
        self._loader.close()

    def _ask(self) -> None:
        wished, self._wished = self._wished, {}
        for key, photo in wished.items():
            self._loader.ask(key, partial(_read, self._session, photo))

    def _on_loaded(self, made: list[tuple[int, Made]]) -> None:
        for key, picture in made:
            if isinstance(picture, Unloadable):
                self._none.add(key)
            else:
                self._keep(key, QPixmap.fromImage(picture))
            self.arrived.emit(key)

    def _keep(self, key: int, pixmap: QPixmap) -> None:
        self._pixmaps[key] = pixmap
        self._bytes += _size(pixmap)
        while self._bytes > _CACHE_BYTES:
            _, oldest = self._pixmaps.popitem(last=False)
            self._bytes -= _size(oldest)


def _read(session: Session, photo: PhotoRecord) -> QImage:
    """In a thread of the loader."""
    return QImage.fromData(session.thumbnail(photo) or b"")


def _size(pixmap: QPixmap) -> int:
    return pixmap.width() * pixmap.height() * 4
