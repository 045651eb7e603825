# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""The thumbnail cache: bounded, and no loss when it is lost."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from imgdupe.catalog.catalog import Catalog
from imgdupe.catalog.paths import Paths
from imgdupe.catalog.thumbs import Thumbnails
from tests.helpers.fingerprints import content_of, fingerprint, shot

_DAY_S = 86_400.0


def test_a_saved_photo_has_its_thumbnail(catalog: Catalog) -> None:
    scan = catalog.begin_scan()
    (content_id,) = catalog.save([(shot(b"/photos/a.jpg"), fingerprint(1), None)], [], scan, None)
    assert catalog.thumbnail(content_id) == fingerprint(1).thumbnail
    assert catalog.thumbnail(content_id + 1) is None


def test_a_lost_cache_is_begun_anew_and_filled_again(paths: Paths) -> None:
    with Catalog.open(paths) as catalog:
        scan = catalog.begin_scan()
        item = (shot(b"/photos/a.jpg"), fingerprint(1), None)
        (content_id,) = catalog.save([item], [], scan, None)
    (paths.cache / "thumbs.db").unlink()
    with Catalog.open(paths) as catalog:
        assert catalog.notices == ()
        assert catalog.thumbnail(content_id) is None
        catalog.put_thumbnail(content_of(1), b"again")
        assert catalog.thumbnail(content_id) == b"again"


@pytest.mark.parametrize("seed", range(20))
def test_a_damaged_cache_gives_the_right_thumbnail_or_none(tmp_path: Path, seed: int) -> None:
    thumbs = Thumbnails(tmp_path)
    given = {content_of(number): fingerprint(number, size=3000).thumbnail for number in range(40)}
    thumbs.put(given)
    thumbs.close()
    file = tmp_path / "thumbs.db"
    data = bytearray(file.read_bytes())
    random_ = random.Random(seed)
    if seed % 3:
        for _ in range(30):
            data[random_.randrange(len(data))] ^= 1 << random_.randrange(8)
    else:
        del data[random_.randrange(len(data)) :]
    file.write_bytes(data)
    thumbs = Thumbnails(tmp_path)
    for content, jpeg in given.items():
        assert thumbs.get(content) in {jpeg, None}
    thumbs.put(given)
    thumbs.put({b"new": b"jpeg"})
    assert thumbs.get(b"new") == b"jpeg"
    thumbs.close()


def test_those_not_shown_for_longest_go_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    now_s = 1_700_000_000.0
    monkeypatch.setattr("time.time", lambda: now_s)
    thumbs = Thumbnails(tmp_path, limit_bytes=400_000)
    for number in range(20):
        thumbs.put({content_of(number): bytes(10_000)})
    now_s += _DAY_S
    assert thumbs.get(content_of(0)) is not None
    thumbs.close()
    thumbs = Thumbnails(tmp_path, limit_bytes=400_000)
    for number in range(100, 300):
        thumbs.put({content_of(number): bytes(10_000)})
    assert thumbs.get(content_of(1)) is None
    assert thumbs.get(content_of(299)) is not None
    shown_longest_ago = [thumbs.get(content_of(number)) is None for number in range(1, 20)]
    assert all(shown_longest_ago)
    thumbs.close()
    assert (tmp_path / "thumbs.db").stat().st_size < 700_000


def test_a_shown_thumbnail_outlives_older_ones(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    now_s = 1_700_000_000.0
    monkeypatch.setattr("time.time", lambda: now_s)
    thumbs = Thumbnails(tmp_path, limit_bytes=200_000)
    for number in range(15):
        thumbs.put({content_of(number): bytes(10_000)})
    now_s += _DAY_S
    assert thumbs.get(content_of(0)) is not None
    thumbs.close()
    thumbs = Thumbnails(tmp_path, limit_bytes=200_000)
    for number in range(15, 20):
        thumbs.put({content_of(number): bytes(10_000)})
    assert thumbs.get(content_of(0)) is not None
    assert thumbs.get(content_of(1)) is None
    thumbs.close()
