# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""What a strictness means in this library: the least sure pair that it still calls copies."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from imgdupe.catalog.catalog import Catalog
from imgdupe.match.groups import THRESHOLDS
from imgdupe.records import Kind, PhotoRecord, Relation, Strictness

_DOUBTFUL = (Kind.RESIZED, Kind.EDITED)


@dataclass(frozen=True, slots=True)
class Example:
    """Two photos and how they belong together."""

    left: PhotoRecord
    right: PhotoRecord
    relation: Relation


def least_sure_pairs(catalog: Catalog) -> Mapping[Strictness, Example]:
    """For each strictness that finds a copy at all; of photos that are there now."""
    relations = [each for each in catalog.relations() if each.kind in _DOUBTFUL]
    relations.sort(key=lambda each: (each.probability, each.a, each.b))
    found = {}
    for strictness, least in THRESHOLDS.items():
        passing = (each for each in relations if each.probability >= least[each.kind])
        examples = (_example(catalog, each) for each in passing)
        example = next((each for each in examples if each is not None), None)
        if example is not None:
            found[strictness] = example
    return found


def _example(catalog: Catalog, relation: Relation) -> Example | None:
    photos = [each for each in catalog.photos([relation.a, relation.b]) if not each.offline]
    left = next((each for each in photos if each.content_id == relation.a), None)
    right = next((each for each in photos if each.content_id == relation.b), None)
    return Example(left, right, relation) if left and right else None
