# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""The methods that are compared: pictures in, vectors out whose inner product is the score."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import imagehash
import numpy as np
import onnxruntime
from PIL import Image

from photos import squash

INPUT_PX, IMAGENET_PX = 224, 160
Vectors = np.ndarray
Describe = Callable[[list[Image.Image]], Vectors]


def session_of(path: Path) -> onnxruntime.InferenceSession:
    """One thread, so that times can be compared."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    return onnxruntime.InferenceSession(str(path), options, ["CPUExecutionProvider"])


def network(path: Path) -> Describe:
    """Embeddings of one of our exported files."""
    session = session_of(path)

    def describe(images: list[Image.Image]) -> np.ndarray:
        parts = []
        for k in range(0, len(images), 16):
            pixels = np.stack([squash(i, INPUT_PX) for i in images[k : k + 16]])
            parts.append(session.run(None, {"image": pixels})[0])
        return np.concatenate(parts)

    return describe


def imagenet(path: Path, fit_on: list[Image.Image]) -> Describe:
    """GeM of the untrained third stage, whitened on training photos: where training began."""
    session = session_of(path)

    def pooled(images: list[Image.Image]) -> np.ndarray:
        out = []
        for k in range(0, len(images), 16):
            pixels = np.stack([squash(i, IMAGENET_PX) for i in images[k : k + 16]])
            x = (pixels / 255 - (0.485, 0.456, 0.406)) / (0.229, 0.224, 0.225)
            feed = {"input": x.transpose(0, 3, 1, 2).astype(np.float32)}
            stage = session.run(["layer3"], feed)[0]
            out.append((stage.clip(1e-6) ** 3).mean((2, 3)) ** (1 / 3))
        return np.concatenate(out)

    known = pooled(fit_on)
    mean = known.mean(0)
    values, axes = np.linalg.eigh(np.cov((known - mean).T))
    whiten = axes * (values.clip(values.max() * 1e-4)) ** -0.25

    def describe(images: list[Image.Image]) -> np.ndarray:
        z = (pooled(images) - mean) @ whiten
        return z / np.linalg.norm(z, axis=1, keepdims=True)

    return describe


def phash(images: list[Image.Image]) -> np.ndarray:
    """64-bit pHash as +-1/8 per bit: the inner product falls by 1/32 per differing bit."""
    bits = np.stack([imagehash.phash(i).hash.ravel() for i in images])
    return np.where(bits, 1, -1).astype(np.float32) / 8


def milliseconds(path: Path) -> float:
    """Median processor time per photo on one thread, one photo at a time."""
    session = session_of(path)
    image = np.random.default_rng(0).integers(0, 256, (1, INPUT_PX, INPUT_PX, 3), np.uint8)
    times = []
    for _ in range(60):
        start = time.thread_time()
        session.run(None, {"image": image})
        times.append(time.thread_time() - start)
    return round(float(np.median(times)) * 1e3, 2)
