# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""Which network ships: reads and checks the model's card and file.

Floor 1, any thread; reads two files, never loads the network itself (`embedding.py` does).
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

from imgdupe import resources
from imgdupe.errors import ModelMissing

REPAIR = "Install imgdupe again to restore it. Until then photos are compared by pHash alone."


@dataclass(frozen=True, slots=True)
class ModelCard:
    """A checked model. `id` names the embeddings it makes: other id, other embeddings."""

    id: str
    path: Path
    input_px: int
    dim: int


def load_card(folder: Path | None = None) -> ModelCard:
    """Read `card.json` of a model folder (default: the shipped one) and check the file's SHA-256.

    Raises ModelMissing, whose text says what to do.
    """
    try:
        folder = folder or resources.path("model")
        text = (folder / "card.json").read_bytes()
    except OSError as error:
        raise ModelMissing(f"The recognition model is missing ({error}). {REPAIR}") from error
    try:
        card = json.loads(text)
        name, sha256 = str(card["file"]), str(card["sha256"])
        checked = ModelCard(
            id=str(card["id"]),
            path=folder / name,
            input_px=int(card["input_px"]),
            dim=int(card["dim"]),
        )
    except (ValueError, KeyError, TypeError) as error:
        raise ModelMissing(f"{folder / 'card.json'} is damaged ({error}). {REPAIR}") from error
    _check(checked.path, sha256)
    return checked


def _check(path: Path, sha256: str) -> None:
    try:
        with path.open("rb") as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise ModelMissing(f"The recognition model is missing ({error}). {REPAIR}") from error
    if found != sha256:
        raise ModelMissing(f"{path} is damaged or was changed. {REPAIR}")
