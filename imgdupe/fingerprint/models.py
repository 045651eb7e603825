# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""Which network is used: reads and checks a model's card and file, the shipped one or another.

Floor 1, any thread; reads two files, never loads the network itself (`embedding.py` does).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from imgdupe import resources
from imgdupe.errors import ModelMissing

REPAIR = "Install imgdupe again to restore it. Until then photos are compared by pHash alone."
REPLACE = "Mend that folder, or choose imgdupe's own model in the settings."

Channels = tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class ModelCard:
    """A checked model. `id` names the embeddings it makes: other id, other embeddings.

    `mean` and `std` of red, green and blue on a scale of 0-1: the network takes
    float32 [n, 3, px, px] so normalised. None: it takes uint8 [n, px, px, 3] as it is.
    `repair`: what to do if the file turns out to be unusable.
    """

    id: str
    path: Path
    input_px: int
    dim: int
    mean: Channels | None = None
    std: Channels = (1.0, 1.0, 1.0)
    repair: str = REPAIR


def load_card(folder: Path | None = None) -> ModelCard:
    """Read `card.json` of a model folder (None: the shipped one) and check the file's SHA-256.

    Raises ModelMissing, whose text says what to do.
    """
    repair = REPAIR if folder is None else REPLACE
    try:
        folder = folder or resources.path("model")
        text = (folder / "card.json").read_bytes()
    except OSError as error:
        raise ModelMissing(f"The recognition model is missing ({error}). {repair}") from error
    try:
        card = json.loads(text)
        sha256 = str(card["sha256"])
        checked = ModelCard(
            id=str(card["id"]),
            path=folder / str(card["file"]),
            input_px=int(card["input_px"]),
            dim=int(card["dim"]),
            mean=_channels(card["mean"]) if "mean" in card else None,
            std=_channels(card.get("std", (1, 1, 1))),
            repair=repair,
        )
    except (ValueError, KeyError, TypeError) as error:
        raise ModelMissing(f"{folder / 'card.json'} is damaged ({error}). {repair}") from error
    _check(checked, sha256)
    return checked


def _channels(values: Iterable[float]) -> Channels:
    red, green, blue = map(float, values)
    return red, green, blue


def _check(card: ModelCard, sha256: str) -> None:
    try:
        with card.path.open("rb") as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise ModelMissing(f"The recognition model is missing ({error}). {card.repair}") from error
    if found != sha256:
        raise ModelMissing(f"{card.path} is damaged or was changed. {card.repair}")
