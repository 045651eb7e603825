# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from imgdupe.match.candidates import Candidate
from imgdupe.match.kinds import decide, needs_verification
from imgdupe.match.verify import Alignment, compare
from imgdupe.records import FLAT_QUALITY, Hashes, Kind, Metadata, Subject
from tests.helpers import edits
from tests.helpers.photos import make_photo

CLOSE = Candidate(1, 2, 2, 0, 10, 0.95, False, False, False)
FAR = replace(CLOSE, phash_distance=30, phash256_distance=120, cosine=0.65)
TAKEN = "2024-05-01T10:00:00.25"
NOTHING = Alignment(turn=0, inliers=0)


def subject(number: int, **facts: object) -> Subject:
    size = {"width": 720, "height": 480} | facts
    return Subject(
        number,
        Hashes(bytes([number]) * 16, None, 0, (0,) * 8, bytes(32), 100),
        Metadata(format="JPEG", **size),  # type: ignore[arg-type]
    )


A, B = subject(1), subject(2)


@cache
def photo() -> Image.Image:
    return make_photo(1, (720, 480))


def thumbnail(image: Image.Image) -> NDArray[np.uint8]:
    small = image.convert("RGB")
    small.thumbnail((320, 320), Image.Resampling.LANCZOS)
    return np.asarray(edits.re_encode(small, 80))


def aligned(edit: Callable[[Image.Image], Image.Image]) -> Alignment:
    return compare(thumbnail(photo()), thumbnail(edit(photo())), 0)


def test_equal_pixels_or_scan_are_same_pixels() -> None:
    hashed = [replace(each, pixel_hash=b"p" * 16) for each in (A, B)]
    for pair in (replace(CLOSE, same_scan=True), replace(CLOSE, same_pixels=True)):
        assert decide(A, B, pair, None).kind is Kind.SAME_PIXELS
        assert not needs_verification(A, B, pair)
    relation = decide(hashed[0], hashed[1], FAR, None)
    assert (relation.kind, relation.probability) == (Kind.SAME_PIXELS, 1.0)


def test_equal_pixels_outweigh_what_the_camera_wrote() -> None:
    first, second = (
        subject(1, camera="M", taken_at=TAKEN),
        subject(2, camera="M", taken_at="2020-01-01T00:00:07"),
    )
    assert decide(first, second, replace(CLOSE, same_pixels=True), None).kind is Kind.SAME_PIXELS


@pytest.mark.parametrize(
    ("edit", "size"),
    [
        (lambda image: edits.resize(image, 0.5), (360, 240)),
        (lambda image: edits.re_encode(image, 50), (720, 480)),
        (lambda image: image, (720, 480)),
    ],
    ids=["smaller", "saved again", "other format"],
)
def test_size_quality_and_format_alone_are_resized(
    edit: Callable[[Image.Image], Image.Image], size: tuple[int, int]
) -> None:
    relation = decide(A, subject(2, width=size[0], height=size[1]), CLOSE, aligned(edit))
    assert relation.kind is Kind.RESIZED
    assert relation.probability > 0.95


@pytest.mark.parametrize(
    ("edit", "note"),
    [
        (edits.rotate90, "turned 270°"),
        (edits.mirror, "mirrored"),
        (lambda image: edits.crop(image, 0.8), "cropped to 64 %"),
        (edits.black_and_white, "black and white"),
        (lambda image: edits.exposure(image, 0.8), "brighter by 0.8 EV"),
        (lambda image: edits.exposure(image, -0.8), "darker by 0.8 EV"),
        (lambda image: edits.border(image, 0.06), "bordered"),
        (edits.caption, "caption, overlay or retouching"),
        (lambda image: edits.straighten(image, 4.0), "straightened by 4°"),
    ],
    ids=["turn", "mirror", "crop", "grey", "brighter", "darker", "border", "caption", "straighten"],
)
def test_edits_are_named(edit: Callable[[Image.Image], Image.Image], note: str) -> None:
    relation = decide(A, B, CLOSE, aligned(edit))
    assert relation.kind is Kind.EDITED
    assert note in relation.evidence.notes
    assert relation.evidence.transform is not None


def test_another_second_is_another_capture_whatever_the_pixels() -> None:
    first = subject(1, camera="M", taken_at=TAKEN)
    frame = subject(2, camera="M", taken_at="2024-05-01T10:00:00.55")
    later = subject(2, camera="M", taken_at="2024-05-01T10:20:07")
    same = aligned(lambda image: image)
    assert not needs_verification(first, frame, CLOSE)
    assert decide(first, frame, CLOSE, same).kind is Kind.BURST
    assert decide(first, later, CLOSE, same).kind is Kind.SIMILAR


def test_one_moment_with_other_pixels_is_a_burst() -> None:
    first, second = (subject(n, camera="M", taken_at="2024-05-01T10:00:00") for n in (1, 2))
    pair = replace(CLOSE, same_moment=True)
    frame = aligned(lambda _: make_photo(1, (720, 480), moment=2))
    relation = decide(first, second, pair, frame)
    assert relation.kind is Kind.BURST
    assert "same camera and second" in relation.evidence.notes
    assert decide(first, second, replace(FAR, cosine=0.2, same_moment=True), NOTHING).kind is (
        Kind.DIFFERENT
    )


def test_strangers_are_different_and_look_alikes_similar() -> None:
    stranger = aligned(lambda _: make_photo(33, (720, 480)))
    assert decide(A, B, FAR, stranger).kind is Kind.DIFFERENT
    assert decide(A, B, CLOSE, stranger).kind is Kind.SIMILAR
    assert decide(A, B, replace(CLOSE, cosine=None), stranger).kind is Kind.SIMILAR


def test_flat_pictures_are_joined_by_pixels_alone() -> None:
    sky = replace(B, hashes=replace(B.hashes, quality=FLAT_QUALITY - 1))
    same = aligned(lambda image: image)
    assert not needs_verification(A, sky, CLOSE)
    assert decide(A, sky, CLOSE, same).kind is Kind.DIFFERENT
    assert decide(A, sky, replace(CLOSE, same_pixels=True), None).kind is Kind.SAME_PIXELS


def test_pictures_with_little_texture_have_to_agree_closely() -> None:
    bird = replace(B, hashes=replace(B.hashes, quality=FLAT_QUALITY))
    same = aligned(lambda image: image)
    assert decide(A, bird, CLOSE, same).kind is Kind.RESIZED
    assert same.pixels is not None
    for pixels in (replace(same.pixels, ncc=0.89), replace(same.pixels, worst_tile=0.79)):
        loose = replace(same, pixels=pixels)
        assert decide(A, B, CLOSE, loose).kind is Kind.RESIZED
        assert decide(A, bird, CLOSE, loose).kind is Kind.SIMILAR


def test_without_a_thumbnail_nothing_is_called_the_same_picture() -> None:
    assert decide(A, B, CLOSE, None).kind is Kind.SIMILAR


def test_a_relation_names_the_candidates_ends() -> None:
    relation = decide(A, B, CLOSE, None)
    assert (relation.a, relation.b) == (1, 2)
    assert (relation.evidence.phash_distance, relation.evidence.cosine) == (2, 0.95)
