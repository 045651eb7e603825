# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
from __future__ import annotations

import datetime as dt
import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import ExifTags, Image
from PIL.TiffImagePlugin import IFDRational

from imgdupe.library.decode import decode
from imgdupe.library.metadata import ExifTables, metadata, orientation_of
from imgdupe.library.xmp import Xmp, parse
from imgdupe.match.facts import Capture, facts_of
from imgdupe.records import Metadata
from tests.helpers.photos import make_photo, save

Tag = ExifTags.Base


def facts(
    base: dict[int, Any] | None = None,
    details: dict[int, Any] | None = None,
    gps: dict[int, Any] | None = None,
    xmp: Xmp | None = None,
    orientation: int = 1,
) -> Metadata:
    return metadata(
        ExifTables(base or {}, details or {}, gps or {}),
        xmp or Xmp(),
        size=(30, 20),
        format_name="JPEG",
        orientation=orientation,
        jpeg_quality=None,
    )


def xmp_packet(inside: str, attributes: str = "") -> bytes:
    return f"""<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?>
    <x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF
      xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
      <rdf:Description xmlns:xmp="http://ns.adobe.com/xap/1.0/"
        xmlns:dc="http://purl.org/dc/elements/1.1/"
        xmlns:aux="http://ns.adobe.com/exif/1.0/aux/" {attributes}>{inside}</rdf:Description>
    </rdf:RDF></x:xmpmeta><?xpacket end="w"?>""".encode()


KEYWORDS = "<dc:subject><rdf:Bag><rdf:li>sea</rdf:li><rdf:li>Ærø</rdf:li></rdf:Bag></dc:subject>"
TITLE = '<dc:title><rdf:Alt><rdf:li xml:lang="x-default">Boat</rdf:li></rdf:Alt></dc:title>'


def test_a_camera_file(tmp_path: Path) -> None:
    path = save(
        make_photo(1, (320, 240)),
        tmp_path / "1.jpg",
        taken_at=dt.datetime.fromisoformat("2024-05-01T10:00:00"),
        subsec="37",
        camera="Model 5",
        serial="012345",
        orientation=6,
    )
    found = decode(os.fsencode(path)).metadata
    assert found.taken_at == "2024-05-01T10:00:00.37"
    assert found.camera == "Imgdupe Model 5"
    assert found.serial == "012345"
    assert (found.width, found.height, found.orientation) == (240, 320, 6)


@pytest.mark.parametrize("suffix", ["jpg", "png", "webp", "tif", "avif"])
def test_xmp_within_every_format(tmp_path: Path, suffix: str) -> None:
    packet = xmp_packet(KEYWORDS + TITLE, 'xmp:Rating="4"')
    path = tmp_path / f"1.{suffix}"
    picture = make_photo(1, (320, 240))
    if suffix == "tif":
        picture.save(path, tiffinfo={700: packet})
    elif suffix == "png":
        from PIL.PngImagePlugin import PngInfo

        info = PngInfo()
        info.add_itxt("XML:com.adobe.xmp", packet.decode())
        picture.save(path, pnginfo=info)
    else:
        picture.save(path, xmp=packet)
    found = decode(os.fsencode(path)).metadata
    assert (found.rating, found.keywords, found.title) == (4, ("sea", "Ærø"), "Boat")


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2024:05:01 10:00:00", "2024-05-01T10:00:00"),
        ("1825:05:01 10:00:00", None),
        ("2999:01:01 00:00:00", None),
        ("0000:00:00 00:00:00", None),
        ("2024:13:45 99:99:99", None),
        ("2024-05-01T10:00:00", None),
        ("", None),
        (b"2024:05:01 10:00:00\0", "2024-05-01T10:00:00"),
        (17, None),
    ],
)
def test_dates(text: object, moment: str | None) -> None:
    assert facts(details={Tag.DateTimeOriginal: text}).taken_at == moment


def test_the_next_best_date() -> None:
    unset: dict[int, Any] = {
        Tag.DateTimeOriginal: "    :  :     :  :  ",
        Tag.DateTimeDigitized: "2020:01:01 01:01:01",
        Tag.SubsecTimeOriginal: "12",
        Tag.SubsecTimeDigitized: "34",
    }
    assert facts(details=unset).taken_at == "2020-01-01T01:01:01.34"
    assert facts(details={**unset, Tag.SubsecTimeDigitized: "x1"}).taken_at == "2020-01-01T01:01:01"


def test_the_date_of_an_edit_says_nothing_about_the_capture() -> None:
    first, again = (
        facts({Tag.Model: "M", Tag.DateTime: f"2020:01:0{day} 01:01:01"}, {Tag.SubsecTime: "1"})
        for day in (1, 2)
    )
    assert first.taken_at is None
    assert facts_of(first, again).capture is Capture.UNKNOWN


def test_exposure_camera_lens() -> None:
    found = facts(
        {Tag.Make: "NIKON CORPORATION", Tag.Model: "NIKON D850\0\0", Tag.Software: " Ver. 1 "},
        {
            Tag.ExposureTime: IFDRational(1, 250),
            Tag.FNumber: IFDRational(28, 10),
            Tag.ISOSpeedRatings: (400, 0),
            Tag.FocalLength: IFDRational(850, 10),
            Tag.LensModel: "85 mm f/1.8",
        },
    )
    assert found.exposure == "1/250 s · f/2.8 · ISO 400 · 85 mm"
    assert (found.camera, found.lens, found.software) == ("NIKON D850", "85 mm f/1.8", "Ver. 1")
    assert facts({}, {Tag.ExposureTime: IFDRational(0, 0), Tag.FNumber: "x"}).exposure is None
    assert facts({}, {Tag.ExposureTime: 30.0}).exposure == "30 s"


def test_places() -> None:
    north, west = (IFDRational(51), IFDRational(30), IFDRational(0)), (0.0, 7.0, 12.0)
    assert facts(gps={1: "N", 2: north, 3: "W", 4: west}).gps == (51.5, -0.12)
    assert facts(gps={1: "S", 2: north, 3: "E", 4: west}).gps == (-51.5, 0.12)
    nowhere = (IFDRational(0, 0),) * 3
    for gps in (
        {},
        {2: north},
        {2: nowhere, 4: west},
        {2: (99.0, 0.0, 0.0), 4: west},
        {2: 5, 4: 6},
    ):
        assert facts(gps=gps).gps is None


@pytest.mark.parametrize(("value", "turn"), [(0, 1), (1, 1), (6, 6), (8, 8), (9, 1), (255, 1)])
def test_orientations_outside_the_law_count_as_one(value: int, turn: int) -> None:
    assert orientation_of({Tag.Orientation: value}) == turn
    assert orientation_of({Tag.Orientation: "6"}) == 1
    assert orientation_of({}) == 1


def test_width_and_height_are_upright() -> None:
    assert (facts(orientation=4).width, facts(orientation=5).width) == (30, 20)


def test_xmp_wins_over_exif_for_ratings() -> None:
    assert facts({0x4746: 2}).rating == 2
    assert facts({0x4746: 2}, xmp=Xmp(rating=-1)).rating == -1
    assert facts({0x4746: 77}).rating is None


@pytest.mark.parametrize("text", ["OLYMPUS DIGITAL CAMERA", "SONY DSC", "Samsung Camera", "DSC "])
def test_titles_that_cameras_write_are_none(text: str) -> None:
    assert facts({Tag.ImageDescription: text}).title is None
    assert facts({Tag.ImageDescription: "The " + text}).title is not None


def test_xmp_forms() -> None:
    assert parse(xmp_packet("<xmp:Rating>5</xmp:Rating>")).rating == 5
    assert parse(xmp_packet("", 'xmp:Rating="3.0"')).rating == 3
    assert parse(xmp_packet("", 'xmp:Rating="-1"')).rating == -1
    assert parse(xmp_packet("", 'xmp:Rating="many"')).rating is None
    found = parse(xmp_packet("", 'aux:SerialNumber="77" aux:ImageNumber="12345"'))
    assert (found.serial, found.shutter_count) == ("77", 12345)
    assert parse(xmp_packet(KEYWORDS) + bytes(50)).keywords == ("sea", "Ærø")


def test_xmp_that_could_explode_is_refused() -> None:
    bomb = b'<!DOCTYPE x [<!ENTITY a "ha">]>' + xmp_packet("", 'xmp:Rating="5"')
    for packet in (bomb, bomb.lower(), bomb.decode().encode("utf-16"), b" " * (3 << 20)):
        assert parse(packet) == Xmp()


@given(st.binary(max_size=300))
def test_any_bytes_as_xmp(packet: bytes) -> None:
    parse(packet)
    parse(xmp_packet("").replace(b"/x:", packet))


ODD = st.one_of(
    st.none(),
    st.integers(),
    st.floats(),
    st.text(max_size=30),
    st.binary(max_size=30),
    st.tuples(st.floats(), st.floats(), st.floats()),
    st.builds(IFDRational, st.integers(-5, 5), st.integers(-5, 5)),
)


@given(
    *(
        st.dictionaries(st.sampled_from(tags), ODD)
        for tags in (
            [
                Tag.Orientation,
                Tag.Make,
                Tag.Model,
                Tag.DateTime,
                Tag.ImageDescription,
                0x4746,
                0xC62F,
            ],
            [
                Tag.DateTimeOriginal,
                Tag.SubsecTimeOriginal,
                Tag.ExposureTime,
                Tag.FNumber,
                Tag.ISOSpeedRatings,
                Tag.FocalLength,
                Tag.LensModel,
                Tag.BodySerialNumber,
            ],
            [1, 2, 3, 4],
        )
    )
)
def test_nonsense_is_no_fact_and_no_error(
    base: dict[int, Any], details: dict[int, Any], gps: dict[int, Any]
) -> None:
    found = facts(base, details, gps, orientation=orientation_of(base))
    assert found.rating is None or -1 <= found.rating <= 5
    for text in (found.camera, found.serial, found.lens, found.exposure, found.title):
        assert text is None or text.isprintable()


def test_odd_exif_of_the_corpus(shared: Path) -> None:
    folder = shared / "corpora/odd-images/made"
    for path in sorted(folder.glob("exif-*.jpg")):
        found = decode(os.fsencode(path)).metadata
        assert (found.width, found.height) == (160, 120), path
        assert found.taken_at is None or found.taken_at < "2100", path


def test_quality_estimates(tmp_path: Path) -> None:
    for quality in (20, 50, 75, 92, 100):
        Image.new("RGB", (64, 64)).save(tmp_path / "1.jpg", quality=quality)
        assert decode(os.fsencode(tmp_path / "1.jpg")).metadata.jpeg_quality == quality
