# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""Rating, label, keywords, texts, place and serial from an XMP packet, embedded or in a sidecar.

Any thread, pure. The packet comes from strangers: documents with a DOCTYPE or an ENTITY are
refused (they can grow without bound), and so are large ones.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from xml.etree import ElementTree as ET

_MAX_BYTES = 2 << 20
_XMP = "{http://ns.adobe.com/xap/1.0/}"
_DC = "{http://purl.org/dc/elements/1.1/}"
_EXIF = "{http://ns.adobe.com/exif/1.0/}"
_AUX = "{http://ns.adobe.com/exif/1.0/aux/}"
_RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
# XMP part 1, GPSCoordinate: "DDD,MM,SSk" or "DDD,MM.mmk", k being N, S, E or W.
_COORDINATE = re.compile(r"(\d{1,3}),(\d{1,2}(?:\.\d+)?)(?:,(\d{1,2}(?:\.\d+)?))?([NSEW])")


@dataclass(frozen=True, slots=True)
class Xmp:
    """What an XMP packet says; nothing where it says nothing.

    `rating`: -1 (rejected) to 5; `gps`: degrees, north and east positive.
    """

    rating: int | None = None
    keywords: tuple[str, ...] = ()
    title: str | None = None
    serial: str | None = None
    shutter_count: int | None = None
    label: str | None = None
    caption: str | None = None
    gps: tuple[float, float] | None = None


def parse(packet: bytes) -> Xmp:
    """The facts of a packet; an empty `Xmp` if it cannot be trusted or read."""
    packet = packet.strip(b"\0 \r\n\t")
    if len(packet) > _MAX_BYTES or may_explode(packet):
        return Xmp()
    try:
        tree = ET.fromstring(packet)  # noqa: S314  entities are refused above
    except (ET.ParseError, ValueError, LookupError):
        return Xmp()
    return Xmp(
        rating=_integer(_simple(tree, _XMP + "Rating"), -1, 5),
        keywords=tuple(dict.fromkeys(_list(tree, _DC + "subject"))),
        title=next(iter(_list(tree, _DC + "title")), None),
        serial=_simple(tree, _AUX + "SerialNumber"),
        shutter_count=_integer(_simple(tree, _AUX + "ImageNumber"), 1, 100_000_000),
        label=_simple(tree, _XMP + "Label"),
        caption=next(iter(_list(tree, _DC + "description")), None),
        gps=_place(tree),
    )


def may_explode(packet: bytes) -> bool:
    """Looks through UTF-16 and UTF-32 too, by leaving the zeros out."""
    letters = packet.replace(b"\0", b"").upper()
    return b"<!DOCTYPE" in letters or b"<!ENTITY" in letters


def _simple(tree: ET.Element, name: str) -> str | None:
    """A property written as an attribute or as an element."""
    for element in tree.iter():
        if name in element.attrib:
            return element.attrib[name].strip() or None
        if element.tag == name and element.text and element.text.strip():
            return element.text.strip()
    return None


def _list(tree: ET.Element, name: str) -> list[str]:
    """The items of a bag, sequence or list of languages."""
    items = [item for found in tree.iter(name) for item in found.iter(_RDF + "li")]
    return [item.text.strip() for item in items if item.text and item.text.strip()]


def _place(tree: ET.Element) -> tuple[float, float] | None:
    latitude = _degrees(_simple(tree, _EXIF + "GPSLatitude"), "NS", 90)
    longitude = _degrees(_simple(tree, _EXIF + "GPSLongitude"), "EW", 180)
    return None if latitude is None or longitude is None else (latitude, longitude)


def _degrees(text: str | None, directions: str, limit: int) -> float | None:
    found = _COORDINATE.fullmatch(text or "")
    if found is None or found[4] not in directions:
        return None
    degrees = int(found[1]) + float(found[2]) / 60 + float(found[3] or 0) / 3600
    return round(-degrees if found[4] in "SW" else degrees, 7) if degrees <= limit else None


def _integer(text: str | None, low: int, high: int) -> int | None:
    try:
        value = int(float(text)) if text else None
    except (ValueError, OverflowError):
        return None
    return value if value is not None and low <= value <= high else None
