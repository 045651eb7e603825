# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""A library to take pictures of: made photographs, or copies of given ones, with known copies."""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Callable
from pathlib import Path

from PIL import Image

from tests.helpers import edits
from tests.helpers.photos import make_photo, save

MADE_SIZE = (1800, 1200)
MOST = 24
_START = dt.datetime(2024, 5, 1, 10, 0, 0)  # noqa: DTZ001  EXIF dates carry no zone
_PLACES = ("2024-05 Lisbon", "2024-07 Alps", "2023-10 Garden")
_CAMERAS = ("X-T4", "EOS R6", "Pixel 8")


def build(folder: Path, photos: Path | None) -> None:
    """Fill `folder` with originals, copies of every kind, a series and broken files."""
    sources = sorted(photos.rglob("*.jpg"))[:MOST] if photos else [None] * 12
    for number, source in enumerate(sources):
        image = _picture(number, source)
        original = _original(folder, number, image, source)
        for make in _COPIES[number % len(_COPIES)]:
            make(folder, original, image)
    _series(folder, _picture(len(sources), sources[0]))
    _broken(folder)


def _picture(number: int, source: Path | None) -> Image.Image:
    if source is None:
        return make_photo(7000 + number, MADE_SIZE)
    with Image.open(source) as opened:
        return opened.convert("RGB")


def _original(folder: Path, number: int, image: Image.Image, source: Path | None) -> Path:
    place = _PLACES[number % len(_PLACES)]
    path = folder / "Pictures" / place / f"IMG_{2031 + 7 * number}.JPG"
    if source is not None:
        path.parent.mkdir(parents=True, exist_ok=True)
        return Path(shutil.copy(source, path))
    taken = _START + dt.timedelta(days=3 * number, minutes=11 * number)
    return save(image, path, taken_at=taken, camera=_CAMERAS[number % 3], serial=f"{number % 3}7")


def _identical(folder: Path, original: Path, _image: Image.Image) -> None:
    copy = folder / "Downloads" / f"{original.stem} (1).JPG"
    copy.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy2(original, copy)


def _backup(folder: Path, original: Path, _image: Image.Image) -> None:
    copy = folder / "Phone backup" / "DCIM" / original.name
    copy.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy2(original, copy)


def _edit(
    name: str, make: Callable[[Image.Image], Image.Image], quality: int = 88
) -> Callable[[Path, Path, Image.Image], None]:
    def write(folder: Path, original: Path, image: Image.Image) -> None:
        save(make(image), folder / "Exports" / f"{original.stem}-{name}.jpg", quality=quality)

    return write


_COPIES: tuple[tuple[Callable[[Path, Path, Image.Image], None], ...], ...] = (
    (_identical,),
    (_edit("web", edits.resize),),
    (_identical, _backup),
    (_edit("crop", edits.crop), _edit("bw", edits.black_and_white)),
    (_edit("mail", edits.resize, 70), _identical),
    (_edit("turned", edits.rotate90),),
    (_backup,),
    (_edit("bright", edits.exposure), _edit("small", lambda image: edits.resize(image, 0.3))),
)


def _series(folder: Path, image: Image.Image) -> None:
    """Frames of one moment: the camera moves a little between them."""
    width, height = image.size
    for number in range(4):
        shift = 0.02 * number
        frame = image.crop((int(shift * width), 0, int((0.92 + shift) * width), int(0.95 * height)))
        taken = _START + dt.timedelta(days=60, seconds=number // 2)
        path = folder / "Pictures" / "2024-07 Alps" / f"DSC_{801 + number:04d}.JPG"
        subsec = f"{40 * (number % 2):02d}"
        save(frame, path, taken_at=taken, camera="EOS R6", serial="47", subsec=subsec)


def _broken(folder: Path) -> None:
    """One of each common misfortune."""
    whole = next((folder / "Pictures").rglob("*.JPG")).read_bytes()
    phone = folder / "Phone backup"
    phone.mkdir(parents=True, exist_ok=True)
    (phone / "IMG_0007.JPG").write_bytes(whole[: len(whole) // 3])
    (phone / "IMG_0012.JPG").write_bytes(b"<html>Not found</html>")
    (phone / "IMG_0019.png").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(64))
    (phone / "screenshot.jxl").write_bytes(b"\xff\x0a" + bytes(200))
