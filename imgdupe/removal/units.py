# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""Which files are one photo: as the catalog knew it, and as the folder is now.

Called while planning and again at the moment of removal. Only lists folders.
"""

from __future__ import annotations

import os

from imgdupe.library.formats import COMPANIONS, PICTURES, RAWS, suffix_of
from imgdupe.library.shots import pair
from imgdupe.records import FoundFile, Photo, PhotoRecord

_OURS = PICTURES | RAWS | COMPANIONS


def unit_paths(photo: PhotoRecord) -> list[bytes]:
    """The photo's own file and those that go with it, as the catalog knew them."""
    return [photo.path, *(each.path for each in photo.companions)]


def photos_of_stem(path: bytes) -> list[Photo]:
    """The shots in the folder that share the file's stem, paired as the scan pairs them."""
    folder, name = os.path.split(path)
    stem = name[: len(name) - len(suffix_of(name))]
    with os.scandir(folder) as entries:
        names = [
            entry.name
            for entry in entries
            if _may_belong(entry.name, name, stem) and entry.is_file(follow_symlinks=False)
        ]
    files = [FoundFile(os.path.join(folder, each), 0, 0, 0, 0) for each in sorted(names)]
    photos = [each for each in pair(files) if isinstance(each, Photo)]
    return [each for each in photos if _stem(each.primary.path) == _stem(path)]


def _may_belong(other: bytes, name: bytes, stem: bytes) -> bool:
    """The file itself, whatever its suffix, or a picture or companion of its stem."""
    return other == name or (other.startswith(stem + b".") and suffix_of(other) in _OURS)


def _stem(path: bytes) -> bytes:
    return path[: len(path) - len(suffix_of(path))]
