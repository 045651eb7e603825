# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""What a scan finds unchanged, adopts, stores, and drops at its end."""

from __future__ import annotations

import numpy as np
import pytest

from imgdupe.catalog.catalog import Catalog
from imgdupe.catalog.paths import Paths
from imgdupe.records import Photo, Problem, ProblemKind, Stage
from tests.helpers.fingerprints import content_of, fingerprint, found, shot, vector

MODEL = "model-1"


def save(catalog: Catalog, scan: int, *named: tuple[bytes, int], model: str | None = None) -> None:
    items = [
        (shot(path), fingerprint(number), None if model is None else vector(number))
        for path, number in named
    ]
    catalog.save(items, [], scan, model)


def scan_of(catalog: Catalog, *named: tuple[bytes, int], model: str | None = None) -> None:
    scan = catalog.begin_scan()
    save(catalog, scan, *named, model=model)
    catalog.finish_scan(scan, [b"/photos"], complete=True)


def paths_in(catalog: Catalog) -> list[bytes]:
    return [photo.path for photo in catalog.photos()]


def test_what_was_saved_is_unchanged_at_the_next_scan(catalog: Catalog) -> None:
    scan_of(catalog, (b"/photos/a.jpg", 1))
    found_again = catalog.known([shot(b"/photos/a.jpg"), shot(b"/photos/b.jpg", size=9)], None)
    assert found_again.unchanged == [shot(b"/photos/a.jpg")]
    assert found_again.work == [shot(b"/photos/b.jpg", size=9)]
    assert found_again.same_size == []


@pytest.mark.parametrize(
    ("size", "mtime_ns", "answer"), [(1000, 5, "same_size"), (999, 10**18, "work")]
)
def test_another_size_or_time_is_a_change(
    catalog: Catalog, size: int, mtime_ns: int, answer: str
) -> None:
    scan_of(catalog, (b"/photos/a.jpg", 1))
    changed = shot(b"/photos/a.jpg", size=size, mtime_ns=mtime_ns)
    assert getattr(catalog.known([changed], None), answer) == [changed]


def test_a_photo_without_embedding_by_this_model_needs_work(catalog: Catalog) -> None:
    scan_of(catalog, (b"/photos/a.jpg", 1), model="old")
    photo = shot(b"/photos/a.jpg")
    assert catalog.known([photo], "old").unchanged == [photo]
    assert catalog.known([photo], None).unchanged == [photo]
    assert catalog.known([photo], MODEL).work == [photo]
    scan_of(catalog, (b"/photos/a.jpg", 1), model=MODEL)
    assert catalog.known([photo], MODEL).unchanged == [photo]


def test_more_photos_than_one_statement_takes(catalog: Catalog) -> None:
    scan = catalog.begin_scan()
    photos = [shot(b"/photos/%d.jpg" % number) for number in range(1300)]
    print_of_all = fingerprint(1)
    catalog.save([(photo, print_of_all, None) for photo in photos], [], scan, None)
    assert catalog.known(photos, None).unchanged == photos


def test_changed_companions_alone_are_noted_without_work(catalog: Catalog) -> None:
    scan = catalog.begin_scan()
    before = shot(b"/photos/a.jpg", b"/photos/a.cr3", b"/photos/a.xmp")
    catalog.save([(before, fingerprint(1), None)], [], scan, None)
    after = shot(b"/photos/a.jpg", b"/photos/a.xmp", b"/photos/a.mov")
    assert catalog.known([after], None).unchanged == [after]
    (photo,) = catalog.photos()
    assert {file.path for file in photo.companions} == {b"/photos/a.xmp", b"/photos/a.mov"}
    assert photo.bytes_total == 2000


def test_another_device_or_inode_is_noted_without_work(catalog: Catalog) -> None:
    scan_of(catalog, (b"/photos/a.jpg", 1))
    moved_disk = Photo(found(b"/photos/a.jpg", inode=2**63 + 5))
    assert catalog.known([moved_disk], None).unchanged == [moved_disk]
    assert catalog.photos()[0].file == moved_disk.primary


def test_a_moved_file_is_adopted_and_its_old_path_dropped(catalog: Catalog) -> None:
    scan_of(catalog, (b"/photos/a.jpg", 1), model=MODEL)
    scan = catalog.begin_scan()
    moved = shot(b"/photos/new/a.jpg")
    assert catalog.known([moved], MODEL).same_size == [moved]
    assert catalog.adopt(moved, content_of(1), scan, MODEL)
    assert catalog.finish_scan(scan, [b"/photos"], complete=True) == 1
    assert paths_in(catalog) == [b"/photos/new/a.jpg"]
    assert catalog.photos()[0].hashes == fingerprint(1).hashes


def test_unknown_or_not_embedded_contents_are_not_adopted(catalog: Catalog) -> None:
    scan = catalog.begin_scan()
    save(catalog, scan, (b"/photos/a.jpg", 1))
    assert not catalog.adopt(shot(b"/photos/b.jpg"), content_of(2), scan, None)
    assert not catalog.adopt(shot(b"/photos/b.jpg"), content_of(1), scan, MODEL)
    assert catalog.adopt(shot(b"/photos/b.jpg"), content_of(1), scan, None)
    assert len(catalog.duplicated_contents()) == 1


def test_a_file_saved_over_points_to_its_new_content(catalog: Catalog) -> None:
    scan_of(catalog, (b"/photos/a.jpg", 1))
    scan_of(catalog, (b"/photos/a.jpg", 2))
    (photo,) = catalog.photos()
    assert photo.hashes.content == content_of(2)
    assert catalog.photos_with_content(content_of(1)) == []
    assert list(catalog.features(None).ids) == [photo.content_id]


def test_save_tells_what_is_new(catalog: Catalog) -> None:
    scan = catalog.begin_scan()
    both = [(shot(b"/photos/a.jpg"), fingerprint(1), vector(1))]
    both.append((shot(b"/photos/b.jpg"), fingerprint(1), vector(1)))
    assert len(set(catalog.save(both, [], scan, MODEL))) == 1
    assert catalog.save(both, [], scan, MODEL) == []
    assert len(catalog.save(both, [], scan, "model-2")) == 1


def test_only_a_complete_scan_drops_photos(catalog: Catalog) -> None:
    scan_of(catalog, (b"/photos/a.jpg", 1), (b"/photos/b.jpg", 2))
    scan = catalog.begin_scan()
    catalog.seen([shot(b"/photos/a.jpg")], scan)
    assert catalog.finish_scan(scan, [b"/photos"], complete=False) == 0
    assert len(paths_in(catalog)) == 2
    scan = catalog.begin_scan()
    catalog.seen([shot(b"/photos/a.jpg")], scan)
    assert catalog.finish_scan(scan, [b"/photos"], complete=True) == 1
    assert paths_in(catalog) == [b"/photos/a.jpg"]


def test_photos_outside_the_scanned_folders_stay(catalog: Catalog) -> None:
    scan = catalog.begin_scan()
    save(catalog, scan, (b"/photos/x/a.jpg", 1), (b"/photos/x2/a.jpg", 2), (b"/photos/x.jpg", 3))
    catalog.finish_scan(scan, [b"/photos"], complete=True)
    scan = catalog.begin_scan()
    assert catalog.finish_scan(scan, [b"/photos/x"], complete=True) == 1
    assert paths_in(catalog) == [b"/photos/x.jpg", b"/photos/x2/a.jpg"]


def test_a_scan_that_is_not_under_way_is_a_mistake(catalog: Catalog) -> None:
    first, _ = catalog.begin_scan(), catalog.begin_scan()
    with pytest.raises(ValueError, match="not the one under way"):
        catalog.seen([shot(b"/photos/a.jpg")], first)


def problem(path: bytes, kind: ProblemKind, stage: Stage = Stage.DECODE) -> Problem:
    return Problem(path, stage, kind, "in words")


def test_problems_are_listed_retried_and_cleared(catalog: Catalog) -> None:
    scan = catalog.begin_scan()
    trouble = problem(b"/photos/a.jpg", ProblemKind.TRUNCATED)
    catalog.save([], [trouble], scan, None)
    catalog.finish_scan(scan, [b"/photos"], complete=True)
    assert catalog.problems() == [trouble]
    assert catalog.known([shot(b"/photos/a.jpg")], None).work == [shot(b"/photos/a.jpg")]
    scan_of(catalog, (b"/photos/a.jpg", 1))
    assert catalog.problems() == []


def test_a_problem_of_a_file_that_is_gone_is_cleared_by_a_complete_scan(catalog: Catalog) -> None:
    scan = catalog.begin_scan()
    inside = problem(b"/photos/a.jpg", ProblemKind.DAMAGED)
    outside = problem(b"/elsewhere/a.jpg", ProblemKind.DAMAGED)
    catalog.save([], [inside, outside], scan, None)
    for complete, left in ((False, [outside, inside]), (True, [outside])):
        scan = catalog.begin_scan()
        catalog.finish_scan(scan, [b"/photos"], complete=complete)
        assert catalog.problems() == left


@pytest.mark.parametrize(
    ("kind", "stays"), [(ProblemKind.NO_ACCESS, True), (ProblemKind.NOT_AN_IMAGE, False)]
)
def test_a_photo_that_cannot_be_read_now_stays_known(
    catalog: Catalog, kind: ProblemKind, stays: bool
) -> None:
    scan_of(catalog, (b"/photos/a.jpg", 1))
    scan = catalog.begin_scan()
    catalog.save([], [problem(b"/photos/a.jpg", kind)], scan, None)
    catalog.finish_scan(scan, [b"/photos"], complete=True)
    assert bool(paths_in(catalog)) is stays


@pytest.mark.parametrize(
    ("kind", "left"),
    [
        (ProblemKind.NO_ACCESS, [b"/photos/x/a.jpg", b"/photos/x/y/b.jpg"]),
        (ProblemKind.NOT_FOUND, []),
    ],
)
def test_photos_below_a_folder_that_cannot_be_listed_stay(
    catalog: Catalog, kind: ProblemKind, left: list[bytes]
) -> None:
    named = [(b"/photos/x/a.jpg", 1), (b"/photos/x/y/b.jpg", 2), (b"/photos/xz.jpg", 3)]
    scan_of(catalog, *named)
    scan = catalog.begin_scan()
    catalog.save([], [problem(b"/photos/x", kind, Stage.WALK)], scan, None)
    catalog.finish_scan(scan, [b"/photos"], complete=True)
    assert paths_in(catalog) == left


def test_orphans_are_kept_for_a_quarter_of_a_year(
    catalog: Catalog, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = 1_700_000_000.0
    monkeypatch.setattr("time.time", lambda: now)
    scan_of(catalog, (b"/photos/a.jpg", 1))
    scan_of(catalog)
    now += 89 * 86_400
    scan_of(catalog)
    scan = catalog.begin_scan()
    assert catalog.adopt(shot(b"/photos/a.jpg"), content_of(1), scan, None)
    scan_of(catalog)
    now += 91 * 86_400
    scan_of(catalog)
    scan = catalog.begin_scan()
    assert not catalog.adopt(shot(b"/photos/a.jpg"), content_of(1), scan, None)


def test_the_generation_counts_what_a_window_shows(catalog: Catalog) -> None:
    before = catalog.generation
    scan = catalog.begin_scan()
    catalog.seen([], scan)
    assert catalog.generation == before
    save(catalog, scan, (b"/photos/a.jpg", 1))
    assert catalog.generation == before + 1


@pytest.mark.expects_logs
def test_a_backup_that_cannot_be_made_does_not_stop_the_scan(
    catalog: Catalog, paths: Paths
) -> None:
    (paths.data / "backups").touch()
    scan = catalog.begin_scan()
    save(catalog, scan, (b"/photos/a.jpg", 1))
    assert catalog.finish_scan(scan, [b"/photos"], complete=True) == 0
    assert paths_in(catalog) == [b"/photos/a.jpg"]


def test_an_embedding_must_hold_numbers(catalog: Catalog) -> None:
    scan = catalog.begin_scan()
    broken = np.full(8, np.nan, dtype=np.float32)
    with pytest.raises(ValueError, match="finite"):
        catalog.save([(shot(b"/photos/a.jpg"), fingerprint(1), broken)], [], scan, MODEL)
    assert catalog.count().photos == 0
