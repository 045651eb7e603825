# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""What a photo says about itself: EXIF and XMP into the fields of `records.Metadata`.

Runs in the decode children. Everything here comes from strangers and may be nonsense: a field
that makes no sense is None, and nothing here can make a photo unreadable.
"""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from PIL import ExifTags, Image

from imgdupe.library.xmp import Xmp
from imgdupe.records import Metadata

_Tag = ExifTags.Base
_RATING = 0x4746
_DNG_SERIAL = 0xC62F
_FIRST_YEAR = 1826  # the oldest photograph there is
_ONE_DAY = dt.timedelta(days=1)
_TEXT_CHARS = 200
# Titles that cameras write into every picture.
_CAMERA_TITLES = re.compile(
    r"(?i)(olympus|minolta|sony|kodak|samsung)?\W*(digital camera|dsc|camera)"
)

Tags = Mapping[int, Any]


@dataclass(frozen=True, slots=True)
class ExifTables:
    """The three EXIF directories as plain mappings from tag to Pillow's value."""

    base: Tags = field(default_factory=dict)
    details: Tags = field(default_factory=dict)
    gps: Tags = field(default_factory=dict)


def tables(exif: Image.Exif) -> ExifTables:
    """Pillow's EXIF as mappings; whatever cannot be read is left out."""
    return ExifTables(
        _read(lambda: dict(exif)),
        _read(lambda: exif.get_ifd(ExifTags.IFD.Exif)),
        _read(lambda: exif.get_ifd(ExifTags.IFD.GPSInfo)),
    )


def orientation_of(base: Tags) -> int:
    """EXIF orientation 1-8; anything else counts as 1."""
    value = base.get(_Tag.Orientation)
    return value if isinstance(value, int) and 1 <= value <= 8 else 1


def metadata(
    exif: ExifTables,
    xmp: Xmp,
    *,
    size: tuple[int, int],
    format_name: str,
    orientation: int,
    jpeg_quality: int | None,
) -> Metadata:
    """Put the facts together. `size`: stored (width, height) of the real pixels, not turned."""
    width, height = size if orientation < 5 else size[::-1]
    base, details = exif.base, exif.details
    return Metadata(
        width=width,
        height=height,
        format=format_name,
        orientation=orientation,
        taken_at=_taken_at(details),
        camera=_camera(base),
        serial=_text(details.get(_Tag.BodySerialNumber))
        or _text(base.get(_DNG_SERIAL))
        or xmp.serial,
        shutter_count=xmp.shutter_count,
        lens=_text(details.get(_Tag.LensModel)),
        exposure=_exposure(details),
        software=_text(base.get(_Tag.Software)),
        gps=_gps(exif.gps),
        rating=xmp.rating if xmp.rating is not None else _rating(base.get(_RATING)),
        keywords=xmp.keywords,
        title=xmp.title or _title(base.get(_Tag.ImageDescription)),
        jpeg_quality=jpeg_quality,
    )


def _read(table: Any) -> Tags:
    try:
        return dict(table())
    except Exception:  # noqa: BLE001  Pillow parses strangers' bytes here: any error means no table
        return {}


def _taken_at(details: Tags) -> str | None:
    """When the shutter opened.

    EXIF's plain DateTime says when the file was edited. It is no answer: two different dates of
    capture prove two captures.
    """
    for tag, fraction_tag in (
        (_Tag.DateTimeOriginal, _Tag.SubsecTimeOriginal),
        (_Tag.DateTimeDigitized, _Tag.SubsecTimeDigitized),
    ):
        moment = _moment(_text(details.get(tag)))
        if moment is not None:
            fraction = _text(details.get(fraction_tag)) or ""
            digits = fraction if fraction.isascii() and fraction.isdigit() else ""
            return moment.isoformat() + (f".{digits[:9]}" if digits else "")
    return None


def _moment(text: str | None) -> dt.datetime | None:
    """A date of EXIF's form that can be true: photography existed, and it is not yet to come."""
    try:
        moment = dt.datetime.strptime((text or "")[:19], "%Y:%m:%d %H:%M:%S")  # noqa: DTZ007
    except ValueError:
        return None
    now = dt.datetime.now()  # noqa: DTZ005  EXIF dates are local and carry no zone
    return moment if moment.year >= _FIRST_YEAR and moment <= now + _ONE_DAY else None


def _camera(base: Tags) -> str | None:
    make, model = _text(base.get(_Tag.Make)), _text(base.get(_Tag.Model))
    if make and model and model.lower().startswith(make.lower().split()[0]):
        return model
    return " ".join(part for part in (make, model) if part) or None


def _exposure(details: Tags) -> str | None:
    """For example "1/250 s · f/4 · ISO 200 · 85 mm"."""
    seconds = _number(details.get(_Tag.ExposureTime))
    aperture = _number(details.get(_Tag.FNumber))
    iso = details.get(_Tag.ISOSpeedRatings)
    iso = _number(iso[0] if isinstance(iso, tuple) and iso else iso)
    focal = _number(details.get(_Tag.FocalLength))
    parts = []
    if seconds:
        parts.append(f"1/{round(1 / seconds)} s" if seconds < 0.4 else f"{seconds:g} s")
    if aperture:
        parts.append(f"f/{aperture:.3g}")
    if iso:
        parts.append(f"ISO {iso:.0f}")
    if focal:
        parts.append(f"{focal:.3g} mm" if focal < 1000 else f"{focal:.0f} mm")
    return " · ".join(parts) or None


def _gps(table: Tags) -> tuple[float, float] | None:
    """Latitude and longitude in degrees, north and east positive."""
    latitude = _degrees(table.get(2), table.get(1), "S")
    longitude = _degrees(table.get(4), table.get(3), "W")
    if latitude is None or longitude is None or abs(latitude) > 90 or abs(longitude) > 180:
        return None
    return (latitude, longitude) if (latitude, longitude) != (0.0, 0.0) else None


def _degrees(value: object, reference: object, negative: str) -> float | None:
    if not isinstance(value, tuple) or len(value) != 3:
        return None
    parts = [_number(part, zero=True) for part in value]
    degrees, minutes, seconds = (part if part is not None else math.nan for part in parts)
    total = degrees + minutes / 60 + seconds / 3600
    if not math.isfinite(total):
        return None
    sign = -1 if (_text(reference) or "").upper().startswith(negative) else 1
    return round(sign * total, 7)


def _rating(value: object) -> int | None:
    return value if isinstance(value, int) and 0 <= value <= 5 else None


def _title(value: object) -> str | None:
    text = _text(value)
    return None if text is None or _CAMERA_TITLES.fullmatch(text) else text


def _number(value: object, *, zero: bool = False) -> float | None:
    """A positive finite number (or zero, if that says something), else None."""
    try:
        number = float(value)  # type: ignore[arg-type]
    except (TypeError, ValueError, ZeroDivisionError, OverflowError):
        return None
    return number if math.isfinite(number) and (number > 0 or (zero and number == 0)) else None


def _text(value: object) -> str | None:
    """Printable text of a sensible length, without the padding cameras write."""
    if isinstance(value, bytes):
        value = value.decode("utf-8", "replace")
    if not isinstance(value, str):
        return None
    text = "".join(letter for letter in value.split("\0")[0] if letter.isprintable())
    return " ".join(text.split())[:_TEXT_CHARS] or None
