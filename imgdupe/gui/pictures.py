# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""Full pictures for comparing: thumbnail, screen size or all pixels, kept up to a budget.

Main thread; the reading happens in two threads, newest request first. Opens photos for reading
only.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, QSize, Qt, Signal
from PySide6.QtGui import QImage, QPainter, QTransform

from imgdupe.gui.loader import Loader, Made, Unloadable
from imgdupe.library.decode import load_view
from imgdupe.records import PhotoRecord

SCREEN_PX = 1920
"""Long side of the middle level: sharp on a pane of a large screen."""

_BUDGET_BYTES = 640 << 20
_THREADS = 2


def to_image(pixels: NDArray[np.uint8]) -> QImage:
    """uint8[h, w, 3] RGB as a QImage of its own memory; any thread."""
    rows = np.ascontiguousarray(pixels)
    high, wide = rows.shape[:2]
    view = QImage(rows.data, wide, high, 3 * wide, QImage.Format.Format_RGB888)
    # The conversion copies, so that the array may go; 32 bits are what painters are fast with.
    return view.convertToFormat(QImage.Format.Format_RGB32)


def to_image_with_alpha(pixels: NDArray[np.uint8]) -> QImage:
    """uint8[h, w, 4] RGBA as a QImage of its own memory; any thread."""
    rows = np.ascontiguousarray(pixels)
    high, wide = rows.shape[:2]
    view = QImage(rows.data, wide, high, 4 * wide, QImage.Format.Format_RGBA8888)
    return view.convertToFormat(QImage.Format.Format_ARGB32_Premultiplied)


def to_array(picture: QImage) -> NDArray[np.uint8]:
    """A copy of the pixels, uint8[h, w, 4] in the order R, G, B, A; any thread."""
    plain = picture.convertToFormat(QImage.Format.Format_RGBA8888)
    rows = np.frombuffer(plain.constBits(), dtype=np.uint8)
    rows = rows.reshape(plain.height(), plain.bytesPerLine())[:, : 4 * plain.width()]
    return rows.reshape(plain.height(), plain.width(), 4).copy()


class Mips:
    """Halved copies of pictures, so that drawing them smaller neither flickers nor costs much."""

    def __init__(self) -> None:
        self._halves: dict[int, QImage] = {}

    def level(self, image: QImage, part: float) -> QImage:
        """The copy to draw at `part` of the picture's own size: at most twice too large."""
        while part < 0.5 and min(image.width(), image.height()) > 1:
            key = image.cacheKey()
            if key not in self._halves:
                self._halves[key] = image.scaled(
                    max(image.width() // 2, 1),
                    max(image.height() // 2, 1),
                    Qt.AspectRatioMode.IgnoreAspectRatio,
                    Qt.TransformationMode.SmoothTransformation,
                )
            image, part = self._halves[key], part * 2
        return image


def draw_unit(
    painter: QPainter,
    mips: Mips,
    image: QImage,
    placement: QTransform,
    scale: float,
    size_px: QSize,
) -> None:
    """Draw a picture so that its unit square lies as `placement` says.

    `scale`: device pixels per pixel of the whole picture, whose size is `size_px`.
    """
    part = scale * size_px.width() / max(image.width(), 1)
    level = mips.level(image, part)
    painter.save()
    # Enlarged twice and more, a pixel is a pixel.
    smooth = part < 2.0
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, smooth)
    unit = QTransform.fromScale(1 / level.width(), 1 / level.height())
    painter.setTransform(unit * placement, True)
    painter.drawImage(0, 0, level)
    painter.restore()


class Pictures(QObject):
    """`loaded` carries the set of content ids whose pictures came or failed."""

    loaded = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._kept: OrderedDict[Hashable, QImage] = OrderedDict()
        self._failed: dict[int, str] = {}
        self._bytes = 0
        self._loader = Loader("pictures", _THREADS, self)
        self._loader.loaded.connect(self._on_loaded)

    def screen(self, photo: PhotoRecord) -> QImage | None:
        """The picture with its long side at most `SCREEN_PX`, or None and it is asked for."""
        return self._get(photo, SCREEN_PX)

    def full(self, photo: PhotoRecord) -> QImage | None:
        """All pixels, or None and they are asked for."""
        small = max(photo.metadata.width, photo.metadata.height) <= SCREEN_PX
        return self._get(photo, SCREEN_PX if small else None)

    def failure(self, photo: PhotoRecord) -> str | None:
        """Why the photo cannot be shown."""
        return self._failed.get(photo.content_id)

    def begin(self) -> None:
        """Another pair is looked at: drop requests that still wait, try failed ones again."""
        self._failed.clear()
        self._loader.keep_only(())

    def close(self) -> None:
        """Stop the threads."""
        self._loader.close()

    def _get(self, photo: PhotoRecord, side_px: int | None) -> QImage | None:
        key = (photo.content_id, side_px)
        found = self._kept.get(key)
        if found is not None:
            self._kept.move_to_end(key)
            return found
        if photo.content_id not in self._failed:
            path = photo.path
            self._loader.ask(key, lambda: to_image(load_view(path, side_px)))
        return None

    def _on_loaded(self, made: list[tuple[tuple[int, int | None], Made]]) -> None:
        for key, picture in made:
            if isinstance(picture, Unloadable):
                self._failed[key[0]] = picture.reason
            elif key not in self._kept:
                self._kept[key] = picture
                self._bytes += picture.sizeInBytes()
        while self._bytes > _BUDGET_BYTES and len(self._kept) > 2:
            _, oldest = self._kept.popitem(last=False)
            self._bytes -= oldest.sizeInBytes()
        self.loaded.emit({key[0] for key, _ in made})
