# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""Made RAW files: the structure that cameras write, sensor noise in place of sensor data."""

from __future__ import annotations

import io
import struct
from collections.abc import Mapping, Sequence

import numpy as np
from PIL import Image

Entry = tuple[int, Sequence[int]]  # TIFF type (3, 4 or 7) and the values


def jpeg_bytes(picture: Image.Image, quality: int = 90, exif: Image.Exif | None = None) -> bytes:
    """The picture as a JPEG in memory."""
    file = io.BytesIO()
    picture.save(file, "JPEG", quality=quality, exif=exif or Image.Exif())
    return file.getvalue()


def sensor_noise(size: int, seed: int = 7) -> bytes:
    """What compressed sensor data looks like to anything that does not know the format."""
    return np.random.default_rng(seed).integers(0, 256, size, dtype=np.uint8).tobytes()


def tiff_raw(
    preview: bytes,
    *,
    size: tuple[int, int] = (6000, 4000),
    orientation: int = 1,
    mark: bytes = b"II*\0",
    preview_tags: bool = True,
    make: bytes = b"Imgdupe\0",
) -> bytes:
    """A RAW built like NEF, CR2 or DNG: a main directory, a second one with the sensor's size.

    `preview_tags` False hides the preview from the directories, as makers' notes do.
    """
    noise = sensor_noise(40_000)
    header = 8
    preview_at = header + 1000
    sensor_at = preview_at + len(preview)
    main: dict[int, Entry] = {
        0x100: (4, [160]),
        0x101: (4, [120]),
        0x10F: (2, list(make)),
        0x112: (3, [orientation]),
        0x14A: (4, [header + 500]),
    }
    if preview_tags:
        main |= {0x201: (4, [preview_at]), 0x202: (4, [len(preview)])}
    sensor: dict[int, Entry] = {
        0x100: (4, [size[0]]),
        0x101: (4, [size[1]]),
        0x103: (3, [34713]),
        0x111: (4, [sensor_at]),
        0x117: (4, [len(noise)]),
    }
    parts = bytearray(mark + struct.pack("<I", header))
    parts += _directory(main, header).ljust(500, b"\0")
    parts += _directory(sensor, header + 500).ljust(500, b"\0")
    return bytes(parts) + preview + noise


def fuji_raw(preview: bytes) -> bytes:
    """A RAF: the preview lies where the header says."""
    head = b"FUJIFILMCCD-RAW 0201FF383501".ljust(84, b"\0")
    at = len(head) + 24
    body = struct.pack(">II", at, len(preview)).ljust(24, b"\0")
    return head + body + preview + sensor_noise(20_000)


def canon_cr3(preview: bytes, *, orientation: int, model: bytes = b"Canon EOS Test\0") -> bytes:
    """A CR3: EXIF as small TIFFs in boxes, previews somewhere behind."""
    main: dict[int, Entry] = {0x110: (2, list(model)), 0x112: (3, [orientation])}
    cmt1 = b"II*\0" + struct.pack("<I", 8) + _directory(main, 8)
    uuid = _box(b"uuid", bytes(16) + _box(b"CMT1", cmt1))
    head = _box(b"ftyp", b"crx \0\0\0\1crx isom")
    media = _box(b"mdat", sensor_noise(5_000, 1) + preview + sensor_noise(20_000, 2))
    return head + _box(b"moov", uuid) + media


def _box(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body) + 8) + kind + body


def _directory(entries: Mapping[int, Entry], at: int) -> bytes:
    """One little-endian TIFF directory at this offset, its longer values behind it."""
    behind = at + 2 + 12 * len(entries) + 4
    table, values = struct.pack("<H", len(entries)), b""
    for tag, (kind, numbers) in sorted(entries.items()):
        body = struct.pack(f"<{len(numbers)}{ {2: 'B', 3: 'H', 4: 'I', 7: 'B'}[kind] }", *numbers)
        table += struct.pack("<HHI", tag, kind, len(numbers))
        if len(body) <= 4:
            table += body.ljust(4, b"\0")
        else:
            table += struct.pack("<I", behind + len(values))
            values += body
    return table + struct.pack("<I", 0) + values
