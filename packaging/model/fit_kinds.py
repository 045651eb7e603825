# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""Fits `imgdupe/match/sameness.py` on edits against made frames of the same scenes.

    PYTHONPATH=../.. python fit_kinds.py --photos DIR [--test DIR] [--curve PNG] [--write]

Every photo gets the edits of the ladder (same capture), made bursts and brackets (another) and the
strangers that can be laid on it. Copies and others weigh as among a library's aligned pairs
(`--prior`), so the probabilities are those of a library. Splits are by photo. Frames that no
thumbnail can tell from a copy are left out of the fit (and counted), never out of the test. Prints
what passes which probability and how well the probabilities are kept; `--write` puts the small
network into `resources/model/matching.json`.
"""

from __future__ import annotations

import argparse
import io
import os
from collections import defaultdict
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from random import Random

import numpy as np
import torch
from PIL import Image
from torch import Tensor, nn

import bursts
import ladder
from imgdupe.match.photometry import Comparison
from imgdupe.match.sameness import LIMIT, SIGNS, SamenessModel, signs
from imgdupe.match.verify import Prepared, compare, prepare
from shipped import write_part

_THUMBNAIL_PX = 320
_SMALL_PX = 240
_FRAMES = 4
_STROLLS = 2
_STRANGERS = 6
_FOLDS = 5
_HIDDEN, _STEPS, _RATE, _DECAY = 16, 1000, 5e-3, 1e-2
_UNTELLABLE_CHANGE, _UNTELLABLE_TILE, _UNTELLABLE_STOPS = 0.004, 0.93, 1.2
_BARS = (0.5, 0.75, 0.9, 0.95, 0.98, 0.99)
_BINS = 10

Row = tuple[str, int, tuple[float, ...] | None, bool]


def main() -> None:
    """Collect, fit, print."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--photos", type=Path, required=True, help="training photos")
    parser.add_argument("--count", type=int, default=120, help="how many of them")
    parser.add_argument("--test", type=Path, help="photos to try the weights on")
    parser.add_argument("--prior", type=float, default=0.5, help="share of copies among pairs")
    parser.add_argument("--curve", type=Path, help="draw the reliability curve here (PNG)")
    parser.add_argument("--write", action="store_true", help="into resources/model/matching.json")
    arguments = parser.parse_args()
    rows = collected(arguments.photos, arguments.count)
    print(f"{sum(is_other(row[0]) and row[3] for row in rows)} frames that no thumbnail can tell")
    print("held out by photo:")
    probabilities = held_out(rows, arguments.prior)
    table(rows, probabilities)
    bins = reliability(rows, probabilities, arguments.prior)
    print(f"expected calibration error: {calibration_error(bins):.4f}")
    if arguments.curve:
        draw(bins, arguments.curve)
    model = fitted(rows, arguments.prior)
    if arguments.test:
        rows = collected(arguments.test, arguments.count)
        print("test:")
        table(rows, [_probability(row[2], model) for row in rows])
    if arguments.write:
        write_part("same_picture", model.document())


def collected(folder: Path, count: int) -> list[Row]:
    """(what, photo, signs or None where nothing aligned, whether it looks like a copy)."""
    files = sorted(folder.rglob("*.jpg"))
    files = Random(1).sample(files, min(count, len(files)))
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        found = pool.map(_rows, range(len(files)), [files] * len(files))
        return [row for rows in found for row in rows]


def _rows(number: int, files: list[Path]) -> list[Row]:
    """All pairs of one photo."""
    random = Random(number)
    pairs = _pairs(opened(files[number]), random)
    rows = [_row(name, number, compare(a, b, 0).pixels) for name, a, b in pairs]
    photo = prepare(thumbnail(opened(files[number])))
    others = [file for file in files if file != files[number]]
    for other in random.sample(others, min(_STRANGERS, len(others))):
        pixels = compare(photo, prepare(thumbnail(opened(other))), 0).pixels
        if pixels is not None:
            rows.append(_row("~ stranger", number, pixels))
    return rows


def opened(file: Path) -> Image.Image:
    """The photo, at least as large as the thumbnails that the program compares."""
    with Image.open(file) as opened:
        image = opened.convert("RGB")
    if max(image.size) > _SMALL_PX:
        return image
    return image.resize((2 * image.width, 2 * image.height), Image.Resampling.LANCZOS)


def _pairs(image: Image.Image, random: Random) -> Iterator[tuple[str, Prepared, Prepared]]:
    """The photo beside its edits and beside other frames of its scene."""

    def ready(picture: Image.Image) -> Prepared:
        return prepare(thumbnail(picture))

    first = ready(image)
    for name, edit in {**ladder.MILD, **ladder.STRONG}.items():
        yield name, first, ready(edit(image, random))
    for _ in range(_FRAMES):
        yield "~ burst", first, ready(bursts.next_frame(image, random))
    for _ in range(_STROLLS):
        yield "~ stroll", first, ready(bursts.stroll(image, random))
    cropped = ladder.cropped(bursts.next_frame(image, random), 0.8, random)
    yield "~ burst, cropped", first, ready(cropped)
    dark, bright = bursts.bracket(image, random)
    yield "~ bracket", ready(dark), ready(bright)


def _row(name: str, number: int, pixels: Comparison | None) -> Row:
    if pixels is None:
        return name, number, None, False
    alike = pixels.changed < _UNTELLABLE_CHANGE and pixels.worst_tile > _UNTELLABLE_TILE
    return name, number, signs(pixels), alike and abs(pixels.stops) < _UNTELLABLE_STOPS


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


def importance(rows: list[Row], prior: float) -> np.ndarray:
    """How much each pair weighs, so that `prior` of the weight is on copies; sums to 1."""
    same = np.array([not is_other(row[0]) for row in rows])
    return np.where(same, prior / same.sum(), (1 - prior) / (~same).sum())


def fitted(rows: list[Row], prior: float) -> SamenessModel:
    """The network of the weighted least cross-entropy."""
    used = [row for row in rows if row[2] is not None and not (is_other(row[0]) and row[3])]
    x = torch.tensor([row[2] for row in used])
    y = torch.tensor([not is_other(row[0]) for row in used]).float()
    share = torch.tensor(importance(used, prior)).float()
    mean, spread = x.mean(0), x.std(0)
    x = ((x - mean) / spread).clamp(-LIMIT, LIMIT)
    torch.manual_seed(0)
    hidden, out = nn.Linear(len(SIGNS), _HIDDEN), nn.Linear(_HIDDEN, 1)
    network = nn.Sequential(hidden, nn.Tanh(), out)
    optimiser = torch.optim.AdamW(network.parameters(), _RATE, weight_decay=_DECAY)
    for _ in range(_STEPS):
        said = network(x)[:, 0]
        loss = nn.functional.binary_cross_entropy_with_logits(said, y, share, reduction="sum")
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()

    def numbers(tensor: Tensor) -> list[float]:
        return [round(float(value), 4) for value in tensor.detach().flatten()]

    return SamenessModel(
        mean=numbers(mean),
        spread=numbers(spread),
        hidden=[numbers(row) for row in hidden.weight],
        hidden_bias=numbers(hidden.bias),
        out=numbers(out.weight),
        out_bias=numbers(out.bias)[0],
    )


def held_out(rows: list[Row], prior: float) -> list[float]:
    """Each row's probability by a network fitted on other photos."""
    found = [0.0] * len(rows)
    for fold in range(_FOLDS):
        model = fitted([row for row in rows if row[1] % _FOLDS != fold], prior)
        for place, row in enumerate(rows):
            if row[1] % _FOLDS == fold:
                found[place] = _probability(row[2], model)
    return found


def _probability(values: tuple[float, ...] | None, model: SamenessModel) -> float:
    return 0.0 if values is None else model.probability(values)


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


def reliability(
    rows: list[Row], probabilities: list[float], prior: float
) -> list[tuple[float, float, float]]:
    """By tenth of probability: (mean said, share that are copies, weight)."""
    said, share = np.array(probabilities), importance(rows, prior)
    same = np.array([not is_other(row[0]) for row in rows])
    tenth = np.minimum((said * _BINS).astype(int), _BINS - 1)
    return [
        (
            float(np.average(said[at], weights=share[at])),
            float(np.average(same[at], weights=share[at])),
            float(share[at].sum()),
        )
        for at in (tenth == each for each in range(_BINS))
        if at.any()
    ]


def calibration_error(bins: list[tuple[float, float, float]]) -> float:
    """The mean distance between what is said and what is."""
    return sum(weight * abs(said - true) for said, true, weight in bins)


def draw(bins: list[tuple[float, float, float]], path: Path) -> None:
    """The reliability curve."""
    import matplotlib.pyplot as plt

    figure, axes = plt.subplots(figsize=(5, 5))
    axes.plot([0, 1], [0, 1], color="grey", linewidth=1)
    axes.plot([b[0] for b in bins], [b[1] for b in bins], marker="o")
    axes.set(xlabel="probability said", ylabel="share of copies", xlim=(0, 1), ylim=(0, 1))
    axes.set_title(f"Same picture, held out by photo; ECE {calibration_error(bins):.3f}")
    figure.savefig(path, dpi=120, bbox_inches="tight")


if __name__ == "__main__":
    main()
