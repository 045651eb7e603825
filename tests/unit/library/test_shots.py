# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imgdupe.library.shots import pair
from imgdupe.records import FoundFile, Photo, Problem, ProblemKind, Stage


def file(path: str) -> FoundFile:
    return FoundFile(path.encode(), 1, 1, 1, hash(path) & 0xFFFF)


def paired(*names: str) -> list[list[str]]:
    """Each photo as its file names, the primary first."""
    photos = [each for each in pair(map(file, sorted(names))) if isinstance(each, Photo)]
    return [[f.path.decode() for f in (photo.primary, *photo.companions)] for photo in photos]


@pytest.mark.parametrize(
    ("names", "units"),
    [
        (["1.jpg"], [["1.jpg"]]),
        (["1.jpg", "2.jpg"], [["1.jpg"], ["2.jpg"]]),
        (["1.JPG", "1.CR2"], [["1.JPG", "1.CR2"]]),
        (["1.heic", "1.dng", "1.mov"], [["1.heic", "1.dng", "1.mov"]]),
        (["1.cr2", "1.dng"], [["1.cr2", "1.dng"]]),
        (["1.nef", "1.xmp", "1.nef.xmp"], [["1.nef", "1.nef.xmp", "1.xmp"]]),
        (["1.heic", "1.mov", "1.aae"], [["1.heic", "1.aae", "1.mov"]]),
        (["1.jpg", "1.png"], [["1.jpg"], ["1.png"]]),
        (["1.jpg", "1.png", "1.xmp"], [["1.jpg", "1.xmp"], ["1.png"]]),
        (["1.jpg", "1.png", "1.png.xmp"], [["1.jpg"], ["1.png", "1.png.xmp"]]),
        (["1.jpg", "1.heic", "1.mov"], [["1.jpg", "1.mov"], ["1.heic"]]),
        (["1.tif", "1.nef", "1.xmp"], [["1.nef", "1.xmp"], ["1.tif"]]),
        (["1.png", "1.jpg", "1.arw"], [["1.jpg", "1.arw"], ["1.png"]]),
        (["1.arw.pp3", "1.arw", "1.jpg"], [["1.jpg", "1.arw", "1.arw.pp3"]]),
        (["1.jpg.json", "1.jpg"], [["1.jpg", "1.jpg.json"]]),
        (["1.mov"], []),
        (["1.xmp", "2.jpg"], [["2.jpg"]]),
        (["a/1.jpg", "b/1.nef"], [["a/1.jpg"], ["b/1.nef"]]),
        (["a/1.nef", "a/1.jpg", "b/1.nef"], [["a/1.jpg", "a/1.nef"], ["b/1.nef"]]),
        (["IMG_1.jpg", "img_1.nef"], [["IMG_1.jpg"], ["img_1.nef"]]),
        (["1.jpg", "1.jpg.jpg"], [["1.jpg"], ["1.jpg.jpg"]]),
        (["picture", "picture.xmp"], [["picture", "picture.xmp"]]),
    ],
)
def test_units(names: list[str], units: list[list[str]]) -> None:
    assert sorted(paired(*names)) == sorted(units)


def test_the_corpus_unit() -> None:
    suffixes = ("AAE", "dng", "dng.xmp", "jpg", "jpg.xmp", "xmp")
    (unit,) = paired(*(f"IMG_7001.{suffix}" for suffix in suffixes))
    assert unit[0] == "IMG_7001.jpg"
    assert len(unit) == 6


def test_problems_pass_through() -> None:
    problem = Problem(b"a/2.jpg", Stage.WALK, ProblemKind.NO_ACCESS, "no")
    entries: list[FoundFile | Problem] = [file("a/1.jpg"), problem, file("a/1.nef")]
    assert list(pair(entries)) == [problem, Photo(file("a/1.jpg"), (file("a/1.nef"),))]


@given(
    st.sets(
        st.builds(
            "{}/{}.{}".format,
            st.sampled_from("ab"),
            st.sampled_from(["1", "2", "1.jpg"]),
            st.sampled_from(["jpg", "JPG", "heic", "png", "nef", "dng", "xmp", "nef.xmp", "mov"]),
        )
    )
)
def test_no_picture_is_lost_or_in_two_photos(names: set[str]) -> None:
    units = paired(*names)
    members = [name for unit in units for name in unit]
    assert len(members) == len(set(members))
    pictures = {name for name in names if not name.endswith((".xmp", ".mov"))}
    assert pictures <= set(members) <= names
