# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""The network at work: pictures in, embeddings out.

Floor 1. One `Embedder` per program, used by the embedding thread of a scan and by searches;
onnxruntime allows concurrent `run` calls. Importing this module does not load onnxruntime.
Must not read files other than the model, and knows nothing of photos or the catalog.
"""

from __future__ import annotations

import os
from typing import Any

import numpy as np
from numpy.typing import NDArray

from imgdupe.errors import ModelMissing
from imgdupe.fingerprint.models import ModelCard
from imgdupe.records import INPUT_PX

_BATCH = 32  # bounds memory: activations of 32 pictures are some 200 MB


class Embedder:
    """Unit-norm embeddings of pictures; the same picture gives the same numbers in any batch."""

    def __init__(self, card: ModelCard, threads: int = 1) -> None:
        """Load the checked model on the CPU; ModelMissing if it cannot be used."""
        self.model_id = card.id
        self.dim = card.dim
        self._card = card
        self._session = _session(card, threads)
        self._input = self._session.get_inputs()[0].name
        self._output = self._session.get_outputs()[0].name
        blank = np.zeros((1, INPUT_PX, INPUT_PX, 3), np.uint8)
        try:
            shape = self._run(blank).shape
        except Exception as error:  # onnxruntime's own error classes share no public base
            raise ModelMissing(f"{card.path} cannot be used ({error}). {card.repair}") from error
        if shape != (1, card.dim):
            raise ModelMissing(
                f"{card.path} gives an output of {shape}, but its card says (1, {card.dim}). "
                f"{card.repair}"
            )

    def embed(self, images: NDArray[np.uint8]) -> NDArray[np.float32]:
        """Embed RGB pictures uint8 [n, INPUT_PX, INPUT_PX, 3] as float32 [n, dim] of length 1.

        Raises ValueError on another shape or type, and where the network gives no usable numbers.
        """
        if images.dtype != np.uint8 or images.shape[1:] != (INPUT_PX, INPUT_PX, 3):
            raise ValueError(f"expected uint8 [n, {INPUT_PX}, {INPUT_PX}, 3], got {images.shape}")
        out = np.empty((len(images), self.dim), np.float32)
        for start in range(0, len(images), _BATCH):
            out[start : start + _BATCH] = self._run(images[start : start + _BATCH])
        lengths = np.linalg.norm(out, axis=1, keepdims=True)
        if not (np.isfinite(lengths) & (lengths > 0)).all():
            raise ValueError("the model gave an embedding that is not a number")
        out /= lengths
        return out

    def _run(self, images: NDArray[np.uint8]) -> NDArray[np.float32]:
        feed = {self._input: _prepared(self._card, images)}
        found: list[NDArray[np.float32]] = self._session.run([self._output], feed)
        return found[0]


def _prepared(card: ModelCard, images: NDArray[np.uint8]) -> NDArray[np.uint8 | np.float32]:
    """Pictures as the card says that its network takes them."""
    scaled = images if card.input_px == INPUT_PX else _scaled(images, card.input_px)
    if card.mean is None:
        return np.ascontiguousarray(scaled.round(), dtype=np.uint8)
    mean, std = np.array(card.mean, np.float32), np.array(card.std, np.float32)
    normal = (scaled / np.float32(255) - mean) / std
    return np.ascontiguousarray(normal.transpose(0, 3, 1, 2))


def _scaled(images: NDArray[np.uint8], side: int) -> NDArray[np.float32]:
    """Squares [n, s, s, 3] by linear interpolation between pixel centres to [n, side, side, 3]."""
    own = images.shape[1]
    at = np.clip((np.arange(side) + 0.5) * own / side - 0.5, 0, own - 1)
    low = np.minimum(at.astype(int), own - 2)
    share = (at - low).astype(np.float32)
    down = share[:, None, None]
    rows = images[:, low] * (1 - down) + images[:, low + 1] * down
    across = share[:, None]
    return np.asarray(rows[:, :, low] * (1 - across) + rows[:, :, low + 1] * across)


def _session(card: ModelCard, threads: int) -> Any:
    """An onnxruntime session that never spins: spinning starves the decoders beside it.

    Nor does it report to its maker: later versions send events unless told so before they load.
    """
    os.environ["ORT_DISABLE_TELEMETRY"] = "1"
    import onnxruntime

    onnxruntime.disable_telemetry_events()  # on Windows the variable is not read
    onnxruntime.set_default_logger_severity(3)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    try:
        return onnxruntime.InferenceSession(
            str(card.path), options, providers=["CPUExecutionProvider"]
        )
    except Exception as error:  # onnxruntime's own error classes share no public base
        raise ModelMissing(f"{card.path} cannot be used ({error}). {card.repair}") from error
