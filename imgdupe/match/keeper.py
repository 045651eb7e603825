# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""Which photo of a group should stay, by an ordered list of rules, with the reason in words.

Any thread; pure and deterministic: the order of the photos given does not matter.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from imgdupe.keeping import KeeperRule, KeeperRules
from imgdupe.records import Metadata, PhotoRecord

_RAW = frozenset(
    b"3fr ari arw bay cr2 cr3 crw dcr dng erf fff gpr iiq k25 kdc mef mos mrw nef nrw orf pef ptx "
    b"raf raw rw2 rwl sr2 srf srw x3f".split()
)
_LOSSLESS = frozenset({"PNG", "TIFF", "BMP"})
_SAME_SIZE = 0.02
"""Sizes within 2 % are one size: some programs trim a few rows."""
_QUALITY_STEP = 10
"""A few points of JPEG quality say nothing: an edit saved at 88 is no better than its original
at 85. From 90 on nobody sees a difference."""
_COPY_NAME = re.compile(
    rb"( ?\(\d+\)|[ _-](copy|kopie|copie|copia)( ?\d+)?|[ _-](edit|edited|bearbeitet|export|small|"
    rb"web|resized|scaled|thumb|preview)\d*|~\d*|[ _-]\d{3,4}x\d{3,4})$|^(copy|kopie) ",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Choice:
    """`reason` says which rule told the keeper from the next best; `tie`: only the path did.

    decided: False where no rule told them apart, and the first by path was taken.
    """

    keeper: PhotoRecord
    reason: str
    tie: bool
    decided: bool = True


@dataclass(frozen=True, slots=True)
class _Rule:
    """Higher wins. `reason`: what it says of the keeper. `telling`: False for mere order."""

    value: Callable[[PhotoRecord], float]
    reason: str
    telling: bool = True


_SAFE = (
    _Rule(lambda p: p.damaged is None, "the others are damaged"),
    _Rule(lambda p: not p.offline, "the others are offline"),
)
"""Come first and cannot be switched off."""


def choose(
    photos: Sequence[PhotoRecord],
    rules: KeeperRules,
    bordered: Collection[int] = (),
) -> Choice:
    """The photo to keep among at least one.

    bordered: content ids of photos that are another photo in a border; they have no more pixels.
    """
    if len(photos) == 1:
        return Choice(photos[0], "only photo", tie=False)
    ordered = _rules(photos, rules, bordered)
    standings = sorted((_standing(photo, ordered), photo.path, photo.id) for photo in photos)
    (best, _, chosen), (next_best, _, _) = standings[:2]
    keeper = next(photo for photo in photos if photo.id == chosen)
    for rule, ours, theirs in zip(ordered, best, next_best, strict=True):
        if ours != theirs:
            return Choice(keeper, rule.reason, tie=not rule.telling)
    return Choice(keeper, "equal in every rule; first by path", tie=True, decided=False)


def lacks_of(keeper: PhotoRecord, victim: PhotoRecord) -> tuple[str, ...]:
    """What only the victim has and nobody should lose unasked: names in words."""
    ours, theirs = keeper.metadata, victim.metadata
    lost = [
        ("rating", theirs.rating is not None and ours.rating is None),
        ("keywords", not set(theirs.keywords) <= set(ours.keywords)),
        ("title", bool(theirs.title) and not ours.title),
        ("place", theirs.gps is not None and ours.gps is None),
        ("date", theirs.taken_at is not None and ours.taken_at is None),
        ("companion files", bool(_kinds(victim) - _kinds(keeper))),
    ]
    return tuple(name for name, missing in lost if missing)


def is_under(path: bytes, folders: Sequence[bytes]) -> bool:
    """Whether the file lies in one of the folders, at any depth."""
    return any(path.startswith(_with_separator(folder)) for folder in folders)


def pixels_of(photo: PhotoRecord) -> int:
    """Width times height."""
    return photo.metadata.width * photo.metadata.height


def _standing(photo: PhotoRecord, ordered: Sequence[_Rule]) -> tuple[float, ...]:
    return tuple(-rule.value(photo) for rule in ordered)


def _rules(
    photos: Sequence[PhotoRecord], rules: KeeperRules, bordered: Collection[int]
) -> tuple[_Rule, ...]:
    """The rules in their order. Sizes are compared in steps, so that 2 % do not decide."""
    plain = [photo for photo in photos if photo.content_id not in bordered]
    largest = max(map(pixels_of, plain or photos))
    camera_format = _camera_format(photos)
    lossy = {p.pixel_hash for p in photos if p.metadata.format not in _LOSSLESS}
    told = {
        KeeperRule.PREFERRED: (
            _Rule(lambda p: is_under(p.path, rules.preferred), "in a preferred folder"),
        ),
        KeeperRule.RAW: (_Rule(_is_raw, "RAW"),),
        KeeperRule.WORK: (
            _Rule(lambda p: _worth(p.metadata, p), "has rating, keywords or a sidecar"),
        ),
        KeeperRule.PIXELS: (
            _Rule(lambda p: _size_step(p, largest), "most pixels"),
            _Rule(lambda p: p.content_id not in bordered, "without a border"),
        ),
        KeeperRule.QUALITY: (_Rule(lambda p: _quality(p, camera_format, lossy), "best quality"),),
        KeeperRule.CAMERA: (_Rule(lambda p: _told(p.metadata), "has the camera's data"),),
        KeeperRule.PROTECTED: (
            _Rule(lambda p: is_under(p.path, rules.protected), "in a protected folder"),
        ),
        KeeperRule.NAME: (_Rule(lambda p: not _is_copy_name(p.path), "original name"),),
        KeeperRule.OLDEST: (_Rule(lambda p: -p.file.mtime_ns, "oldest file"),),
        KeeperRule.SHORTEST: (_Rule(lambda p: -len(p.path), "shortest path", telling=False),),
    }
    return (*_SAFE, *(rule for name in rules.order for rule in told[name]))


def _is_raw(photo: PhotoRecord) -> bool:
    """RAW itself or with a RAW sibling."""
    return any(_suffix(f.path) in _RAW for f in (photo.file, *photo.companions))


def _worth(metadata: Metadata, photo: PhotoRecord) -> int:
    """How much of the photographer's work it carries: rating, keywords, title, sidecar."""
    sidecar = any(_suffix(companion.path) == b"xmp" for companion in photo.companions)
    return sum((metadata.rating is not None, bool(metadata.keywords), sidecar))


def _size_step(photo: PhotoRecord, largest: int) -> int:
    """Pixels, but no more than the largest photo without a border has."""
    pixels = pixels_of(photo)
    return largest if pixels >= largest * (1.0 - _SAME_SIZE) else pixels


def _camera_format(photos: Sequence[PhotoRecord]) -> str | None:
    """The format of the photo that carries most of the camera's data, if any does."""
    told = [photo for photo in photos if _told(photo.metadata) >= 2]
    best = max(told, key=lambda p: (_told(p.metadata), pixels_of(p), p.path), default=None)
    return best.metadata.format if best else None


def _quality(
    photo: PhotoRecord, camera_format: str | None, lossy: Collection[bytes | None]
) -> float:
    """JPEG quality in steps up to 90; a lossless file counts as 100.

    Unless it came from a lossy one: the camera wrote a lossy file, or one has the very pixels.
    lossy: pixel hashes of the lossy photos.
    """
    metadata = photo.metadata
    if metadata.format in _LOSSLESS:
        if photo.pixel_hash is not None and photo.pixel_hash in lossy:
            return 0.0
        return 100.0 if camera_format in {None, *_LOSSLESS} else 0.0
    return float(min(metadata.jpeg_quality or 0, 90) // _QUALITY_STEP * _QUALITY_STEP)


def _told(metadata: Metadata) -> int:
    """How many of the camera's facts survive."""
    return sum(
        value is not None
        for value in (metadata.taken_at, metadata.camera, metadata.exposure, metadata.gps)
    )


def _is_copy_name(path: bytes) -> bool:
    """Whether the name says that it is a copy or an export."""
    return _COPY_NAME.search(_name(path).rpartition(b".")[0]) is not None


def _kinds(photo: PhotoRecord) -> set[bytes]:
    return {_suffix(companion.path) for companion in photo.companions}


def _suffix(path: bytes) -> bytes:
    _, dot, suffix = _name(path).rpartition(b".")
    return suffix.lower() if dot else b""


def _name(path: bytes) -> bytes:
    return path.replace(b"\\", b"/").rpartition(b"/")[2]


def _with_separator(folder: bytes) -> bytes:
    separator = b"\\" if b"\\" in folder and b"/" not in folder else b"/"
    return folder if folder.endswith(separator) else folder + separator
