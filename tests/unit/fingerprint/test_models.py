# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest

from imgdupe import resources
from imgdupe.errors import ModelMissing, UserError
from imgdupe.fingerprint.models import load_card

WEIGHTS = b"weights"
CARD = {
    "id": "0123456789abcdef",
    "file": "net.onnx",
    "sha256": hashlib.sha256(WEIGHTS).hexdigest(),
    "input_px": 224,
    "dim": 256,
}


def _folder(tmp_path: Path, card: object = CARD, weights: bytes | None = WEIGHTS) -> Path:
    (tmp_path / "card.json").write_text(json.dumps(card), encoding="utf-8")
    if weights is not None:
        (tmp_path / "net.onnx").write_bytes(weights)
    return tmp_path


def test_a_sound_folder_gives_its_card(tmp_path: Path) -> None:
    card = load_card(_folder(tmp_path))
    assert card.id == CARD["id"]
    assert card.path == tmp_path / "net.onnx"
    assert (card.input_px, card.dim) == (224, 256)


def test_another_network_says_how_it_takes_pictures(tmp_path: Path) -> None:
    plain = load_card(_folder(tmp_path))
    assert plain.mean is None
    card = load_card(_folder(tmp_path, {**CARD, "mean": [0.5, 0.4, 0.3], "std": [0.2, 0.2, 0.1]}))
    assert card.mean == (0.5, 0.4, 0.3)
    assert card.std == (0.2, 0.2, 0.1)


def test_a_chosen_model_that_is_damaged_is_not_repaired_by_installing_again(tmp_path: Path) -> None:
    with pytest.raises(ModelMissing, match="choose imgdupe's own model"):
        load_card(_folder(tmp_path, weights=WEIGHTS + b"!"))


def test_changed_weights_are_refused_and_named(tmp_path: Path) -> None:
    with pytest.raises(ModelMissing, match=r"net\.onnx is damaged or was changed"):
        load_card(_folder(tmp_path, weights=WEIGHTS + b"!"))


@pytest.mark.parametrize(
    "card",
    [
        {},
        [],
        {**CARD, "dim": "many"},
        {**CARD, "mean": [0.5]},
        {k: v for k, v in CARD.items() if k != "sha256"},
    ],
)
def test_a_damaged_card_is_refused(tmp_path: Path, card: object) -> None:
    with pytest.raises(ModelMissing, match=r"card\.json is damaged"):
        load_card(_folder(tmp_path, card))


def test_a_card_that_is_not_json_is_refused(tmp_path: Path) -> None:
    (tmp_path / "card.json").write_bytes(b"\xff\x00")
    with pytest.raises(ModelMissing, match=r"card\.json is damaged"):
        load_card(tmp_path)


def test_missing_weights_or_card_are_a_user_error(tmp_path: Path) -> None:
    with pytest.raises(ModelMissing, match="is missing"):
        load_card(tmp_path)
    with pytest.raises(UserError, match="is missing"):
        load_card(_folder(tmp_path, weights=None))


def test_an_installation_without_resources_is_a_user_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(resources, "_PACKAGE", tmp_path)
    with pytest.raises(ModelMissing, match="is missing"):
        load_card()


def test_the_shipped_model_is_whole() -> None:
    card = load_card()
    assert hashlib.sha256(card.path.read_bytes()).hexdigest().startswith(card.id)
    assert (card.input_px, card.dim) == (224, 256)
