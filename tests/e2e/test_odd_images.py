# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""The odd, broken and hostile files through the real pool, by the rules of their README."""

from __future__ import annotations

import csv
import os
import time
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

import pytest

from imgdupe.engine.workers import DecodePool
from imgdupe.library.shots import pair
from imgdupe.library.walk import ScanRules, walk
from imgdupe.records import FLAT_QUALITY, Fingerprint, FoundFile, Photo, Problem
from tests.helpers.children import found
from tests.helpers.files import Seen, snapshot

PATIENCE_S = 120.0
# Pixels or samples that differ and still make a picture: no checksum in the format tells.
SILENT = ("flip", "xsector", "cut-pages-tif-last", "exif-garbage", "icc-")
UNCOMPRESSED = ("zerosector-plain-bmp", "zerosector-raw-tif", "zerosector-pages-tif")
# Formats of other trades (icons, games, science, 1990s programs): not read, and so listed.
FOREIGN = {
    *("ico", "sgi", "pcx", "blp", "fli", "qoi", "farbfeld", "dds", "cur-or-tga", "im", "spider"),
    *("hdr", "fits", "netpbm", "other", "raw-dng", "raw-kdc"),
}


@dataclass(frozen=True)
class Corpus:
    """The manifest's rows by file, and what the pool said of each file."""

    folder: Path
    rows: dict[str, dict[str, str]]
    results: dict[str, Fingerprint | Problem]
    slowest_s: float
    before: dict[bytes, Seen]

    def of_class(self, *names: str) -> Iterator[tuple[str, Fingerprint | Problem]]:
        for name, row in self.rows.items():
            if row["class"] in names:
                yield name, self.results[name]

    def picture(self, name: str) -> Fingerprint:
        result = self.results[f"made/{name}"]
        assert isinstance(result, Fingerprint), result
        return result


@pytest.fixture(scope="module")
def corpus(shared: Path) -> Corpus:
    folder = shared / "corpora/odd-images"
    before = snapshot(folder)
    files = [found(path) for path in sorted(before)]
    results: dict[str, Fingerprint | Problem] = {}
    slowest = 0.0
    with DecodePool(2) as pool:
        start = time.monotonic()
        for file, result in pool.fingerprint(files):
            name = os.fsdecode(os.path.relpath(file.path, os.fsencode(folder)))
            results[name] = result
            slowest = max(slowest, time.monotonic() - start)
            start = time.monotonic()
    with open(folder / "manifest.tsv", encoding="utf-8", newline="") as table:
        reader = csv.DictReader(table, delimiter="\t", quoting=csv.QUOTE_NONE)
        rows = {row["file"]: row for row in reader}
    return Corpus(folder, rows, results, slowest, before)


def test_every_file_has_a_result_or_a_reason(corpus: Corpus) -> None:
    assert len(corpus.rows) == 1560
    assert corpus.rows.keys() <= corpus.results.keys()
    for name, result in corpus.results.items():
        if isinstance(result, Problem):
            assert result.detail.endswith("."), name
            assert result.kind != "crashed", (name, result.detail)
            assert "Error" not in result.detail, name


def test_no_file_holds_up_the_scan(corpus: Corpus) -> None:
    """Not even where it is waited for; and time for the child that takes a killed one's place."""
    assert corpus.slowest_s < PATIENCE_S + 10


def test_what_must_decode_does_at_its_size(corpus: Corpus) -> None:
    for name, row in corpus.rows.items():
        if row["expected"] == "decodes" and row["format"] not in FOREIGN:
            result = corpus.results[name]
            assert isinstance(result, Fingerprint), (name, result)
            size = {result.metadata.width, result.metadata.height}
            assert size == {int(side) for side in row["size"].split("x")}, name


def test_what_must_be_refused_is(corpus: Corpus) -> None:
    refused = [name for name, row in corpus.rows.items() if row["expected"] == "refused"]
    assert all(isinstance(corpus.results[name], Problem) for name in refused)


def test_no_file_is_touched(corpus: Corpus) -> None:
    assert snapshot(corpus.folder) == corpus.before


def test_identical_means_equal_bytes(corpus: Corpus) -> None:
    sha256_by_content: dict[bytes, set[str]] = {}
    for name, result in corpus.results.items():
        if isinstance(result, Fingerprint) and name in corpus.rows:
            row = corpus.rows[name]
            sha256_by_content.setdefault(result.hashes.content, set()).add(row["sha256_16"])
    assert all(len(each) == 1 for each in sha256_by_content.values())
    everything = [each for hashes in sha256_by_content.values() for each in hashes]
    assert len(everything) == len(set(everything))


def test_flat_pictures_are_known_as_flat(corpus: Corpus) -> None:
    flat = dict(corpus.of_class("flat"))
    assert len(flat) == 9
    for name, result in flat.items():
        assert isinstance(result, Fingerprint), name
        assert result.hashes.quality < FLAT_QUALITY, name


def test_damaged_copies_are_refused_or_flagged(corpus: Corpus) -> None:
    missed = [
        name
        for name, result in corpus.of_class("truncated", "corrupt")
        if name.startswith("made/")
        and not name.removeprefix("made/").startswith((*SILENT, *UNCOMPRESSED))
        and isinstance(result, Fingerprint)
        and result.damaged is None
    ]
    assert missed == []


def test_sound_pictures_are_not_flagged(corpus: Corpus) -> None:
    flagged = [
        name
        for name, result in corpus.of_class("ordinary", "orientation", "pair", "flat", "odd")
        if isinstance(result, Fingerprint) and result.damaged
    ]
    assert flagged == ["pillow/test_extents_transparency.gif"]  # its chain of blocks does break


def test_the_eight_orientations_are_one_picture(corpus: Corpus) -> None:
    pictures = [corpus.picture(f"orient-{n}.jpg") for n in range(1, 9)]
    for a, b in combinations(pictures, 2):
        assert (a.hashes.phash ^ b.hashes.phash).bit_count() <= 8
        assert (a.metadata.width, a.metadata.height) == (160, 120)
    for other in (0, 9, 255):
        picture = corpus.picture(f"orient-{other}.jpg")
        assert picture.metadata.orientation == 1
        assert picture.hashes.phash == pictures[0].hashes.phash


def test_pairs(corpus: Corpus) -> None:
    original = corpus.picture("ok-baseline.jpg").hashes
    same_pixels = corpus.picture("same-pixels-other-exif.jpg").hashes
    assert same_pixels.scan == original.scan
    assert same_pixels.content != original.content
    for name in ("same-picture-half-size.jpg", "same-picture-q20.jpg"):
        assert (corpus.picture(name).hashes.phash ^ original.phash).bit_count() <= 8
    a, b = (corpus.picture(f"burst-{n}.jpg").hashes for n in "ab")
    assert a.content != b.content
    assert a.scan != b.scan
    assert a.phash256 != b.phash256


def test_the_photo_is_fingerprinted_and_not_its_stale_thumbnail(corpus: Corpus) -> None:
    odd = corpus.picture("exif-other-thumbnail.jpg").hashes
    assert (odd.phash ^ corpus.picture("ok-baseline.jpg").hashes.phash).bit_count() <= 2


def test_one_shot_is_one_photo(corpus: Corpus) -> None:
    entries = pair(walk([os.fsencode(corpus.folder)], ScanRules()))
    photos = {each.primary.path: each for each in entries if isinstance(each, Photo)}
    (unit,) = [each for path, each in photos.items() if b"IMG_7001" in path]
    assert unit.primary.path.endswith(b"IMG_7001.jpg")
    assert len(unit.companions) == 5
    assert any(path.endswith(b"/no-extension") for path in photos)


def test_the_walk_finds_every_picture_of_a_known_name(corpus: Corpus) -> None:
    entries = list(walk([os.fsencode(corpus.folder)], ScanRules()))
    assert all(isinstance(entry, FoundFile) for entry in entries)
    names = {os.fsdecode(os.path.relpath(e.path, os.fsencode(corpus.folder))) for e in entries}
    decoded = {name for name, r in corpus.results.items() if isinstance(r, Fingerprint)}
    passed_over = {Path(name).suffix.lower() for name in decoded - names}
    assert passed_over <= {".crash", ".txt", ".jls", ".cur", ".bw", ".rgb", ""}
