# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""Score normalisation: how near a picture is to photos that are surely no copies of it.

Any thread. The background set are embeddings of training photos, `resources/model/background.npy`.
A picture that is near many strangers (fog, faces, sunsets) is near everybody; what it scores with
them is taken off its cosines (Pizzi et al. 2022, equations 8 and 9).
"""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray

from imgdupe import resources

FILE = "background.npy"
_NEAREST = 3
_BLOCK = 1024

Vectors = NDArray[np.float32]


@cache
def background() -> Vectors:
    """The shipped set as unit vectors float32[m, d], read once."""
    vectors = np.load(resources.path("model", FILE), allow_pickle=False).astype(np.float32)
    return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), dtype=np.float32)


def nearness(vectors: NDArray[np.floating], among: Vectors) -> Vectors:
    """float32[n]: the mean cosine of each vector [n, d] to its nearest three of `among` [m, d]."""
    found = np.empty(len(vectors), dtype=np.float32)
    for start in range(0, len(vectors), _BLOCK):
        part = vectors[start : start + _BLOCK].astype(np.float32)
        cosines = np.partition(part @ among.T, -_NEAREST, axis=1)
        found[start : start + _BLOCK] = cosines[:, -_NEAREST:].mean(axis=1)
    return found
