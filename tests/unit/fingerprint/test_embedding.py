# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from imgdupe.errors import ModelMissing
from imgdupe.fingerprint import embedding
from imgdupe.fingerprint.embedding import Embedder
from imgdupe.fingerprint.models import load_card


@pytest.fixture(scope="module")
def embedder() -> Embedder:
    return Embedder(load_card())


def _picture(seed: int) -> NDArray[np.uint8]:
    """A made scene: sky, ground and shapes, uint8 [224, 224, 3]."""
    random = np.random.default_rng(seed)
    image = Image.new("RGB", (224, 224), tuple(int(c) for c in random.integers(0, 256, 3)))
    draw = ImageDraw.Draw(image)
    for _ in range(25):
        x, y, w, h = (int(t) for t in random.integers(5, 160, 4))
        colour = tuple(int(c) for c in random.integers(0, 256, 3))
        shape = draw.ellipse if random.random() < 0.5 else draw.rectangle
        shape((x, y, x + w // 2, y + h // 2), fill=colour)
    noise = random.normal(0, 6, (224, 224, 3))
    return (np.asarray(image, np.float32) + noise).clip(0, 255).astype(np.uint8)


def _pictures(count: int) -> NDArray[np.uint8]:
    return np.stack([_picture(seed) for seed in range(count)])


def test_embeddings_have_length_one(embedder: Embedder) -> None:
    found = embedder.embed(_pictures(5))
    assert found.shape == (5, embedder.dim)
    assert found.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(found, axis=1), 1, atol=1e-5)


def test_nothing_in_nothing_out(embedder: Embedder) -> None:
    assert embedder.embed(np.empty((0, 224, 224, 3), np.uint8)).shape == (0, embedder.dim)


def test_the_same_picture_gives_the_same_numbers_alone_in_a_batch_and_again(
    embedder: Embedder,
) -> None:
    pictures = np.concatenate([_pictures(8)] * 5)  # more than one internal batch
    together = embedder.embed(pictures)
    np.testing.assert_array_equal(together, embedder.embed(pictures))
    alone = np.concatenate([embedder.embed(pictures[i : i + 1]) for i in range(8)])
    np.testing.assert_allclose(together[:8], alone, atol=2e-4)
    np.testing.assert_allclose(together[32:], together[:8], atol=2e-4)


def test_flat_pictures_are_no_exception(embedder: Embedder) -> None:
    flat = np.stack([np.full((224, 224, 3), v, np.uint8) for v in (0, 128, 255)])
    assert np.isfinite(embedder.embed(flat)).all()


def test_turned_and_mirrored_pictures_are_nearer_than_strangers(embedder: Embedder) -> None:
    pictures = _pictures(6)
    ways = [np.rot90(m, k) for m in (pictures[0], np.fliplr(pictures[0])) for k in range(4)]
    found = embedder.embed(np.stack(ways))
    strangers = embedder.embed(pictures[1:])
    assert (found @ found[0]).min() > (strangers @ found[0]).max()


@pytest.mark.parametrize(
    "images",
    [
        np.zeros((1, 128, 128, 3), np.uint8),
        np.zeros((224, 224, 3), np.uint8),
        np.zeros((1, 224, 224, 3), np.float32),
    ],
)
def test_another_shape_or_type_is_refused(embedder: Embedder, images: NDArray[Any]) -> None:
    with pytest.raises(ValueError, match="expected uint8"):
        embedder.embed(images)


class _Named:
    """One input or output of a network."""

    def __init__(self, name: str) -> None:
        self.name = name


class _Network:
    """Another network: keeps what it was shown and answers with `answer` for every picture."""

    def __init__(self, answer: list[float]) -> None:
        self.answer, self.shown = answer, np.empty(0)

    def get_inputs(self) -> list[_Named]:
        return [_Named("pixels")]

    def get_outputs(self) -> list[_Named]:
        return [_Named("features")]

    def run(self, names: list[str], feed: dict[str, NDArray[Any]]) -> list[NDArray[np.float32]]:
        assert names == ["features"]
        self.shown = feed["pixels"]
        return [np.array([self.answer] * len(self.shown), np.float32)]


def _other(monkeypatch: pytest.MonkeyPatch, answer: list[float], **card: Any) -> Any:
    network = _Network(answer)
    monkeypatch.setattr(embedding, "_session", lambda *_: network)
    return Embedder(replace(load_card(), dim=2, **card)), network


def test_another_network_gets_its_own_size_layout_and_scale(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    other, network = _other(
        monkeypatch, [3, 4], input_px=32, mean=(0.5, 0.0, 0.0), std=(0.5, 1.0, 2.0)
    )
    pictures = np.full((2, 224, 224, 3), (255, 255, 51), np.uint8)
    np.testing.assert_allclose(other.embed(pictures), [[0.6, 0.8]] * 2, rtol=1e-6)
    assert (network.shown.shape, network.shown.dtype) == ((2, 3, 32, 32), np.float32)
    np.testing.assert_allclose(network.shown[:, :, 7, 7], [[1.0, 1.0, 0.1]] * 2, rtol=1e-6)


@pytest.mark.parametrize("side", [96, 336])
def test_a_picture_keeps_its_place_when_it_is_scaled(
    monkeypatch: pytest.MonkeyPatch, side: int
) -> None:
    other, network = _other(monkeypatch, [3, 4], input_px=side)
    picture = _picture(1)
    other.embed(picture[None])
    wanted = Image.fromarray(picture).resize((side, side), Image.Resampling.BILINEAR)
    assert np.abs(network.shown[0] - np.asarray(wanted, np.float32)).mean() < 8


@pytest.mark.parametrize("answer", [[float("nan"), 1], [0, 0]])
def test_numbers_that_are_none_are_refused(
    monkeypatch: pytest.MonkeyPatch, answer: list[float]
) -> None:
    with pytest.raises(ValueError, match="not a number"):
        _other(monkeypatch, answer)[0].embed(_pictures(1))


def test_a_card_of_another_size_than_the_network_is_a_user_error(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with pytest.raises(ModelMissing, match=r"output of \(1, 3\), but its card says \(1, 2\)"):
        _other(monkeypatch, [1, 2, 3])


def test_a_file_that_is_no_network_is_a_user_error(tmp_path: Path) -> None:
    broken = tmp_path / "net.onnx"
    broken.write_bytes(b"no network")
    with pytest.raises(ModelMissing, match="cannot be used"):
        Embedder(replace(load_card(), path=broken))


def test_importing_the_module_loads_no_onnxruntime() -> None:
    code = "import sys, imgdupe.fingerprint.embedding; sys.exit('onnxruntime' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_the_network_leaves_no_trace_of_its_use(tmp_path: Path) -> None:
    code = (
        "import numpy as np\n"
        "from imgdupe.fingerprint.embedding import Embedder\n"
        "from imgdupe.fingerprint.models import load_card\n"
        "Embedder(load_card()).embed(np.zeros((1, 224, 224, 3), np.uint8))\n"
    )
    inherited = {k: v for k, v in os.environ.items() if k not in ("CI", "ORT_DISABLE_TELEMETRY")}
    home = {"HOME": str(tmp_path), "XDG_CACHE_HOME": str(tmp_path / "cache")}
    subprocess.run([sys.executable, "-c", code], check=True, env={**inherited, **home})
    assert not list(tmp_path.rglob("*"))
