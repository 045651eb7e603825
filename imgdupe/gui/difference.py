# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""What is not the same in two pictures that lie on each other, as a picture.

Pure; called in a loader's thread. QImage painting is allowed in any thread.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage, QPainter, QTransform

from imgdupe.gui.pictures import to_array, to_image

AMPLIFIED = 8.0
"""A difference of 1/8 of the full range is as strong as it gets."""

_LONG_SIDE_PX = 1100
_GROUND = 0.30
_WARM = np.array([232, 185, 90], dtype=np.float32)
_BEYOND = np.array([58, 58, 58], dtype=np.float32)


def difference_image(left: QImage, right: QImage, right_to_left: QTransform) -> QImage:
    """A dim grey ground with the differences in amber, hatched where right has nothing.

    `right_to_left`: from the right picture's unit square to the left one's.
    """
    side = min(_LONG_SIDE_PX, max(left.width(), left.height()))
    size = left.size().scaled(side, side, Qt.AspectRatioMode.KeepAspectRatio)
    ours = _smooth(left, size.width(), size.height())
    theirs = _laid(right, right_to_left, size.width(), size.height())
    a, b = to_array(ours), to_array(theirs)
    covered = b[..., 3] > 250
    apart = _apart(a[..., :3].astype(np.int16), b[..., :3].astype(np.int16))
    strength = np.clip(apart * (AMPLIFIED / 255.0), 0.0, 1.0)[..., None]
    grey = a[..., :3].mean(axis=2, keepdims=True, dtype=np.float32) * _GROUND
    shown = grey * (1 - strength) + _WARM * strength
    shown[~covered] = _hatched(covered.shape)[~covered]
    return to_image(shown.astype(np.uint8))


def _apart(a: NDArray[np.int16], b: NDArray[np.int16]) -> NDArray[np.float32]:
    """How far each pixel of a is from the nearest value among b's nine pixels there, 0-255.

    The placement was found on small pictures: a shift of a pixel is no difference of the pictures.
    """
    high, wide = a.shape[:2]
    padded = np.pad(b, ((1, 1), (1, 1), (0, 0)), mode="edge")
    least = np.full((high, wide), 255, dtype=np.int16)
    for down in range(3):
        for across in range(3):
            there = padded[down : down + high, across : across + wide]
            np.minimum(least, np.abs(a - there).max(axis=2), out=least)
    return least.astype(np.float32)


def _laid(picture: QImage, to_left: QTransform, wide: int, high: int) -> QImage:
    """The picture painted on the left one's canvas; transparent where it does not reach."""
    canvas = QImage(wide, high, QImage.Format.Format_ARGB32)
    canvas.fill(Qt.GlobalColor.transparent)
    area = abs(to_left.determinant()) * wide * high
    part = (area / max(picture.width() * picture.height(), 1)) ** 0.5
    if 0 < part < 0.75:
        # Smoothly to about the size at which it is painted; painting alone would skip pixels.
        picture = _smooth(
            picture, max(round(picture.width() * part), 1), max(round(picture.height() * part), 1)
        )
    painter = QPainter(canvas)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    unit = QTransform.fromScale(1 / picture.width(), 1 / picture.height())
    painter.setTransform(unit * to_left * QTransform.fromScale(wide, high))
    painter.drawImage(0, 0, picture)
    painter.end()
    return canvas


def _smooth(picture: QImage, wide: int, high: int) -> QImage:
    return picture.scaled(
        wide,
        high,
        Qt.AspectRatioMode.IgnoreAspectRatio,
        Qt.TransformationMode.SmoothTransformation,
    )


def _hatched(shape: tuple[int, ...]) -> NDArray[np.float32]:
    """Thin diagonal lines, float32[h, w, 3]."""
    high, wide = shape
    lines = (np.add.outer(np.arange(high), np.arange(wide)) % 16) < 2
    return lines[..., None] * _BEYOND + 24.0
