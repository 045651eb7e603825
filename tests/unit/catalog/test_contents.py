# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""Columns for matching, subjects, relations, embeddings: all by content."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from imgdupe.catalog.catalog import Catalog
from imgdupe.records import Evidence, Kind, Metadata, Relation
from tests.helpers.fingerprints import DIM, content_of, fingerprint, shot, vector

MODEL = "model-1"
NOW = 3


def fill(catalog: Catalog, *numbers: int, model: str | None = MODEL) -> list[int]:
    """Photos /photos/<n>.jpg of content n; returns their content ids."""
    scan = catalog.begin_scan()
    items = [
        (shot(b"/photos/%d.jpg" % number), fingerprint(number), vector(number) if model else None)
        for number in numbers
    ]
    return catalog.save(items, [], scan, model)


def relation(a: int, b: int, kind: Kind = Kind.EDITED) -> Relation:
    return Relation(a, b, kind, 0.9, Evidence(phash_distance=4, notes=("cropped",)))


def test_features_are_the_columns_of_contents_with_photos(catalog: Catalog) -> None:
    ids = fill(catalog, 1, 2, 3)
    catalog.set_pixel_hashes({ids[1]: b"p" * 16})
    catalog.remove_photos([b"/photos/1.jpg"])
    table = catalog.features(MODEL)
    prints = [fingerprint(2), fingerprint(3)]
    assert list(table.ids) == ids[1:]
    assert table.phash_turns.dtype == np.uint64
    assert [tuple(map(int, row)) for row in table.phash_turns] == [
        each.hashes.phash_turns for each in prints
    ]
    assert [bytes(row) for row in table.phash256] == [each.hashes.phash256 for each in prints]
    assert list(table.quality) == [80, 80]
    assert table.pixel_hash == (b"p" * 16, None)
    assert table.scan == (None, None)
    assert table.moment == ("Kamera 1|2024-05-06T07:00:02", "Kamera 1|2024-05-06T07:00:03")
    assert table.vectors is not None
    expected = np.stack([vector(2), vector(3)]).astype(np.float16)
    np.testing.assert_array_equal(table.vectors, expected)


def test_vectors_are_zero_where_this_model_has_seen_nothing(catalog: Catalog) -> None:
    fill(catalog, 1, model="other")
    fill(catalog, 2)
    vectors = catalog.features(MODEL).vectors
    assert vectors is not None
    assert vectors.shape == (2, DIM)
    assert vectors.any(axis=1).tolist() == [False, True]
    assert catalog.features(None).vectors is None


def test_features_of_an_empty_library(catalog: Catalog) -> None:
    table = catalog.features(MODEL)
    assert table.ids.shape == (0,)
    assert table.phash_turns.shape == (0, 8)
    assert table.phash256.shape == (0, 32)
    assert table.vectors is not None
    assert table.vectors.shape == (0, 0)


def test_a_moment_needs_camera_and_time(catalog: Catalog) -> None:
    scan = catalog.begin_scan()
    silent = fingerprint(1, metadata=Metadata(1, 1, "PNG", camera="X"))
    catalog.save([(shot(b"/photos/a.png"), silent, None)], [], scan, None)
    assert catalog.features(None).moment == (None,)


def test_subjects_know_the_names_of_their_files(catalog: Catalog) -> None:
    scan = catalog.begin_scan()
    names = [b"/photos/b.jpg", b"/photos/x/a.jpg", b"/photos/y/a.jpg"]
    catalog.save([(shot(name), fingerprint(1), None) for name in names], [], scan, None)
    (content_id,) = catalog.duplicated_contents()
    subjects = catalog.subjects([content_id, 999])
    assert list(subjects) == [content_id]
    assert subjects[content_id].names == (b"b.jpg", b"a.jpg")
    assert subjects[content_id].hashes == fingerprint(1).hashes
    assert subjects[content_id].metadata == fingerprint(1).metadata


def test_needing_embedding_names_a_file_that_is_there(catalog: Catalog) -> None:
    catalog.put_root(b"/drive", online=False)
    scan = catalog.begin_scan()
    items = [
        (shot(b"/drive/a.jpg"), fingerprint(1), None),
        (shot(b"/photos/a.jpg"), fingerprint(1), None),
        (shot(b"/drive/b.jpg"), fingerprint(2), None),
        (shot(b"/photos/c.jpg"), fingerprint(3), vector(3)),
    ]
    catalog.save(items, [], scan, MODEL)
    (waiting,) = catalog.needing_embedding(MODEL)
    assert waiting[1] == b"/photos/a.jpg"


def test_contents_are_unmatched_until_they_are_marked(catalog: Catalog) -> None:
    ids = fill(catalog, 1, 2)
    assert catalog.unmatched(NOW) == ids
    catalog.mark_matched(ids, NOW)
    assert catalog.unmatched(NOW) == []
    assert catalog.unmatched(NOW + 1) == ids


def test_relations_come_back_by_kind(catalog: Catalog) -> None:
    a, b, c = fill(catalog, 1, 2, 3)
    decided = [relation(a, b), relation(a, c, Kind.DIFFERENT), relation(b, c, Kind.BURST)]
    catalog.save_relations(decided, NOW)
    assert catalog.relations() == decided
    assert catalog.relations([Kind.BURST, Kind.EDITED]) == [decided[0], decided[2]]
    assert catalog.relations([]) == []
    assert catalog.related_pairs([c], NOW) == {(a, c), (b, c)}
    assert catalog.related_pairs([c], NOW + 1) == set()


def test_relations_of_contents_without_photos_are_not_shown_but_kept(catalog: Catalog) -> None:
    a, b = fill(catalog, 1, 2)
    catalog.save_relations([relation(a, b)], NOW)
    catalog.remove_photos([b"/photos/1.jpg"])
    assert catalog.relations() == []
    catalog.restore_photos([(b"/photos/1.jpg", b"/photos/1.jpg")])
    assert catalog.relations() == [relation(a, b)]


def test_a_photo_with_merged_metadata_keeps_the_relations_of_what_it_was(catalog: Catalog) -> None:
    """Its new content has the largest id, so that some relations have to be turned around."""
    a, b, c = fill(catalog, 1, 2, 3)
    turned = replace(relation(a, b), evidence=Evidence(turn=1, transform=(1.0,) * 6))
    mirrored = replace(relation(b, c), evidence=Evidence(turn=5))
    catalog.save_relations([turned, mirrored], NOW)
    catalog.mark_matched([a, b, c], NOW)
    catalog.rewritten((shot(b"/photos/2.jpg"), fingerprint(9), vector(9)), MODEL)
    (new,) = catalog.unmatched(NOW)
    assert new > c
    assert catalog.relations() == [
        replace(turned, a=a, b=new),
        Relation(c, new, Kind.EDITED, 0.9, Evidence(turn=5)),
    ]
    catalog.rewritten((shot(b"/photos/1.jpg"), fingerprint(10), vector(10)), MODEL)
    newest = max(catalog.unmatched(NOW))
    found = next(each for each in catalog.relations() if each.b == newest)
    assert (found.a, found.evidence.turn, found.evidence.transform) == (new, 3, None)
    assert catalog.photo_at(b"/photos/1.jpg").content_id == newest  # type: ignore[union-attr]


def test_what_a_newer_algorithm_does_not_find_again_is_dropped(catalog: Catalog) -> None:
    a, b, c = fill(catalog, 1, 2, 3)
    catalog.save_relations([relation(a, b), relation(b, c)], NOW)
    catalog.save_relations([relation(a, b, Kind.RESIZED)], NOW + 1)
    assert len(catalog.relations()) == 2
    catalog.mark_matched([a, b, c], NOW + 1)
    assert catalog.relations() == [relation(a, b, Kind.RESIZED)]


def test_a_new_embedding_or_new_hashes_ask_for_matching_again(catalog: Catalog) -> None:
    a, b = fill(catalog, 1, 2, model=None)
    catalog.save_relations([relation(a, b)], NOW)
    catalog.mark_matched([a, b], NOW)
    assert fill(catalog, 1, model=MODEL) == [a]
    assert catalog.unmatched(NOW) == [a]
    assert catalog.related_pairs([a, b], NOW) == set()
    assert catalog.relations() == [relation(a, b)]


def test_a_content_that_comes_back_is_matched_with_what_came_meanwhile(catalog: Catalog) -> None:
    a, b = fill(catalog, 1, 2)
    catalog.mark_matched([a, b], NOW)
    scan = catalog.begin_scan()
    catalog.seen([shot(b"/photos/2.jpg")], scan)
    catalog.finish_scan(scan, [b"/photos"], complete=True)
    assert catalog.unmatched(NOW) == []
    scan = catalog.begin_scan()
    assert catalog.adopt(shot(b"/photos/back.jpg"), content_of(1), scan, MODEL)
    assert catalog.unmatched(NOW) == [a]


def test_ids_are_never_used_again(catalog: Catalog) -> None:
    ids = fill(catalog, 1, 2)
    with catalog._database.writing() as connection:
        connection.execute("DELETE FROM photo")
        connection.execute("DELETE FROM content")
    assert min(fill(catalog, 3)) > max(ids)
