# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""XMP packets are read with suspicion and edited without touching what is not asked for."""

from __future__ import annotations

import io
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from imgdupe.library.packets import embedded, with_packet
from imgdupe.library.xmp import Xmp, parse
from imgdupe.library.xmp_edit import EMPTY, edited

ALL = Xmp(
    rating=4,
    keywords=("Lissabon", "Straßenbahn & Co"),
    title='"Elétrico" <28>',
    label="Red",
    caption="Two lines\nof it",
    gps=(38.7166667, -9.1333333),
)
LIGHTROOM = b"""<?xpacket begin="\xef\xbb\xbf" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/" x:xmptk="Adobe XMP Core 7.0">
 <!-- kept -->
 <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
  <rdf:Description rdf:about="uuid:1" xmlns:xmp="http://ns.adobe.com/xap/1.0/"
    xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:crs="http://ns.adobe.com/camera-raw-settings/1.0/"
   xmp:Rating="0" xmp:CreatorTool='a xmp:Rating="3"' crs:Exposure2012="+0.35">
   <dc:subject><rdf:Bag><rdf:li>old</rdf:li></rdf:Bag></dc:subject>
   <dc:title/>
   <crs:ToneCurve><rdf:Seq><rdf:li>0, 0</rdf:li></rdf:Seq></crs:ToneCurve>
  </rdf:Description>
 </rdf:RDF>
</x:xmpmeta>
<?xpacket end="w"?>"""
WRITTEN = {"Rating", "Label", "subject", "title", "description", "GPSLatitude", "GPSLongitude"}


def others(packet: bytes) -> list[tuple[str, str]]:
    """Everything but the properties that may be written, attributes and elements alike."""
    found: list[tuple[str, str]] = []

    def walk(element: ET.Element) -> None:
        if element.tag.rpartition("}")[2] in WRITTEN:
            return
        if not element.tag.endswith(("}Description", "}RDF")):
            found.append((element.tag, (element.text or "").strip()))
        found.extend(
            (name, value)
            for name, value in element.attrib.items()
            if name.rpartition("}")[2] not in WRITTEN | {"about"}
        )
        for child in element:
            walk(child)

    walk(ET.fromstring(packet))
    return found


@pytest.mark.parametrize("packet", [EMPTY, LIGHTROOM, EMPTY.replace(b"rdf:", b"r:")])
def test_everything_can_be_written_and_read_back(packet: bytes) -> None:
    packet = packet.replace(b"xmlns:rdf", b"xmlns:r") if b"r:RDF" in packet else packet
    assert parse(edited(packet, ALL)) == ALL
    assert parse(edited(edited(packet, ALL), Xmp(rating=2))).rating == 2


def test_what_is_not_asked_for_stays() -> None:
    text = edited(LIGHTROOM, Xmp(rating=5, keywords=("old", "new"), title="T"))
    assert others(text) == others(LIGHTROOM)
    assert b"<!-- kept -->" in text
    assert b"""xmp:CreatorTool='a xmp:Rating="3"'""" in text
    assert text.count(b'rdf:about="uuid:1"') == 2
    assert parse(text).keywords == ("old", "new")
    only_label = edited(LIGHTROOM, Xmp(label="Red"))
    at = LIGHTROOM.index(b"</rdf:RDF>")
    assert only_label.startswith(LIGHTROOM[:at])
    assert only_label.endswith(LIGHTROOM[at:])


text_of_people = st.text(
    st.characters(exclude_categories=("C", "Z")) | st.just(" "), min_size=1, max_size=40
).filter(lambda text: text == text.strip())


@given(
    st.builds(
        Xmp,
        rating=st.none() | st.integers(1, 5),
        keywords=st.lists(text_of_people, max_size=4, unique=True).map(tuple),
        title=st.none() | text_of_people,
        label=st.none() | text_of_people,
        caption=st.none() | text_of_people,
        gps=st.none() | st.tuples(st.integers(-89, 89), st.integers(-179, 179)),
    )
)
@settings(max_examples=40)
def test_whatever_people_write(facts: Xmp) -> None:
    for packet in (EMPTY, LIGHTROOM):
        text = edited(packet, facts)
        said = parse(text)
        for name in ("rating", "keywords", "title", "label", "caption", "gps"):
            if wanted := getattr(facts, name):
                assert getattr(said, name) == wanted
        assert others(text) == others(packet)


@pytest.mark.parametrize(
    "packet",
    [
        b"",
        b"<x",
        b"\0" + EMPTY,
        EMPTY.decode().encode("utf-16"),
        b"<!DOCTYPE x [<!ENTITY a 'b'>]>" + EMPTY,
        b"<x:xmpmeta xmlns:x='adobe:ns:meta/'/>",
        b"<r:RDF xmlns:r='http://www.w3.org/1999/02/22-rdf-syntax-ns#'/>",
    ],
)
def test_what_cannot_be_understood_is_not_edited(packet: bytes) -> None:
    with pytest.raises(ValueError, match=r"packet|well-formed"):
        edited(packet, Xmp(rating=1))


@pytest.mark.parametrize(
    ("latitude", "longitude", "place"),
    [
        ("38,43N", "9,8W", (38.7166667, -9.1333333)),
        ("38,43,12S", "179,59.5E", (-38.72, 179.9916667)),
        ("91,0N", "9,8W", None),
        ("38,43E", "9,8W", None),
        ("", "9,8W", None),
    ],
)
def test_places(latitude: str, longitude: str, place: tuple[float, float] | None) -> None:
    packet = edited(EMPTY, Xmp(gps=(1.0, 2.0)))
    packet = packet.replace(b"1,0.000000000N", latitude.encode())
    packet = packet.replace(b"2,0.000000000E", longitude.encode())
    assert parse(packet).gps == place


def jpeg(xmp: bytes | None = None, **how: object) -> bytes:
    file = io.BytesIO()
    exif = Image.Exif()
    exif[0x0110] = "Camera"
    extra = {} if xmp is None else {"xmp": xmp}
    Image.new("RGB", (16, 16), (9, 60, 80)).save(file, "JPEG", exif=exif, **extra, **how)
    return file.getvalue()


@pytest.mark.parametrize("before", [None, EMPTY, LIGHTROOM])
def test_a_jpeg_gets_a_packet_and_nothing_else_changes(before: bytes | None) -> None:
    data = jpeg(before, icc_profile=b"icc", comment=b"said")
    assert embedded(data) == before
    packet = edited(before or EMPTY, ALL)
    changed = with_packet(data, packet)
    assert changed is not None
    assert embedded(changed) == packet
    assert without(changed) == without(data)
    again = with_packet(changed, packet)
    assert again is not None
    assert len(again) == len(changed) + 1  # a scan sees by the size that it changed
    with Image.open(io.BytesIO(changed)) as image:
        assert image.getexif()[0x0110] == "Camera"
        assert image.info["icc_profile"] == b"icc"


def without(data: bytes) -> bytes:
    """The file without its XMP segment."""
    at = data.find(b"http://ns.adobe.com/xap/1.0/\0") - 4
    return data if at < 0 else data[:at] + data[at + 2 + int.from_bytes(data[at + 2 : at + 4]) :]


def test_some_jpegs_are_better_left_alone() -> None:
    data = jpeg()
    segment = b"\0\x10" + bytes(14)
    head = data[:2]
    assert with_packet(head + b"\xff\xe2\0\x10MPF\0" + bytes(10) + data[2:], EMPTY) is None
    assert with_packet(head + b"\xff\xebJP"[:2] + b"\0\x10JP" + bytes(12) + data[2:], EMPTY) is None
    assert with_packet(head + b"\xff\xe3" + segment + data[2:], EMPTY) is not None
    assert with_packet(head + b"garbage" + data[2:], EMPTY) is None
    assert with_packet(data[:30], EMPTY) is None
    assert with_packet(b"II*\0" + data, EMPTY) is None
    assert with_packet(data, EMPTY + b" " * 70_000) is None
    twice = jpeg(EMPTY)
    one = twice[twice.find(b"\xff\xe1", 60) : twice.find(b"\xff\xdb")]
    assert with_packet(head + one + twice[2:], EMPTY) is None


def test_a_packet_in_another_format_is_found_by_its_marks() -> None:
    file = io.BytesIO()
    Image.new("RGB", (16, 16)).save(file, "WEBP", xmp=LIGHTROOM)
    found = embedded(file.getvalue())
    assert found is not None
    assert parse(found) == parse(LIGHTROOM)
    assert embedded(b"RIFF no packet") is None
