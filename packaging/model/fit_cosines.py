# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""Fits the cosines of `imgdupe/match/fitted.py` to the shipped network and its background set.

    PYTHONPATH=../.. python fit_cosines.py --data ../../../shared/data [--write]

On photographs that the network was not trained on and the accuracy benchmark does not ask for:
`val/distractors`, some of them edited by the ladder. `--write` puts the numbers into
`resources/model/matching.json`; run it whenever the network or the background set changes.

    sure      strangers pass this cosine once in so many photos of a library of 10,000
    beta, low the same for cosine - beta * (mean of the picture's three nearest in the background)
    stranger  one in a hundred strangers is this alike
    burst     all but one in twenty made frames of one scene lie above
    similar   strangers hardly ever reach it
"""

from __future__ import annotations

import argparse
from pathlib import Path
from random import Random

import numpy as np
from PIL import Image

import bursts
import ladder
from imgdupe.fingerprint.embedding import Embedder
from imgdupe.fingerprint.models import load_card
from imgdupe.match.background import background, nearness
from imgdupe.records import INPUT_PX
from photos import listed, squash
from shipped import write_part

_LIBRARY = 10_000
_SURE_RATE, _LOW_RATE, _SIMILAR_RATE = 0.05, 1.0, 0.002
"""Pairs of strangers a photo that each bar may let pass in a library of 10,000."""
_BETAS = (0.0, 0.5, 0.75, 1.0, 1.25)
_STRANGER_SHARE, _BURST_SHARE = 0.01, 0.05
_FRAMES = 2


def main() -> None:
    """Embed, fit, print."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--strangers", type=int, default=1900, help="at most so many photos")
    parser.add_argument("--edited", type=int, default=100, help="photos that get every edit")
    parser.add_argument("--write", action="store_true", help="into resources/model/matching.json")
    arguments = parser.parse_args()
    embedder = Embedder(load_card())
    rows = listed(arguments.data / "val" / "distractors")
    photos = [_opened(Path(row["path"])) for row in rows[: arguments.strangers]]
    strangers = embedded(embedder, photos)
    edits, frames = edited(embedder, photos[: arguments.edited])
    found = fitted(strangers, edits, frames)
    print(found)
    table(strangers, edits, found)
    if arguments.write:
        write_part("cosines", found)


def _opened(path: Path) -> Image.Image:
    with Image.open(path) as opened:
        return opened.convert("RGB")


def embedded(embedder: Embedder, images: list[Image.Image]) -> np.ndarray:
    """float32 [n, d]."""
    parts = [images[start : start + 64] for start in range(0, len(images), 64)]
    squares = (np.stack([squash(image, INPUT_PX) for image in part]) for part in parts)
    return np.concatenate([embedder.embed(part) for part in squares])


def edited(
    embedder: Embedder, photos: list[Image.Image]
) -> tuple[dict[str, np.ndarray], np.ndarray]:
    """By edit the embeddings of all photos, [n, d]; and those of made frames, [frames, n, d]."""
    edits = {
        name: embedded(embedder, [edit(photo, Random(n)) for n, photo in enumerate(photos)])
        for name, edit in {**ladder.MILD, **ladder.STRONG}.items()
    }
    frames = [
        embedded(
            embedder,
            [bursts.next_frame(photo, Random(100 * k + n)) for n, photo in enumerate(photos)],
        )
        for k in range(_FRAMES)
    ]
    return edits, np.stack(frames)


def fitted(
    strangers: np.ndarray, edits: dict[str, np.ndarray], frames: np.ndarray
) -> dict[str, float]:
    """The numbers of `Cosines`."""
    count = len(frames[0])
    products = strangers @ strangers.T
    np.fill_diagonal(products, -1.0)
    near = nearness(strangers, background())
    own = {name: (v * strangers[:count]).sum(1) for name, v in edits.items()}
    best = max(_BETAS, key=lambda beta: _recall(edits, own, near, products, beta))
    found = {
        "sure": bar(products, _SURE_RATE),
        "beta": best,
        "low": bar(products - best * near[:, None], _LOW_RATE),
        "stranger": bar(products, _STRANGER_SHARE * _LIBRARY),
        "burst": float(np.quantile((frames * strangers[:count]).sum(-1), _BURST_SHARE)),
        "similar": bar(products, _SIMILAR_RATE),
    }
    return {name: round(float(value), 4) for name, value in found.items()}


def bar(scores: np.ndarray, pairs_per_photo: float) -> float:
    """The score that so many pairs a photo reach in a library of `_LIBRARY` strangers.

    scores [n, n] of n strangers among themselves, asked from either end.
    """
    share = pairs_per_photo / _LIBRARY
    return float(np.quantile(scores[~np.eye(len(scores), dtype=bool)], 1.0 - share))


def _passes(
    edits: np.ndarray, own: np.ndarray, near: np.ndarray, beta: float, low: float
) -> np.ndarray:
    """Which pairs of photo and edit pass from either end, bool [n]."""
    least = np.minimum(near[: len(own)], nearness(edits, background()))
    return np.asarray(own - beta * least >= low)


def _recall(
    edits: dict[str, np.ndarray],
    own: dict[str, np.ndarray],
    near: np.ndarray,
    products: np.ndarray,
    beta: float,
) -> float:
    """The share of edits above the bar that lets the same number of strangers pass."""
    low = bar(products - beta * near[:, None], _LOW_RATE)
    shares = [_passes(edits[name], own[name], near, beta, low).mean() for name in edits]
    recall = float(np.mean(shares))
    print(f"beta {beta}: bar {low:.3f}, {recall:.4f} of the edits pass")
    return recall


def table(strangers: np.ndarray, edits: dict[str, np.ndarray], found: dict[str, float]) -> None:
    """By edit: the share that becomes a candidate, and its cosines."""
    near = nearness(strangers, background())
    print("| edit | candidates | by the sure bar | cosine: 5 % | median |")
    print("|---|---|---|---|---|")
    for name, vectors in edits.items():
        own = (vectors * strangers[: len(vectors)]).sum(1)
        passed = _passes(vectors, own, near, found["beta"], found["low"])
        sure = own >= found["sure"]
        low, middle = np.quantile(own, [0.05, 0.5])
        figures = ((passed | sure).mean(), sure.mean(), low, middle)
        print(f"| {name} | " + " | ".join(f"{figure:.3f}" for figure in figures) + " |")


if __name__ == "__main__":
    main()
