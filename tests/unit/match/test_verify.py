# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
from __future__ import annotations

from collections.abc import Callable
from functools import cache

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageOps

from imgdupe.match.features import find_features, turned
from imgdupe.match.planes import luma, resized, sample
from imgdupe.match.sameness import probability
from imgdupe.match.verify import compare, prepare
from imgdupe.records import turn_array
from tests.helpers import edits
from tests.helpers.photos import make_flat, make_photo

SEEDS = (1, 2, 3)
Edit = Callable[[Image.Image], Image.Image]


@cache
def photo(seed: int, moment: int = 0) -> Image.Image:
    return make_photo(seed, (720, 480), moment=moment)


def thumbnail(image: Image.Image) -> NDArray[np.uint8]:
    small = image.convert("RGB")
    small.thumbnail((320, 320), Image.Resampling.LANCZOS)
    return np.asarray(edits.re_encode(small, 80))


COPIES: dict[str, Edit] = {
    "nothing": lambda image: image,
    "smaller": lambda image: edits.resize(image, 0.5),
    "saved again": lambda image: edits.re_encode(image, 20),
    "cropped": lambda image: edits.crop(image, 0.75, 0.2, 0.9),
    "cropped a lot": lambda image: edits.crop(image, 0.5, 0.8, 0.3),
    "turned": edits.rotate90,
    "upside down": lambda image: edits.rotate90(image, 2),
    "mirrored": edits.mirror,
    "mirrored and cropped": lambda image: edits.crop(edits.mirror(image), 0.8),
    "brighter": lambda image: edits.exposure(image, 0.8),
    "darker": lambda image: edits.exposure(image, -0.8),
    "contrast": edits.contrast,
    "black and white": edits.black_and_white,
    "bordered": lambda image: edits.border(image, 0.05),
    "captioned": edits.caption,
    "straightened": lambda image: edits.straighten(image, 4.0),
    "all at once": lambda image: edits.border(edits.black_and_white(edits.crop(image)), 0.03),
}


@pytest.mark.parametrize("edit", COPIES)
def test_edits_are_recognised(edit: str) -> None:
    for seed in SEEDS:
        found = compare(thumbnail(photo(seed)), thumbnail(COPIES[edit](photo(seed))), 0)
        assert probability(found.pixels) >= 0.9, seed


def test_strangers_and_other_moments_are_not() -> None:
    for seed in SEEDS:
        stranger = compare(thumbnail(photo(seed)), thumbnail(photo(seed + 10)), 0)
        assert probability(stranger.pixels) < 0.01
        for moment in (1, 2):
            frame = compare(thumbnail(photo(seed)), thumbnail(photo(seed, moment)), 0)
            assert probability(frame.pixels) < 0.5, (seed, moment)


@pytest.mark.parametrize("turn", range(8))
def test_the_turn_is_found_and_is_the_one_of_the_records(turn: int) -> None:
    """Turning b by the answer gives a's pose, whatever the hint."""
    upright = thumbnail(photo(5))
    other = next(
        np.ascontiguousarray(turn_array(upright, each))
        for each in range(8)
        if np.array_equal(turn_array(turn_array(upright, each), turn), upright)
    )
    for hint in (turn, 0):
        assert compare(upright, other, hint).turn == turn


def unit_place(transform: tuple[float, ...] | None, x: float, y: float) -> tuple[float, float]:
    assert transform is not None
    a, b, c, d, e, f = transform
    return a * x + b * y + c, d * x + e * y + f


def test_the_transform_takes_places_of_a_to_places_of_b() -> None:
    whole = photo(6)
    part = edits.crop(whole, 0.6, 0.25, 0.75)
    found = compare(thumbnail(whole), thumbnail(part), 0)
    left, top = 0.4 * 0.25, 0.4 * 0.75
    for x, y in ((0.3, 0.4), (0.5, 0.8), (0.65, 0.35)):
        wanted = ((x - left) / 0.6, (y - top) / 0.6)
        assert unit_place(found.transform, x, y) == pytest.approx(wanted, abs=0.006)
    assert found.overlap == pytest.approx(1.0, abs=0.03)
    assert found.covered_a == pytest.approx(0.36, abs=0.03)


def test_the_transform_knows_of_turns() -> None:
    whole = photo(7)
    mirrored = compare(thumbnail(whole), thumbnail(ImageOps.mirror(whole)), 4)
    assert unit_place(mirrored.transform, 0.2, 0.3) == pytest.approx((0.8, 0.3), abs=0.006)
    # a quarter turn against the clock takes the upper left corner to the lower left one
    quarter = compare(thumbnail(whole), thumbnail(edits.rotate90(whole)), 0)
    assert unit_place(quarter.transform, 0.1, 0.2) == pytest.approx((0.2, 0.9), abs=0.006)


def test_both_ways_agree() -> None:
    a, b = thumbnail(photo(8)), thumbnail(edits.crop(photo(8), 0.7, 0.1, 0.1))
    there, back = compare(a, b, 0), compare(b, a, 0)
    assert there.overlap == pytest.approx(back.overlap, abs=0.03)
    assert there.scale * back.scale == pytest.approx(1.0, abs=0.02)
    assert there.pixels is not None
    assert back.pixels is not None
    assert there.pixels.ncc == pytest.approx(back.pixels.ncc, abs=0.005)


def test_prepared_pictures_give_the_same_answer() -> None:
    a, b = thumbnail(photo(9)), thumbnail(edits.exposure(photo(9)))
    assert compare(prepare(a), prepare(b), 0) == compare(a, b, 0)


def test_a_border_is_told_from_a_crop() -> None:
    a = thumbnail(photo(4))
    bordered = compare(a, thumbnail(edits.border(photo(4), 0.06)), 0)
    cropped = compare(a, thumbnail(edits.crop(photo(4), 0.8)), 0)
    assert (bordered.plain_margin, cropped.plain_margin) == (True, False)


def test_tone_and_colour_are_measured() -> None:
    a = thumbnail(photo(3))
    brighter = compare(a, thumbnail(edits.exposure(photo(3), 0.7)), 0).pixels
    grey = compare(a, thumbnail(edits.black_and_white(photo(3))), 0).pixels
    again = compare(a, thumbnail(edits.re_encode(photo(3), 70)), 0).pixels
    assert brighter is not None
    assert grey is not None
    assert again is not None
    assert brighter.stops == pytest.approx(0.7, abs=0.1)
    assert (grey.grey_a, grey.grey_b) == (False, True)
    assert again.tone < 0.01
    assert abs(again.stops) < 0.05


@pytest.mark.parametrize("size", [(8, 8), (9, 320), (320, 9), (64, 48)])
def test_tiny_and_flat_pictures_do_no_harm(size: tuple[int, int]) -> None:
    odd = np.asarray(make_flat((120, 130, 140), size))
    busy = np.random.default_rng(0).integers(0, 256, (size[1], size[0], 3), dtype=np.uint8)
    black = np.zeros_like(odd)
    for a in (odd, busy, black):
        for b in (odd, busy, black, thumbnail(photo(1))):
            found = compare(a, b, 0)
            assert 0.0 <= probability(found.pixels) <= 1.0


@pytest.mark.parametrize("turn", range(8))
def test_features_turn_with_the_picture(turn: int) -> None:
    plane = luma(thumbnail(photo(2)))
    there = find_features(np.ascontiguousarray(turn_array(plane, turn)))  # type: ignore[arg-type]
    made = turned(find_features(plane), turn, *plane.shape)
    away = np.abs(made.places[:, None] - there.places).sum(axis=2)
    away += 9.0 * np.abs(made.scales[:, None] - there.scales)
    same = away.min(axis=1) < 0.5
    assert same.mean() > 0.95
    alike = (made.descriptors * there.descriptors[away.argmin(axis=1)]).sum(axis=1)
    assert alike[same].min() > 0.999


def test_planes_shrink_to_means_and_sample_between_pixels() -> None:
    plane = np.random.default_rng(1).random((60, 90)).astype(np.float32)
    small = resized(plane, 20, 30)
    assert small.shape == (20, 30)
    assert small.mean() == pytest.approx(plane.mean(), abs=0.01)
    ramp = np.add.outer(np.arange(20), np.arange(30) * 2).astype(np.float32)
    x, y = np.array([[3.25, 40.0]], np.float32), np.array([[4.5, -7.0]], np.float32)
    assert sample(ramp, x, y)[0].tolist() == pytest.approx([11.0, 58.0], abs=0.01)
    assert sample(np.stack([ramp, ramp]), x, y).shape == (2, 1, 2)
