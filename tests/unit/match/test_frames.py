# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from imgdupe.match.frames import margin_of
from imgdupe.match.planes import luma
from imgdupe.match.verify import compare
from imgdupe.records import turn_array
from tests.helpers import edits
from tests.helpers.photos import make_photo


def thumbnail(image: Image.Image) -> NDArray[np.uint8]:
    small = image.convert("RGB")
    small.thumbnail((320, 320), Image.Resampling.LANCZOS)
    return np.asarray(edits.re_encode(small, 80))


def screenshot(image: Image.Image) -> Image.Image:
    """Bars above and below, with something to read in them."""
    page = Image.new("RGB", (image.width, image.height + 260), (10, 10, 10))
    page.paste(image, (0, 80))
    ImageDraw.Draw(page).text((20, 20), "9:41", "white")
    return page


@pytest.mark.parametrize("turn", range(4))
def test_a_bar_is_found_on_its_side(turn: int) -> None:
    picture = np.asarray(make_photo(1, (300, 200))).copy()
    picture[:40] = 250
    margin = margin_of(luma(turn_array(picture, turn)))
    assert (turn_array(margin, -turn % 4)[:40] > 0).mean() > 0.95
    assert (margin > 0).mean() == pytest.approx(0.2, abs=0.02)
    assert len(np.unique(margin)) == 2


def test_bars_over_what_a_crop_lost_do_not_count_as_changes() -> None:
    image = make_photo(2, (720, 480))
    aligned = compare(thumbnail(image), thumbnail(screenshot(edits.crop(image, 0.8))), 0)
    assert aligned.pixels is not None
    assert aligned.pixels.changed < 0.05


def test_a_crop_out_of_a_plain_backdrop_has_no_border() -> None:
    image = Image.new("RGB", (720, 480), (245, 245, 245))
    image.paste(make_photo(3, (360, 240)), (180, 120))
    cropped = compare(thumbnail(image), thumbnail(image.crop((60, 40, 660, 440))), 0)
    bordered = compare(thumbnail(make_photo(3, (360, 240))), thumbnail(image), 0)
    assert (cropped.plain_margin, bordered.plain_margin) == (False, True)
