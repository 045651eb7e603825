# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""The photo pack: lists of files, and training photos as one array of squashed squares."""

from __future__ import annotations

import csv
import io
from collections import Counter
from pathlib import Path

import numpy as np
from PIL import Image


def listed(folder: Path) -> list[dict[str, str]]:
    """The rows of a folder's index.tsv, each with its `path`."""
    with (folder / "index.tsv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    return [{**row, "path": str(folder / row["file"])} for row in rows]


def squash(image: Image.Image, side: int) -> np.ndarray:
    """The whole picture as uint8 [side, side, 3] RGB, its aspect given up."""
    square = image.convert("RGB").resize((side, side), Image.Resampling.BICUBIC)
    return np.asarray(square)


def load_squares(folder: Path, side: int, cache: Path) -> tuple[np.ndarray, np.ndarray]:
    """All photos of a folder as uint8 [n, 3, side, side] and their aspects w/h float32 [n]."""
    if not cache.exists():
        rows = listed(folder)
        squares = np.empty((len(rows), 3, side, side), np.uint8)
        aspects = np.empty(len(rows), np.float32)
        for i, row in enumerate(rows):
            with Image.open(row["path"]) as image:
                squares[i] = squash(image, side).transpose(2, 0, 1)
                aspects[i] = image.width / image.height
        cache.parent.mkdir(parents=True, exist_ok=True)
        np.savez(cache, squares=squares, aspects=aspects)
    with np.load(cache) as stored:
        return stored["squares"], stored["aspects"]


def sources(folder: Path) -> list[dict[str, str | int]]:
    """Which sets a folder consists of, with licence and count, for the card and the NOTICE."""
    rows = listed(folder)
    counts = Counter((row["set"], row["licence"]) for row in rows)
    return [{"set": s, "licence": lic, "photos": n} for (s, lic), n in sorted(counts.items())]


def jpeg(array: np.ndarray, quality: int) -> np.ndarray:
    """uint8 [h, w, 3] once through a JPEG file of that quality."""
    buffer = io.BytesIO()
    Image.fromarray(array).save(buffer, "JPEG", quality=quality)
    with Image.open(buffer) as image:
        return np.asarray(image.convert("RGB"))
