# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""Writes a library in which every copy is known: edits of photos, bursts, flat and text pictures.

From any folder of photographs. The edits are those of `packaging/model/ladder.py`, which the
network is measured with too; to them come byte copies and copies with equal pixels.
"""

from __future__ import annotations

import importlib.util
import shutil
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from types import ModuleType

from PIL import Image, ImageDraw, ImageFont

from tests.helpers.library import with_description
from tests.helpers.photos import make_flat
from tests.helpers.source import REPOSITORY

SUFFIXES = {".jpg", ".jpeg", ".png", ".webp", ".tif", ".tiff"}
_MODEL = REPOSITORY / "packaging" / "model"
_RESIZED = ("JPEG ", "resize ")
_QUALITY = 84
_WORDS = "light shutter harbour lens evening film grain tram river window paper north"
Edit = Callable[[Image.Image, Random], Image.Image]


@dataclass(frozen=True, slots=True)
class Copy:
    """`path` was made from `original` by `edit`; imgdupe should call the pair `kind`."""

    original: Path
    path: Path
    edit: str
    kind: str
    strength: str


@dataclass(slots=True)
class EditLibrary:
    """What lies in the folder, and the truth about it. A burst's frames are never copies."""

    folder: Path
    copies: list[Copy] = field(default_factory=list)
    originals: list[Path] = field(default_factory=list)
    bursts: list[tuple[Path, ...]] = field(default_factory=list)
    lonely: list[Path] = field(default_factory=list)
    flats: list[Path] = field(default_factory=list)
    texts: list[Path] = field(default_factory=list)


def photos_in(folder: Path) -> list[Path]:
    """All pictures below a folder, sorted."""
    return sorted(path for path in folder.rglob("*") if path.suffix.lower() in SUFFIXES)


def build(
    folder: Path,
    photos: Sequence[Path],
    *,
    distractors: Sequence[Path] = (),
    series: Sequence[Sequence[Path]] = (),
    made_bursts: int = 0,
    seed: int = 0,
) -> EditLibrary:
    """Write the library. `photos` get all edits; the other pictures have no copy among them."""
    library = EditLibrary(folder)
    for number, source in enumerate(photos):
        _add_copies(library, source, number, Random(f"{seed}-{number}"))
    for number, frames in enumerate(series):
        library.bursts.append(_copied(frames, folder / "series" / f"{number:03d}"))
    bursts = _module("bursts")
    for number, source in enumerate(distractors):
        if number < made_bursts:
            library.bursts.append(_made_burst(bursts, source, folder, number, seed))
        else:
            library.lonely += _copied([source], folder / "others" / f"{number:05d}")
    _add_flats(library)
    _add_texts(library, seed)
    return library


def _add_copies(library: EditLibrary, source: Path, number: int, random: Random) -> None:
    home = library.folder / "photos" / f"{number:04d}"
    (original,) = _copied([source], home)
    library.originals.append(original)
    away = library.folder / "exports" / f"{number:04d}"
    away.mkdir(parents=True)

    def note(path: Path, edit: str, kind: str, strength: str) -> None:
        library.copies.append(Copy(original, path, edit, kind, strength))

    twin = away / f"{source.stem} (1){source.suffix}"
    shutil.copyfile(original, twin)
    note(twin, "same bytes", "identical", "exact")
    with Image.open(original) as opened:
        jpeg = opened.format == "JPEG"
        image = opened.convert("RGB")
    if jpeg:
        told = away / f"{source.stem} told.jpg"
        told.write_bytes(with_description(original.read_bytes(), "told"))
        note(told, "other metadata", "same_pixels", "exact")
    png = away / f"{source.stem}.png"
    image.save(png)
    note(png, "as PNG", "same_pixels", "exact")
    for strength, edits in (("mild", _module("ladder").MILD), ("strong", _module("ladder").STRONG)):
        for place, (name, edit) in enumerate(edits.items()):
            path = away / f"{source.stem} {strength} {place:02d}.jpg"
            edit(image, random).save(path, quality=_quality(name))
            kind = "resized" if name.startswith(_RESIZED) else "edited"
            note(path, name, kind, strength)


def _quality(edit: str) -> int:
    """An edit that is itself a JPEG file keeps its quality."""
    return int(edit.split()[1]) if edit.startswith("JPEG ") else _QUALITY


def _made_burst(
    bursts: ModuleType, source: Path, folder: Path, number: int, seed: int
) -> tuple[Path, ...]:
    """The photo and two made frames of its scene."""
    home = folder / "bursts" / f"{number:04d}"
    frames = list(_copied([source], home))
    random = Random(f"{seed}-burst-{number}")
    with Image.open(source) as opened:
        image = opened.convert("RGB")
    for frame in range(2):
        path = home / f"frame{frame}.jpg"
        bursts.next_frame(image, random).save(path, quality=_QUALITY)
        frames.append(path)
    return tuple(frames)


def _add_flats(library: EditLibrary) -> None:
    """Skies, black frames, fog: alike in every hash, and no copies."""
    home = library.folder / "flat"
    home.mkdir(parents=True)
    for number in range(40):
        tone = 6 * number
        colour = (tone, min(255, tone + 10), min(255, tone + 25))
        path = home / f"{number:02d}.jpg"
        make_flat(colour, (640, 427)).save(path, quality=90)
        library.flats.append(path)


def _add_texts(library: EditLibrary, seed: int) -> None:
    """Pages of one layout with other words, as from a scanner."""
    home = library.folder / "text"
    home.mkdir(parents=True)
    words = _WORDS.split()
    for number in range(30):
        random = Random(f"{seed}-text-{number}")
        page = Image.new("RGB", (620, 877), (250, 249, 245))
        pen = ImageDraw.Draw(page)
        font = ImageFont.load_default(size=17)
        for line in range(34):
            text = " ".join(random.choice(words) for _ in range(random.randint(7, 10)))
            pen.text((60, 60 + 22 * line), text[:58], (30, 30, 30), font)
        path = home / f"page{number:02d}.png"
        page.save(path)
        library.texts.append(path)


def _copied(sources: Sequence[Path], home: Path) -> tuple[Path, ...]:
    home.mkdir(parents=True)
    return tuple(Path(shutil.copyfile(source, home / source.name)) for source in sources)


def _module(name: str) -> ModuleType:
    """A module of the scripts that make the model; they are no package."""
    known = f"imgdupe_model_{name}"
    if known not in sys.modules:
        spec = importlib.util.spec_from_file_location(known, _MODEL / f"{name}.py")
        if spec is None or spec.loader is None:
            raise FileNotFoundError(_MODEL / f"{name}.py")
        module = importlib.util.module_from_spec(spec)
        sys.modules[known] = module
        spec.loader.exec_module(module)
    return sys.modules[known]
