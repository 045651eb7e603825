# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""A small made library of photographs in which every copy is known."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from PIL import Image

from tests.helpers import edits
from tests.helpers.photos import SIZE, camera_time, make_flat, make_photo, save, set_mtime

CAMERA = "Made 1"
SERIAL = "00017"
_XMP = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmp:Rating="4"/>
</rdf:RDF></x:xmpmeta>
<?xpacket end="w"?>"""


@dataclass(frozen=True, slots=True)
class Copy:
    """`copy` was made from `original`; `kind` is what imgdupe should call the pair."""

    original: Path
    copy: Path
    kind: str


@dataclass(slots=True)
class Library:
    """What lies in the folder, and the truth about it."""

    folder: Path
    originals: list[Path] = field(default_factory=list)
    copies: list[Copy] = field(default_factory=list)
    bursts: list[tuple[Path, ...]] = field(default_factory=list)
    flats: list[Path] = field(default_factory=list)
    shots: list[tuple[Path, ...]] = field(default_factory=list)

    def of_kind(self, kind: str) -> list[Copy]:
        """The copies of one kind."""
        return [each for each in self.copies if each.kind == kind]


def make_library(
    folder: Path,
    seed: int = 0,
    *,
    photos: int = 8,
    size: tuple[int, int] = SIZE,
) -> Library:
    """Write `photos` originals, copies of each kind, bursts, flat pictures and a RAW+JPEG shot.

    Names, dates and pixels follow from the seed alone. Kinds go round: with `photos` >= 8 every
    kind of copy is there at least once.
    """
    library = Library(folder)
    for number in range(photos):
        image = make_photo(seed * 1000 + number, size)
        taken = camera_time(number)
        name = f"IMG_{2000 + number}.JPG"
        path = folder / "Pictures" / f"2024-05-{1 + number // 4:02d}" / name
        save(image, path, taken_at=taken, camera=CAMERA, serial=SERIAL, subsec=f"{number:02d}")
        set_mtime(path, taken)
        library.originals.append(path)
        _MAKERS[number % len(_MAKERS)](library, path, image)
    _add_bursts(library, seed, size)
    _add_flats(library, size)
    _add_shot(library, seed, size)
    return library


def _identical(library: Library, path: Path, _image: Image.Image) -> None:
    copy = library.folder / "Downloads" / f"{path.stem} (1).JPG"
    copy.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy2(path, copy)
    library.copies.append(Copy(path, copy, "identical"))


def _same_pixels(library: Library, path: Path, _image: Image.Image) -> None:
    """The same JPEG scan data under other EXIF, and the decoded pixels as PNG."""
    retagged = library.folder / "Downloads" / f"{path.stem}-rated.jpg"
    retagged.parent.mkdir(parents=True, exist_ok=True)
    retagged.write_bytes(with_description(path.read_bytes(), "rated elsewhere"))
    with Image.open(path) as picture:
        png = save(picture.convert("RGB"), library.folder / "Exports" / f"{path.stem}.png")
    library.copies += [Copy(path, retagged, "same_pixels"), Copy(path, png, "same_pixels")]


def with_description(jpeg: bytes, text: str) -> bytes:
    """The same JPEG with a comment segment after its first marker; the scan data is untouched."""
    payload = text.encode()
    segment = b"\xff\xfe" + (len(payload) + 2).to_bytes(2, "big") + payload
    return jpeg[:2] + segment + jpeg[2:]


def _edited(
    kind: str, name: str, edit: Callable[[Image.Image], Image.Image], quality: int = 85
) -> Callable[[Library, Path, Image.Image], None]:
    def make(library: Library, path: Path, image: Image.Image) -> None:
        copy = library.folder / "Exports" / f"{path.stem}-{name}.jpg"
        save(edit(image), copy, quality=quality)
        library.copies.append(Copy(path, copy, kind))

    return make


_MAKERS = (
    _identical,
    _same_pixels,
    _edited("resized", "small", edits.resize),
    _edited("resized", "saved-again", edits.re_encode, 60),
    _edited("edited", "turned", edits.rotate90),
    _edited("edited", "mirrored", edits.mirror),
    _edited("edited", "cropped", edits.crop),
    _edited("edited", "bw", edits.black_and_white),
)


def _add_bursts(library: Library, seed: int, size: tuple[int, int]) -> None:
    for number in range(2):
        frames = []
        for moment in range(1, 4):
            path = library.folder / "Pictures" / "bursts" / f"IMG_{3000 + 10 * number + moment}.JPG"
            image = make_photo(seed * 1000 + 500 + number, size, moment=moment)
            taken = camera_time(100 + number)
            sub = f"{30 * moment:02d}"
            save(image, path, taken_at=taken, camera=CAMERA, serial=SERIAL, subsec=sub)
            set_mtime(path, taken)
            frames.append(path)
        library.bursts.append(tuple(frames))


def _add_flats(library: Library, size: tuple[int, int]) -> None:
    skies = ((140, 180, 230), (150, 185, 225), (10, 10, 12), (245, 245, 245))
    for number, colour in enumerate(skies):
        path = library.folder / "Pictures" / "flat" / f"sky{number}.jpg"
        library.flats.append(save(make_flat(colour, size), path))


def _add_shot(library: Library, seed: int, size: tuple[int, int]) -> None:
    """RAW + JPEG + sidecar + movie of one shot; the RAW is a TIFF with a JPEG-free body."""
    image = make_photo(seed * 1000 + 900, size)
    stem = library.folder / "Pictures" / "raw" / "IMG_7001"
    jpeg = save(image, stem.with_suffix(".JPG"), taken_at=camera_time(200), camera=CAMERA)
    raw = stem.with_suffix(".DNG")
    image.save(raw, "TIFF")
    xmp, movie = stem.with_suffix(".xmp"), stem.with_suffix(".MOV")
    xmp.write_text(_XMP, encoding="utf-8")
    movie.write_bytes(b"\x00\x00\x00\x14ftypqt  \x00\x00\x00\x00qt  " + bytes(64))
    library.shots.append((raw, jpeg, xmp, movie))
