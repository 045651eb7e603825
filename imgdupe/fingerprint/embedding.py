# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""The network at work: pictures in, embeddings out.

Floor 1. One `Embedder` per program, used by the embedding thread of a scan and by searches;
onnxruntime allows concurrent `run` calls. Importing this module does not load onnxruntime.
Must not read files other than the model, and knows nothing of photos or the catalog.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from imgdupe.errors import ModelMissing
from imgdupe.fingerprint.models import REPAIR, ModelCard

_BATCH = 32  # bounds memory: activations of 32 pictures are some 200 MB


class Embedder:
    """Unit-norm embeddings of pictures; the same picture gives the same numbers in any batch."""

    def __init__(self, card: ModelCard, threads: int = 1) -> None:
        """Load the checked model on the CPU; ModelMissing if onnxruntime cannot read it."""
        self.model_id = card.id
        self.dim = card.dim
        self.input_px = card.input_px
        self._session = _session(card, threads)

    def embed(self, images: NDArray[np.uint8]) -> NDArray[np.float32]:
        """Embed RGB pictures uint8 [n, input_px, input_px, 3] as float32 [n, dim] of length 1.

        Raises ValueError on another shape or type, and where the network gives no usable numbers.
        """
        side = self.input_px
        if images.dtype != np.uint8 or images.shape[1:] != (side, side, 3):
            raise ValueError(f"expected uint8 [n, {side}, {side}, 3], got {images.shape}")
        out = np.empty((len(images), self.dim), np.float32)
        for start in range(0, len(images), _BATCH):
            part = np.ascontiguousarray(images[start : start + _BATCH])
            out[start : start + _BATCH] = self._session.run(["embedding"], {"image": part})[0]
        if not np.isfinite(out).all():
            raise ValueError("the model gave an embedding that is not a number")
        return out


def _session(card: ModelCard, threads: int) -> Any:
    """An onnxruntime session that never spins: spinning starves the decoders beside it."""
    import onnxruntime

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
        raise ModelMissing(f"{card.path} cannot be used ({error}). {REPAIR}") from error
