# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""Declared sets come out as they were said."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from imgdupe.match.parted import parted
from imgdupe.records import Kind, PhotoRecord
from tests.helpers.groups import photo

_PHOTOS = [photo(f"/p/{number}.jpg", number) for number in range(1, 9)]


def _pairs(*sets: Sequence[int]) -> frozenset[tuple[bytes, bytes]]:
    contents = {each.id: each.hashes.content for each in _PHOTOS}
    return frozenset(
        (contents[a], contents[b]) for each in sets for a, b in combinations(sorted(set(each)), 2)
    )


def _ids(photos: Sequence[PhotoRecord], pairs: frozenset[tuple[bytes, bytes]]) -> list[list[int]]:
    return [[each.photo.id for each in group.members] for group in parted(photos, pairs)]


def test_a_set_is_one_group_and_two_sets_are_two() -> None:
    assert _ids(_PHOTOS, _pairs([1, 2, 3], [5, 6])) == [[1, 2, 3], [5, 6]]
    assert _ids(_PHOTOS, _pairs([1, 2], [2, 3])) == [[1, 2], [2, 3]]


def test_what_is_gone_is_left_out_and_copies_count_once() -> None:
    copy = photo("/p/copy.jpg", 20, content=1)
    assert _ids([copy, *_PHOTOS[:2]], _pairs([1, 2, 3])) == [[1, 2]]
    (group,) = parted(_PHOTOS, _pairs([1, 2]))
    assert group.kind is Kind.DIFFERENT
    assert [each.keeper for each in group.members] == [True, False]


@given(st.lists(st.lists(st.integers(1, 8), min_size=2, max_size=4), max_size=6))
def test_every_pair_is_in_a_group_and_no_other(sets: list[list[int]]) -> None:
    pairs = _pairs(*sets)
    found = parted(_PHOTOS, pairs)
    assert {pair for group in found for pair in _contents(group.content_ids)} == pairs


def _contents(ids: frozenset[int]) -> frozenset[tuple[bytes, bytes]]:
    return _pairs(sorted(ids))
