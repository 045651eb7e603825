# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""What a picture's tones and details say in numbers: histogram, clipping, sharpness. Pure."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QImage

from imgdupe.gui.pictures import to_array, to_image_with_alpha

BINS = 64
_MOST_SAMPLES = 400_000
_WHITE, _BLACK = 254, 1
_WHITE_INK = (255, 64, 48, 255)
_BLACK_INK = (64, 128, 255, 255)
_DETAIL_PX = 160
_LUMA = np.array([0.299, 0.587, 0.114], dtype=np.float32)


@dataclass(frozen=True, slots=True)
class Tones:
    """How a picture's values are spread.

    curves: float32[4, BINS], luma, red, green, blue, each 0-1 of the highest inner bin;
    white, black: shares of the pixels with a value burnt out, and with all values crushed, 0-1.
    """

    curves: NDArray[np.float32]
    white: float
    black: float


def tones(image: QImage) -> Tones:
    """From every pixel of a small picture, or an even sample of a large one."""
    step = max(int((image.width() * image.height() / _MOST_SAMPLES) ** 0.5), 1)
    values = to_array(image)[::step, ::step, :3].reshape(-1, 3)
    luma = (values @ _LUMA).astype(np.uint8)
    planes = (luma, *values.T)
    counts = np.stack([np.bincount(each >> 2, minlength=BINS) for each in planes])
    # A black border or a burnt sky would press everything else flat.
    top = max(int(counts[:, 1:-1].max()), 1)
    curves = np.clip(counts / top, 0, 1).astype(np.float32)
    white, black = _clipped(values)
    return Tones(curves, float(white.mean()), float(black.mean()))


def clipping(image: QImage) -> QImage:
    """Red where a value is burnt out, blue where all are crushed, transparent elsewhere."""
    values = to_array(image)[..., :3]
    white, black = _clipped(values)
    mask = np.zeros((*values.shape[:2], 4), dtype=np.uint8)
    mask[white] = _WHITE_INK
    mask[black] = _BLACK_INK
    return to_image_with_alpha(mask)


def detail(image: QImage, part: QRectF) -> float:
    """How strong the finest detail in that part is: RMS of the Laplacian of its luma, 0-255.

    `part` in pixels. Parts of any size are brought to one size first, so that the same place in
    pictures of different sizes can be compared; noise counts as detail.
    """
    inside = part.toAlignedRect().intersected(image.rect())
    if inside.isEmpty():
        return 0.0
    small = image.copy(inside).scaled(
        _DETAIL_PX,
        _DETAIL_PX,
        Qt.AspectRatioMode.IgnoreAspectRatio,
        Qt.TransformationMode.SmoothTransformation,
    )
    luma = to_array(small)[..., :3] @ _LUMA
    inner = 4 * luma[1:-1, 1:-1]
    around = luma[:-2, 1:-1] + luma[2:, 1:-1] + luma[1:-1, :-2] + luma[1:-1, 2:]
    return float(np.sqrt(np.mean((inner - around) ** 2)))


def _clipped(values: NDArray[np.uint8]) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    return values.max(axis=-1) >= _WHITE, values.max(axis=-1) <= _BLACK
