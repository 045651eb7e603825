# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""Which names are photographs, which belong to one, and what the first bytes of a file say.

Pure functions, any thread. Must not open a file. Suffixes are lower-case bytes with their dot.
"""

from __future__ import annotations

CAMERA = frozenset(
    {b".jpg", b".jpeg", b".jpe", b".jfif", b".mpo", b".heic", b".heif", b".hif", b".avif"}
)
"""What a camera or phone writes beside a RAW; one of these can stand for the whole shot."""

READ = CAMERA | {
    *(b".avifs", b".jps", b".png", b".apng", b".webp", b".tif", b".tiff", b".gif"),
    *(b".bmp", b".dib", b".jp2", b".j2k", b".j2c", b".jpx", b".jpc"),
    *(b".psd", b".tga", b".ppm", b".pgm", b".pbm", b".pnm"),
}
"""Standard pictures that are decoded."""

UNREAD = frozenset({b".jxl", b".jxr", b".psb", b".exr", b".hdr", b".dcp", b".bpg", b".flif"})
"""Pictures too, but nothing here reads them: each is listed with that reason, not passed over."""

PICTURES = READ | UNREAD

RAWS = frozenset(
    {
        *(b".3fr", b".arq", b".arw", b".cr2", b".cr3", b".crw", b".dcr", b".dng", b".erf"),
        *(b".fff", b".gpr", b".iiq", b".k25", b".kdc", b".mef", b".mos", b".mrw", b".nef"),
        *(b".nrw", b".orf", b".ori", b".pef", b".raf", b".raw", b".rw2", b".rwl", b".sr2"),
        *(b".srf", b".srw", b".x3f"),
    }
)

COMPANIONS = frozenset(
    {
        *(b".xmp", b".aae", b".dop", b".pp3", b".arp", b".vrd", b".cos", b".on1", b".nksc"),
        *(b".json", b".thm", b".wav", b".mov", b".mp4"),
    }
)
"""Sidecars, and the sound or movie half of a shot: part of a photo, never one by themselves."""

_BRANDS = {
    b"avif": "AVIF",
    b"avis": "AVIF",
    b"crx ": "RAW",
    **dict.fromkeys(
        (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1", b"mif2"), "HEIF"
    ),
}
_TIFF = (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")
_SIGNATURES: tuple[tuple[int, bytes, str], ...] = (
    (0, b"\xff\xd8\xff", "JPEG"),
    (0, b"\x89PNG\r\n\x1a\n", "PNG"),
    (0, b"GIF87a", "GIF"),
    (0, b"GIF89a", "GIF"),
    (8, b"CR\x02", "RAW"),
    *((0, mark, "TIFF") for mark in _TIFF),
    (0, b"BM", "BMP"),
    (0, b"\0\0\0\x0cjP  \r\n\x87\n", "JPEG2000"),
    (0, b"\xff\x4f\xff\x51", "JPEG2000"),
    (0, b"8BPS\0\x01", "PSD"),
    (0, b"8BPS\0\x02", "PSB"),
    (0, b"FUJIFILMCCD-RAW", "RAW"),
    (0, b"FOVb", "RAW"),
    (0, b"\0MRM", "RAW"),
    (0, b"IIRO", "RAW"),
    (0, b"IIRS", "RAW"),
    (0, b"MMOR", "RAW"),
    (0, b"IIU\0", "RAW"),
    (6, b"HEAPCCDR", "RAW"),
    (0, b"\xff\x0a", "JPEG XL"),
    (0, b"\0\0\0\x0cJXL \r\n\x87\n", "JPEG XL"),
    (0, b"II\xbc", "JPEG XR"),
    (0, b"v/1\x01", "OpenEXR"),
    (0, b"#?RADIANCE", "Radiance HDR"),
    (0, b"%PDF", "PDF"),
)
HEAD_BYTES = 32
"""How much of a file `sniff` wants to see."""


def suffix_of(name: bytes) -> bytes:
    """The lower-case suffix with its dot, or nothing: `IMG.JPG` gives `.jpg`."""
    dot = name.rfind(b".")
    return name[dot:].lower() if dot > name.rfind(b"/") + 1 else b""


def is_picture(name: bytes) -> bool:
    """A standard (not RAW) picture by its name."""
    return suffix_of(name) in PICTURES


def is_raw(name: bytes) -> bool:
    """A camera RAW by its name."""
    return suffix_of(name) in RAWS


def is_companion(name: bytes) -> bool:
    """A sidecar, sound or movie that may belong to a photo, by its name."""
    return suffix_of(name) in COMPANIONS


def sniff(head: bytes) -> str | None:
    """The format by the first `HEAD_BYTES` bytes, in Pillow's spelling where Pillow reads it.

    "RAW" for camera RAWs with a signature of their own; RAWs that are TIFF inside say "TIFF".
    None: nothing known.
    """
    for at, mark, name in _SIGNATURES:
        if head.startswith(mark, at):
            return name
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "WEBP"
    if head[4:8] == b"ftyp":
        return _BRANDS.get(head[8:12]) or _brand_within(head)
    if head[:1] == b"P" and head[1:2] in b"123456" and head[2:3].isspace():
        return "PPM"
    return None


def _brand_within(head: bytes) -> str | None:
    """A file of an unknown major brand names the ones it can also be read as."""
    end = min(int.from_bytes(head[:4], "big"), len(head))
    brands = (head[at : at + 4] for at in range(16, end, 4))
    return next((_BRANDS[brand] for brand in brands if brand in _BRANDS), None)
