# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""Roots, counts, photos as a window sees them, and what a removal changes."""

from __future__ import annotations

import pytest

from imgdupe.catalog.catalog import Catalog, LibraryCounts
from imgdupe.records import Problem, ProblemKind, Stage
from tests.helpers.fingerprints import content_of, fingerprint, shot

GIVEN = {b"/photos/a.jpg": 1, b"/photos/trip/b.jpg": 2, b"/drive/c.jpg": 1}


@pytest.fixture
def filled(catalog: Catalog) -> Catalog:
    catalog.put_root(b"/drive", online=True)
    scan = catalog.begin_scan()
    items = [(shot(path, path + b".xmp"), fingerprint(n), None) for path, n in GIVEN.items()]
    catalog.save(items, [], scan, None)
    return catalog


def paths_in(catalog: Catalog) -> set[bytes]:
    return {photo.path for photo in catalog.photos()}


def seen_roots(catalog: Catalog) -> dict[bytes, tuple[bool, int]]:
    return {root.path: (root.online, root.photos) for root in catalog.roots()}


def test_counts(filled: Catalog) -> None:
    scan = filled.begin_scan()
    trouble = Problem(b"/photos/z.jpg", Stage.WALK, ProblemKind.OTHER, "odd")
    filled.save([], [trouble], scan, None)
    filled.put_root(b"/drive", online=False)
    assert filled.count() == LibraryCounts(3, 2, 1, 1, 3 * 1500)


def test_an_empty_library_counts_nothing(catalog: Catalog) -> None:
    assert catalog.count() == LibraryCounts(0, 0, 0, 0, 0)


def test_roots_know_their_photos(filled: Catalog) -> None:
    assert seen_roots(filled) == {b"/photos": (True, 2), b"/drive": (True, 1)}


def test_photos_of_an_absent_root_are_offline_and_stay(filled: Catalog) -> None:
    filled.put_root(b"/drive", online=False)
    assert {photo.path for photo in filled.photos() if photo.offline} == {b"/drive/c.jpg"}
    scan = filled.begin_scan()
    filled.seen([shot(b"/photos/a.jpg")], scan)
    assert filled.finish_scan(scan, [b"/photos", b"/drive"], complete=True) == 1
    assert paths_in(filled) == {b"/photos/a.jpg", b"/drive/c.jpg"}


def test_a_nested_root_has_its_own_photos(filled: Catalog) -> None:
    filled.put_root(b"/photos/trip", online=False)
    assert seen_roots(filled)[b"/photos/trip"] == (False, 1)
    assert seen_roots(filled)[b"/photos"] == (True, 1)
    filled.forget_root(b"/photos/trip")
    assert seen_roots(filled)[b"/photos"] == (True, 2)


def test_forgetting_a_root_drops_its_rows_only(filled: Catalog) -> None:
    scan = filled.begin_scan()
    problems = [
        Problem(path, Stage.DECODE, ProblemKind.DAMAGED, "")
        for path in (b"/drive/x.jpg", b"/photos/x.jpg", b"/photos/trip/x.jpg")
    ]
    filled.save([], problems, scan, None)
    filled.put_root(b"/photos/trip", online=True)
    filled.forget_root(b"/photos")
    assert paths_in(filled) == {b"/photos/trip/b.jpg", b"/drive/c.jpg"}
    assert {each.path for each in filled.problems()} == {b"/photos/trip/x.jpg", b"/drive/x.jpg"}
    filled.forget_root(b"/nowhere")


def test_the_file_system_as_a_root(catalog: Catalog) -> None:
    catalog.put_root(b"/", online=True)
    scan = catalog.begin_scan()
    catalog.save([(shot(b"/x.jpg"), fingerprint(1), None)], [], scan, None)
    assert seen_roots(catalog)[b"/"] == (True, 1)
    scan = catalog.begin_scan()
    assert catalog.finish_scan(scan, [b"/"], complete=True) == 1


def test_photos_by_path_content_and_id(filled: Catalog) -> None:
    twin_paths = [b"/drive/c.jpg", b"/photos/a.jpg"]
    assert [p.path for p in filled.photos_with_content(content_of(1))] == twin_paths
    (content_id,) = filled.duplicated_contents()
    assert [p.path for p in filled.photos([content_id])] == twin_paths
    assert filled.photos([]) == []
    photo = filled.photo_at(b"/photos/trip/b.jpg")
    assert photo is not None
    assert photo.file == shot(b"/photos/trip/b.jpg").primary
    assert [file.path for file in photo.companions] == [b"/photos/trip/b.jpg.xmp"]
    assert filled.photo_at(b"/photos/none.jpg") is None


def test_removed_photos_are_gone_everywhere(filled: Catalog) -> None:
    filled.remove_photos([b"/photos/a.jpg", b"/photos/a.jpg.xmp"])
    assert paths_in(filled) == {b"/photos/trip/b.jpg", b"/drive/c.jpg"}
    assert filled.duplicated_contents() == []
    assert filled.count().photos == 2
    assert filled.count().bytes == 2 * 1500
    assert seen_roots(filled)[b"/photos"] == (True, 1)


def test_restored_photos_are_back_with_their_companions(filled: Catalog) -> None:
    before = filled.photos()
    filled.remove_photos([b"/photos/a.jpg", b"/photos/a.jpg.xmp"])
    back = [(path, path) for path in (b"/photos/a.jpg", b"/photos/a.jpg.xmp")]
    filled.restore_photos(back)
    assert filled.photos() == before


def test_a_photo_may_come_back_under_another_name(filled: Catalog) -> None:
    filled.remove_photos([b"/photos/a.jpg"])
    filled.restore_photos(
        [(b"/photos/a.jpg", b"/drive/a2.jpg"), (b"/photos/a.jpg.xmp", b"/drive/a2.xmp")]
    )
    photo = filled.photo_at(b"/drive/a2.jpg")
    assert photo is not None
    assert [file.path for file in photo.companions] == [b"/drive/a2.xmp"]
    assert seen_roots(filled)[b"/drive"] == (True, 2)


def test_a_name_taken_meanwhile_belongs_to_what_came_back(filled: Catalog) -> None:
    filled.remove_photos([b"/photos/a.jpg"])
    filled.restore_photos([(b"/photos/a.jpg", b"/photos/trip/b.jpg")])
    photo = filled.photo_at(b"/photos/trip/b.jpg")
    assert photo is not None
    assert photo.hashes.content == content_of(1)


def test_what_a_scan_dropped_or_never_knew_cannot_be_restored(filled: Catalog) -> None:
    filled.remove_photos([b"/photos/a.jpg", b"/photos/unknown.jpg"])
    scan = filled.begin_scan()
    filled.finish_scan(scan, [b"/photos"], complete=True)
    filled.restore_photos([(b"/photos/a.jpg", b"/photos/a.jpg"), (b"/no", b"/no")])
    assert filled.photo_at(b"/photos/a.jpg") is None


def test_a_removed_photo_that_a_scan_meets_again_is_unchanged(filled: Catalog) -> None:
    filled.remove_photos([b"/photos/a.jpg"])
    photo = shot(b"/photos/a.jpg", b"/photos/a.jpg.xmp")
    assert filled.known([photo], None).unchanged == [photo]
    assert b"/photos/a.jpg" in paths_in(filled)
