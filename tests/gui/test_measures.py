# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage

from imgdupe.gui import measures
from imgdupe.gui.pictures import to_array, to_image
from tests.helpers.photos import make_photo


def image_of(pixels: np.ndarray) -> QImage:
    return to_image(pixels.astype(np.uint8))


def test_tones_count_what_is_there() -> None:
    pixels = np.full((20, 20, 3), 100)
    pixels[:5] = (255, 90, 90)
    pixels[5:7] = 0
    found = measures.tones(image_of(pixels))
    assert found.white == pytest.approx(0.25)
    assert found.black == pytest.approx(0.1)
    assert found.curves.shape == (4, measures.BINS)
    assert [int(curve.argmax()) for curve in found.curves[1:]] == [100 // 4] * 3


def test_a_large_picture_is_sampled_evenly() -> None:
    pixels = np.zeros((1200, 1600, 3))
    pixels[:, 800:] = 255
    found = measures.tones(image_of(pixels))
    assert found.white == pytest.approx(0.5, abs=0.01)
    assert found.black == pytest.approx(0.5, abs=0.01)


def test_clipping_marks_the_very_pixels() -> None:
    pixels = np.full((4, 4, 3), 128)
    pixels[0, 1] = (255, 10, 10)
    pixels[2, 3] = 1
    mask = to_array(measures.clipping(image_of(pixels)))
    marked = np.argwhere(mask[..., 3] > 0).tolist()
    assert marked == [[0, 1], [2, 3]]
    assert mask[0, 1, 0] > mask[0, 1, 2]
    assert mask[2, 3, 2] > mask[2, 3, 0]


def test_detail_is_less_in_a_blurred_or_enlarged_picture() -> None:
    sharp = make_photo(3, (600, 400))
    soft = sharp.resize((150, 100)).resize((600, 400))
    small = sharp.resize((150, 100))
    part = QRectF(100, 100, 240, 240)
    first = measures.detail(image_of(np.asarray(sharp)), part)
    assert measures.detail(image_of(np.asarray(soft)), part) < 0.8 * first
    quarter = QRectF(25, 25, 60, 60)
    assert measures.detail(image_of(np.asarray(small)), quarter) < 0.8 * first
    assert measures.detail(image_of(np.full((50, 50, 3), 90)), QRectF(0, 0, 50, 50)) == 0
    assert measures.detail(image_of(np.asarray(small)), QRectF(900, 900, 5, 5)) == 0
