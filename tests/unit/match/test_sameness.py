# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""The shipped network says what anybody would say of clear cases, and of senseless ones."""

from __future__ import annotations

from dataclasses import replace

import pytest

from imgdupe.match.photometry import Comparison
from imgdupe.match.sameness import probability

COPY = Comparison(
    ncc=0.9995,
    noise=0.005,
    changed=0.0,
    palette_a=0.0,
    palette_b=0.0,
    added=0.0,
    extreme=0.0,
    flat_a=0.0,
    flat_b=0.0,
    worst_tile=0.99,
    difference=0.01,
    tone=0.0,
    warmth=0.0,
    stops=0.0,
    grey_a=False,
    grey_b=False,
)
MOVED = replace(
    COPY, ncc=0.93, changed=0.12, worst_tile=0.25, palette_a=0.45, palette_b=0.4, flat_a=0.2
)


def test_a_copy_is_sure_and_a_moved_subject_is_not() -> None:
    assert probability(COPY) > 0.99
    assert probability(replace(COPY, stops=1.0)) > 0.95
    assert probability(MOVED) < 0.05
    assert probability(None) == 0.0


def test_a_bracket_is_another_capture() -> None:
    assert probability(replace(COPY, stops=2.5)) < 0.1


def test_a_sticker_is_told_from_a_subject() -> None:
    sticker = replace(MOVED, changed=0.3, added=-1.3, palette_b=0.88, flat_a=0.28, flat_b=0.83)
    assert probability(sticker) > 0.75


@pytest.mark.parametrize("stops", [0.0, 0.7, -1.0])
@pytest.mark.parametrize("changed", [0.0, 0.01, 0.05, 0.3])
@pytest.mark.parametrize("ncc", [-0.2, 0.3, 0.8])
def test_where_hardly_anything_agrees_nothing_is_the_same(
    stops: float, changed: float, ncc: float
) -> None:
    strangers = replace(COPY, ncc=ncc, noise=0.3, changed=changed, worst_tile=-0.4, stops=stops)
    assert probability(strangers) == 0.0
