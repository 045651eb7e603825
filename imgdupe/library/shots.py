# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""Pairs the files of one shot: RAW + JPEG + sidecars + movie half become one `Photo`.

Runs in the scan's first thread, on what the walk yields. Pure: names only, no file is touched.

Files of one folder and one stem belong together. A sidecar named after a whole file name
(`IMG_1.CR2.xmp`) belongs to that file. With a RAW in the stem, the camera's JPEG or HEIC is the
primary and the RAW its companion; a RAW alone is the primary. Other standard pictures of that
stem (`IMG_1.png` beside `IMG_1.jpg`) are photos of their own, and the stem's sidecars go with the
first in the order: camera JPEG/HEIC, RAW, others. Companions without a picture are no photo.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from itertools import groupby

from imgdupe.library.formats import CAMERA, COMPANIONS, RAWS, suffix_of
from imgdupe.records import FoundFile, Photo, Problem


def pair(entries: Iterable[FoundFile | Problem]) -> Iterator[Photo | Problem]:
    """Photos folder by folder; problems pass through. The files of one folder must be together."""
    for _, group in groupby(entries, _folder):
        files: list[FoundFile] = []
        for entry in group:
            if isinstance(entry, Problem):
                yield entry
            else:
                files.append(entry)
        yield from _photos(files)


def _folder(entry: FoundFile | Problem) -> bytes:
    return entry.path[: entry.path.rfind(os.sep.encode()) + 1]


def _photos(files: list[FoundFile]) -> Iterator[Photo]:
    """The photos among the files of one folder, in order of their first file."""
    by_stem: dict[bytes, list[FoundFile]] = {}
    companions: list[tuple[FoundFile, bytes]] = []
    for file in files:
        suffix = suffix_of(file.path)
        stem = file.path[: len(file.path) - len(suffix)]
        if suffix in COMPANIONS:
            companions.append((file, stem))
        else:
            by_stem.setdefault(stem, []).append(file)
    if not companions and len(by_stem) == len(files):
        yield from map(Photo, files)
        return
    units = {stem: _units(pictures) for stem, pictures in by_stem.items()}
    owners = {file.path: unit for stem in units for unit in units[stem] for file in unit}
    for file, stem in companions:
        unit = owners.get(stem) or next(iter(units.get(stem, ())), None)
        if unit is not None:
            unit.append(file)
    for stem_units in units.values():
        for unit in stem_units:
            yield Photo(unit[0], tuple(unit[1:]))


def _units(pictures: list[FoundFile]) -> list[list[FoundFile]]:
    """Split the pictures of one stem into shots, each with its primary first."""
    if len(pictures) == 1:
        return [pictures]
    ranked = sorted(pictures, key=_rank)
    raws = [file for file in ranked if suffix_of(file.path) in RAWS]
    others = [file for file in ranked if suffix_of(file.path) not in RAWS]
    if not raws:
        return [[file] for file in others]
    has_camera_file = bool(others) and suffix_of(others[0].path) in CAMERA
    first = [others.pop(0), *raws] if has_camera_file else raws
    return [first, *([file] for file in others)]


def _rank(file: FoundFile) -> tuple[int, bytes]:
    suffix = suffix_of(file.path)
    if suffix in CAMERA:
        return (0 if suffix in (b".jpg", b".jpeg") else 1), file.path
    if suffix in RAWS:
        return (3 if suffix == b".dng" else 2), file.path
    return 4, file.path
