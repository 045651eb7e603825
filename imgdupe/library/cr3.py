# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""EXIF of Canon's CR3: an ISO file whose `moov` box holds the directories as small TIFFs.

Runs in the decode children. (The previews in it are found by `raw_preview`.)
Layout after lclevy/canon_cr3: CMT1 is the main directory, CMT2 EXIF, CMT4 GPS.
"""

from __future__ import annotations

import io
from typing import Any

from PIL import Image

from imgdupe.library.metadata import ExifTables
from imgdupe.library.source import Source

_SEARCHED_BYTES = 1 << 16


def tables(source: Source) -> ExifTables | None:
    """The directories, or None if the file is no CR3."""
    if bytes(source.data[4:12]) != b"ftypcrx ":
        return None
    return ExifTables(*(_table(source, mark) for mark in (b"CMT1", b"CMT2", b"CMT4")))


def _table(source: Source, mark: bytes) -> dict[int, Any]:
    at = source.find(mark, 0, min(source.size, _SEARCHED_BYTES))
    if at < 4:
        return {}
    length = int.from_bytes(source.data[at - 4 : at], "big") - 8
    exif = Image.Exif()
    try:
        exif.load_from_fp(io.BytesIO(source.data[at + 4 : at + 4 + max(length, 0)]))
        return dict(exif)
    except Exception:  # noqa: BLE001  Pillow parses strangers' bytes here: any error means no facts
        return {}
