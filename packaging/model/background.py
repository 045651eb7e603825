# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""The background set: embeddings of training photos, by which scores are normalised.

    PYTHONPATH=../.. python background.py --model DIR/onnx/int8.onnx \
        --data ../../../shared/data --out FILE.npy

A picture that is near many strangers (fog, faces in close-up, sunsets over sea) scores high with
everybody. What it scores with photos that surely are not its copies is taken off (SSCD, equations
8 and 9; there of the query alone, here half of it of either end, so that a pair has one score).
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
from PIL import Image

from imgdupe.match.background import nearness
from methods import Vectors, network
from photos import listed

COUNT = 10_000  # 2.5 MB
BETA = 1.25  # as `fit_cosines.py` finds it, on photos that `evaluate.py` does not ask


def normalised(vectors: Vectors, background: Vectors) -> tuple[Vectors, Vectors]:
    """The vectors as queries and as gallery [n, d + 2]: their products are normalised scores."""
    taken = BETA / 2 * nearness(vectors, background)
    one = np.ones_like(taken)
    return np.column_stack([vectors, -taken, one]), np.column_stack([vectors, one, -taken])


def load(path: Path) -> Vectors:
    """The stored set as unit vectors float32 [m, d]."""
    vectors = np.load(path).astype(np.float32)
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--model", type=Path, required=True, help="the file that is to ship")
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    rows = listed(args.data / "train")
    chosen = np.linspace(0, len(rows) - 1, min(COUNT, len(rows))).round().astype(int)
    describe = network(args.model)
    parts = []
    for some in np.array_split(chosen, len(chosen) // 64):
        images = [Image.open(rows[i]["path"]).convert("RGB") for i in some]
        parts.append(describe(images))
    vectors = np.concatenate(parts)
    np.save(args.out, np.rint(vectors * (127 / np.abs(vectors).max())).astype(np.int8))


if __name__ == "__main__":
    main()
