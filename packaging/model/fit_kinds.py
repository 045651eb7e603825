# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""Fits the weights of `imgdupe/match/sameness.py` on edits against made frames of the same scenes.

    PYTHONPATH=. python packaging/model/fit_kinds.py PHOTOS [--photos N] [--test PHOTOS]

Every photo gets the edits of the ladder (same capture) and made bursts and brackets (another).
Splits are by photo. Frames that no thumbnail can tell from a copy are left out of the fit (and
counted), never out of the test. Prints the weights and a table of what passes which probability.
"""

from __future__ import annotations

import argparse
import io
from collections import defaultdict
from pathlib import Path
from random import Random

import numpy as np
from PIL import Image

import bursts
import ladder
from imgdupe.match.sameness import SIGNS, signs
from imgdupe.match.verify import compare, prepare

_THUMBNAIL_PX = 320
_FRAMES = 4
_FOLDS = 5
_NEGATIVE_WEIGHT = 3.0
_RIDGE = 0.1
_UNTELLABLE_CHANGE = 0.004
_BARS = (0.5, 0.8, 0.9, 0.95, 0.98, 0.99)

Row = tuple[str, int, tuple[float, ...] | None, bool]


def main() -> None:
    """Collect, fit, print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("--photos", type=int, default=60)
    parser.add_argument("--test", type=Path)
    arguments = parser.parse_args()
    rows = collected(arguments.folder, arguments.photos)
    weights = fitted(rows)
    print({name: round(float(value), 3) for name, value in zip(SIGNS, weights, strict=True)})
    print(f"{sum(is_other(row[0]) and row[3] for row in rows)} frames that no thumbnail can tell")
    print("held out by photo:")
    table(rows, held_out(rows))
    if arguments.test:
        rows = collected(arguments.test, arguments.photos)
        print("test:")
        table(rows, [_probability(row[2], weights) for row in rows])


def collected(folder: Path, count: int) -> list[Row]:
    """(what, photo, signs or None where nothing aligned, whether it looks like a copy)."""
    files = sorted(folder.rglob("*.jpg"))
    files = Random(1).sample(files, min(count, len(files)))
    rows = []
    for number, file in enumerate(files):
        random = Random(number)
        with Image.open(file) as opened:
            image = opened.convert("RGB")
        first = prepare(thumbnail(image))
        pairs = [
            (name, first, prepare(thumbnail(edit(image, random))))
            for name, edit in {**ladder.MILD, **ladder.STRONG}.items()
        ]
        for _ in range(_FRAMES):
            frame = bursts.next_frame(image, random)
            pairs.append(("~ burst", first, prepare(thumbnail(frame))))
        cropped = ladder.cropped(bursts.next_frame(image, random), 0.8, random)
        pairs.append(("~ burst, cropped", first, prepare(thumbnail(cropped))))
        dark, bright = (prepare(thumbnail(each)) for each in bursts.bracket(image, random))
        pairs.append(("~ bracket", dark, bright))
        rows += [_row(name, number, a, b) for name, a, b in pairs]
    return rows


def _row(name: str, number: int, a: object, b: object) -> Row:
    pixels = compare(a, b, 0).pixels
    if pixels is None:
        return name, number, None, False
    alike = pixels.changed < _UNTELLABLE_CHANGE and pixels.worst_tile > 0.93
    return name, number, signs(pixels), alike and abs(pixels.brightness) < 0.3


def thumbnail(image: Image.Image) -> np.ndarray:
    """As the program makes it."""
    small = image.copy()
    small.thumbnail((_THUMBNAIL_PX, _THUMBNAIL_PX), Image.Resampling.LANCZOS)
    buffer = io.BytesIO()
    small.save(buffer, "JPEG", quality=80)
    with Image.open(buffer) as stored:
        return np.asarray(stored.convert("RGB"))


def is_other(name: str) -> bool:
    """Whether the pair is another capture."""
    return name.startswith("~")


def fitted(rows: list[Row]) -> np.ndarray:
    """Weights >= 0 (the bias is free) by projected gradient descent (Adam)."""
    used = [row for row in rows if row[2] is not None and not (is_other(row[0]) and row[3])]
    x = np.array([row[2] for row in used])
    y = np.array([not is_other(row[0]) for row in used], dtype=float)
    importance = np.where(y > 0, 1.0, _NEGATIVE_WEIGHT) / len(y)
    weights, first, second = (np.zeros(x.shape[1]) for _ in range(3))
    for step in range(1, 8001):
        p = 1.0 / (1.0 + np.exp(-np.clip(x @ weights, -30, 30)))
        slope = x.T @ (importance * (p - y))
        slope[1:] += _RIDGE * weights[1:] / len(y)
        first = 0.9 * first + 0.1 * slope
        second = 0.999 * second + 0.001 * slope**2
        rate = 0.03 / (np.sqrt(second / (1 - 0.999**step)) + 1e-9)
        weights = weights - rate * first / (1 - 0.9**step)
        weights[1:] = np.maximum(weights[1:], 0.0)
    return weights


def held_out(rows: list[Row]) -> list[float]:
    """Each row's probability by weights fitted on other photos."""
    found = [0.0] * len(rows)
    for fold in range(_FOLDS):
        weights = fitted([row for row in rows if row[1] % _FOLDS != fold])
        for place, row in enumerate(rows):
            if row[1] % _FOLDS == fold:
                found[place] = _probability(row[2], weights)
    return found


def _probability(values: tuple[float, ...] | None, weights: np.ndarray) -> float:
    if values is None:
        return 0.0
    return float(1.0 / (1.0 + np.exp(-np.clip(np.array(values) @ weights, -30, 30))))


def table(rows: list[Row], probabilities: list[float]) -> None:
    """By edit (and, marked ~, by kind of other capture): the share at or above each bar."""
    by_name = defaultdict(list)
    for row, p in zip(rows, probabilities, strict=True):
        by_name[row[0]].append(p)
    print("| pair | n | " + " | ".join(f"≥ {bar}" for bar in _BARS) + " |")
    print("|---|---|" + "---|" * len(_BARS))
    for name, values in by_name.items():
        shares = " | ".join(f"{np.mean(np.array(values) >= bar):.3f}" for bar in _BARS)
        print(f"| {name} | {len(values)} | {shares} |")


if __name__ == "__main__":
    main()
