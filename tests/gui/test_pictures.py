# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""Pictures made beside the main thread, their smaller copies and their differences."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtGui import QColor, QImage, QTransform
from pytestqt.qtbot import QtBot

from imgdupe.gui.difference import difference_image
from imgdupe.gui.loader import Loader, Unloadable
from imgdupe.gui.pictures import Mips, Pictures, to_image
from imgdupe.library.decode import DecodeError
from imgdupe.records import ProblemKind
from tests.helpers.groups import photo
from tests.helpers.photos import make_photo


def test_the_newest_request_comes_first_and_failures_have_reasons(qtbot: QtBot) -> None:
    order: list[str] = []
    loader = Loader("test", 1)

    def make(name: str) -> QImage:
        order.append(name)
        if name == "bad":
            raise DecodeError(ProblemKind.DAMAGED, "it is damaged")
        return QImage(2, 2, QImage.Format.Format_RGB32)

    arrived: dict[object, object] = {}
    loader.loaded.connect(arrived.update)
    with loader._changed:  # all are asked for before the thread takes the first
        for name in ("first", "dropped", "bad", "last"):
            loader._waiting[name] = partial(make, name)
        del loader._waiting["dropped"]
        loader._changed.notify()
    qtbot.waitUntil(lambda: len(arrived) == 3)
    assert order == ["last", "bad", "first"]
    assert arrived["bad"] == Unloadable("it is damaged")
    loader.close()


def test_pictures_are_kept_within_their_budget(
    tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("imgdupe.gui.pictures._BUDGET_BYTES", 1)
    pictures = Pictures()
    for number in range(4):
        path = tmp_path / f"{number}.jpg"
        make_photo(number, (300, 200)).save(path)
        with qtbot.waitSignal(pictures.loaded):
            pictures.screen(photo(str(path), number))
    assert len(pictures._kept) == 2
    pictures.close()


def test_smaller_copies_are_halved() -> None:
    mips, image = Mips(), QImage(800, 400, QImage.Format.Format_RGB32)
    assert mips.level(image, 0.9) is image
    assert mips.level(image, 0.3).width() == 400
    assert mips.level(image, 0.1).width() == 100


def test_equal_pictures_have_no_difference_and_changed_ones_have() -> None:
    left = np.asarray(make_photo(3, (400, 300)))
    changed = left.copy()
    changed[100:140, 200:260] = 255
    same = difference_image(to_image(left), to_image(left), QTransform())
    other = difference_image(to_image(left), to_image(changed), QTransform())
    assert _amber(same).sum() == 0
    assert _amber(other)[110:130, 210:250].mean() > 0.9
    assert _amber(other)[:90].sum() == 0


def test_a_shift_of_a_pixel_is_no_difference() -> None:
    left = np.asarray(make_photo(3, (400, 300), grain=0))
    moved = np.roll(left, 1, axis=1)
    shown = difference_image(to_image(left), to_image(moved), QTransform())
    assert _amber(shown)[5:-5, 5:-5].mean() < 0.001


def test_what_the_other_does_not_show_is_hatched() -> None:
    left = np.full((200, 200, 3), 90, dtype=np.uint8)
    half = QTransform(0.5, 0, 0, 1, 0, 0)
    shown = difference_image(to_image(left), to_image(left[:, :100]), half)
    grey = {shown.pixelColor(x, 50).red() for x in range(110, 190)}
    assert len(grey) == 2
    assert shown.pixelColor(40, 50) == QColor(27, 27, 27)


def _amber(image: QImage) -> NDArray[np.bool_]:
    """Where a difference is drawn strongly."""
    plain = image.convertToFormat(QImage.Format.Format_RGB888)
    rows = np.frombuffer(plain.constBits(), dtype=np.uint8).reshape(plain.height(), -1)
    pixels = rows[:, : 3 * plain.width()].reshape(plain.height(), plain.width(), 3).astype(int)
    return np.asarray(pixels[..., 0] - pixels[..., 2] > 40)
