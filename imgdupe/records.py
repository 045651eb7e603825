# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""The records that cross every border: frozen, slotted, free of behaviour that touches a file.

Floor 0: any floor, any thread. Must not import anything but the standard library, and numpy where
it is used. Paths are bytes (`os.fsencode`); arrays are read-only by convention.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # the command line and the window start without it
    import numpy as np
    from numpy.typing import NDArray


class Kind(StrEnum):
    """How two photos belong together, most certain first; `DIFFERENT`: compared, and not alike."""

    IDENTICAL = "identical"
    SAME_PIXELS = "same_pixels"
    RESIZED = "resized"
    EDITED = "edited"
    BURST = "burst"
    SIMILAR = "similar"
    DIFFERENT = "different"


class Shelf(StrEnum):
    """The tabs of the window: one scan, separate shelves."""

    IDENTICAL = "identical"
    SAME_PICTURE = "same_picture"
    SIMILAR_SHOTS = "similar_shots"
    NOT_DUPLICATES = "not_duplicates"


SHELF_OF: Mapping[Kind, Shelf] = MappingProxyType(
    {
        Kind.IDENTICAL: Shelf.IDENTICAL,
        Kind.SAME_PIXELS: Shelf.IDENTICAL,
        Kind.RESIZED: Shelf.SAME_PICTURE,
        Kind.EDITED: Shelf.SAME_PICTURE,
        Kind.BURST: Shelf.SIMILAR_SHOTS,
        Kind.SIMILAR: Shelf.SIMILAR_SHOTS,
        Kind.DIFFERENT: Shelf.NOT_DUPLICATES,
    }
)


class Stage(StrEnum):
    """Where in the way of a photograph something went wrong."""

    WALK = "walk"
    DECODE = "decode"
    EMBED = "embed"
    REMOVE = "remove"


class ProblemKind(StrEnum):
    """Why a file has no result."""

    NOT_FOUND = "not_found"
    NO_ACCESS = "no_access"
    NOT_AN_IMAGE = "not_an_image"
    UNSUPPORTED = "unsupported"
    TRUNCATED = "truncated"
    DAMAGED = "damaged"
    TOO_LARGE = "too_large"
    TOO_SLOW = "too_slow"
    ONLINE_ONLY = "online_only"
    CHANGED = "changed"
    CRASHED = "crashed"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Problem:
    """One file without a result, with a reason a person understands."""

    path: bytes
    stage: Stage
    kind: ProblemKind
    detail: str


@dataclass(frozen=True, slots=True)
class FoundFile:
    """A regular file as the walk saw it. `mtime_ns` is st_mtime_ns, `links` is st_nlink."""

    path: bytes
    size: int
    mtime_ns: int
    device: int
    inode: int
    links: int = 1


@dataclass(frozen=True, slots=True)
class Photo:
    """One shot: the file that is fingerprinted, and what belongs to it (RAW, XMP, MOV, …)."""

    primary: FoundFile
    companions: tuple[FoundFile, ...] = ()


@dataclass(frozen=True, slots=True)
class Metadata:
    """What a photo says about itself. `width`/`height` are real pixels after EXIF orientation.

    `taken_at` is local ISO 8601, with the fraction when EXIF has sub-seconds, else None.
    `jpeg_quality` is estimated from the quantisation tables (IJG scale, 1-100).
    """

    width: int
    height: int
    format: str
    orientation: int = 1
    taken_at: str | None = None
    camera: str | None = None
    serial: str | None = None
    shutter_count: int | None = None
    lens: str | None = None
    exposure: str | None = None
    software: str | None = None
    gps: tuple[float, float] | None = None
    rating: int | None = None
    keywords: tuple[str, ...] = ()
    title: str | None = None
    jpeg_quality: int | None = None


@dataclass(frozen=True, slots=True)
class Hashes:
    """Fingerprints from one decode.

    content: xxh3-128 of the file's bytes (16 bytes).
    scan: for JPEG, xxh3-128 of everything that decides pixels (no EXIF/XMP/comments), else None.
    phash: 64-bit DCT hash as imagehash's hex form reads, as an unsigned integer.
    phash_turns: the 64-bit hash under the eight turns and mirrors (`TURNS` order, [0] == phash).
    phash256: 256-bit DCT hash, 32 bytes, unturned.
    quality: texture 0-100; below `FLAT_QUALITY` the picture is flat, below 100 sparse.
    """

    content: bytes
    scan: bytes | None
    phash: int
    phash_turns: tuple[int, ...]
    phash256: bytes
    quality: int


FLAT_QUALITY = 20
"""Less texture is none: blank pages, clear skies, fog, black frames. 2 of 1,999 photographs."""
SPARSE_QUALITY = 100
"""Less texture is little: a bird in the sky, a night scene; such pictures resemble each other by
chance, so they must agree closely to be one. 1 % of photographs."""
INPUT_PX = 224
"""The side of the squashed square that the network is shown."""

TURNS: tuple[str, ...] = (
    "as is",
    "turned 90°",
    "turned 180°",
    "turned 270°",
    "mirrored",
    "mirrored and turned 90°",
    "flipped upside down",
    "mirrored and turned 270°",
)
"""The dihedral group: mirror left-right first if >= 4, then k % 4 quarter turns counter-clockwise:
turned = np.rot90(np.fliplr(picture) if turn >= 4 else picture, turn % 4). See `turn_array`."""


def turn_array(picture: NDArray[np.uint8], turn: int) -> NDArray[np.uint8]:
    """Apply turn 0-7 of `TURNS` to an array [h, w, ...]."""
    import numpy as np

    return np.rot90(np.fliplr(picture) if turn >= 4 else picture, turn % 4)


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """Everything one decode gives.

    `pixels`: network input uint8[INPUT_PX, INPUT_PX, 3] RGB, the whole picture squashed;
    `luma`: uint8[64, 64]; `thumbnail`: JPEG bytes, long side <= 320 px, upright sRGB;
    `damaged`: why the picture is not sound though it decoded (never a suggested keeper), or None.
    """

    metadata: Metadata
    hashes: Hashes
    luma: NDArray[np.uint8]
    pixels: NDArray[np.uint8]
    thumbnail: bytes
    damaged: str | None = None


@dataclass(frozen=True, slots=True)
class PhotoRecord:
    """A photo as the catalog knows it. `offline`: its root is not there now.

    `content_id` numbers the distinct content (byte-equal photos share it): relations, embeddings
    and the index speak of contents. `pixel_hash` is xxh3-128 of the upright 8-bit sRGB pixels
    with their size, filled on demand, else None.
    """

    id: int
    content_id: int
    file: FoundFile
    companions: tuple[FoundFile, ...]
    metadata: Metadata
    hashes: Hashes
    pixel_hash: bytes | None = None
    damaged: str | None = None
    offline: bool = False

    @property
    def path(self) -> bytes:
        return self.file.path

    @property
    def flat(self) -> bool:
        """Too little texture to be joined by similarity."""
        return self.hashes.quality < FLAT_QUALITY

    @property
    def bytes_total(self) -> int:
        """Size of the photo with its companions, in bytes."""
        if not self.companions:  # asked of every photo of a library at a time
            return self.file.size
        return self.file.size + sum(c.size for c in self.companions)


@dataclass(frozen=True, slots=True)
class Subject:
    """One distinct content as matching sees it; `names` are the base names of its files."""

    id: int
    hashes: Hashes
    metadata: Metadata
    pixel_hash: bytes | None = None
    damaged: str | None = None
    names: tuple[bytes, ...] = ()

    @property
    def flat(self) -> bool:
        """Too little texture to be joined by similarity."""
        return self.hashes.quality < FLAT_QUALITY

    @property
    def sparse(self) -> bool:
        """So little texture that only a close agreement joins it."""
        return self.hashes.quality < SPARSE_QUALITY


@dataclass(frozen=True, slots=True)
class FeatureTable:
    """The fingerprints of n distinct contents as columns, for candidate search over a library.

    ids int64[n]; phash_turns uint64[n, 8]; phash256 uint8[n, 32]; quality uint8[n];
    scan / pixel_hash: bytes or None each; moment: "camera|second" or None each;
    vectors float16[n, d] (zero rows where there is none), or None without a model.
    """

    ids: NDArray[np.int64]
    phash_turns: NDArray[np.uint64]
    phash256: NDArray[np.uint8]
    quality: NDArray[np.uint8]
    scan: tuple[bytes | None, ...]
    pixel_hash: tuple[bytes | None, ...]
    moment: tuple[str | None, ...]
    vectors: NDArray[np.float16] | None


@dataclass(frozen=True, slots=True)
class Evidence:
    """Why a relation is what it is.

    Distances in bits; `difference` is the mean absolute aligned
    pixel difference 0-1; `ncc` and `worst_tile` are correlations -1..1; `overlap` is the shared
    share of the smaller frame 0-1; `turn` indexes `TURNS`: turning b by it gives a's pose.
    `transform`: 2x3 affine from a's upright unit square to b's, row-major, if one was fitted.
    `notes`: in words, e.g. "cropped to 80 %", "black and white", "same camera and second".
    """

    phash_distance: int | None = None
    phash256_distance: int | None = None
    cosine: float | None = None
    difference: float | None = None
    ncc: float | None = None
    worst_tile: float | None = None
    overlap: float | None = None
    turn: int = 0
    transform: tuple[float, ...] | None = None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Relation:
    """Two distinct contents (content ids, a < b), how they belong together, how sure, and why.

    `probability`: of being of this kind's shelf (for DIFFERENT: of being different).
    """

    a: int
    b: int
    kind: Kind
    probability: float
    evidence: Evidence = field(default_factory=Evidence)


@dataclass(frozen=True, slots=True)
class Member:
    """A photo in a group; kind, probability and evidence are its relation to the keeper.

    `reason`: for the keeper why it is suggested, for others what they are ("smaller copy").
    """

    photo: PhotoRecord
    keeper: bool
    kind: Kind
    probability: float
    reason: str
    evidence: Evidence
    preselected: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """Photos that belong together.

    `members[0]` is the suggested keeper; kind and probability are
    the weakest member's; `edges` are all relations among members. `key` is stable: it depends on
    the members' content alone. `tie`: the keeper rules could not tell the best two apart.
    """

    key: str
    kind: Kind
    probability: float
    members: tuple[Member, ...]
    edges: tuple[Relation, ...]
    tie: bool = False

    @property
    def shelf(self) -> Shelf:
        return SHELF_OF[self.kind]

    @property
    def content_ids(self) -> frozenset[int]:
        """The distinct contents in it."""
        return frozenset(member.photo.content_id for member in self.members)

    @property
    def reclaimable_bytes(self) -> int:
        """Bytes freed if only the keeper stays."""
        return sum(m.photo.bytes_total for m in self.members if not m.keeper)


class Strictness(StrEnum):
    """How sure a relation must be before it makes a group."""

    STRICT = "strict"
    NORMAL = "normal"
    LOOSE = "loose"


class Verdict(StrEnum):
    """What the photographer decided about a photo; no entry means undecided."""

    KEEP = "keep"
    REMOVE = "remove"


@dataclass(frozen=True, slots=True)
class Hit:
    """An answer of a search. `score` is the cosine (or 1 - distance/64 without a model).

    `kind` is SIMILAR or DIFFERENT unless the pixels were compared.
    """

    photo: PhotoRecord
    score: float
    kind: Kind
    probability: float
