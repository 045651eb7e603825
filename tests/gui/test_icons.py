# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
from __future__ import annotations

import re

import pytest
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QApplication, QPushButton, QWidget

from imgdupe import resources
from imgdupe.gui import icons, theme
from tests.helpers.source import REPOSITORY

NAMES = sorted(path.stem for path in resources.path("icons").glob("*.svg"))


@pytest.mark.parametrize("name", NAMES)
def test_every_icon_draws_something(qapp: QApplication, name: str) -> None:
    image = icons.pixmap(name, 24, "#ffffff", 2.0).toImage()
    assert (image.width(), image.height()) == (48, 48)
    seen = sum(image.pixelColor(x, y).alpha() > 0 for x in range(48) for y in range(48))
    assert seen > 40


def test_every_icon_that_is_asked_for_exists() -> None:
    pattern = re.compile(r"icons\.(?:put|icon|pixmap)\(\s*(?:[\w.]+,\s*)?\"([a-z-]+)\"")
    asked = {
        name
        for path in (REPOSITORY / "imgdupe" / "gui").rglob("*.py")
        for name in pattern.findall(path.read_text(encoding="utf-8"))
    }
    assert asked
    assert asked <= set(NAMES)


def test_icons_follow_the_theme(qapp: QApplication) -> None:
    theme.apply(qapp, "dark")
    window = QWidget()
    button = QPushButton(parent=window)
    icons.put(button, "stop")
    before = _brightest(button.icon())
    theme.apply(qapp, "light")
    icons.retint(window)
    assert _brightest(button.icon()) < before
    theme.apply(qapp, "dark")


def _brightest(icon: QIcon) -> int:
    image = icon.pixmap(24, 24).toImage()
    visible = [image.pixelColor(x, y) for x in range(24) for y in range(24)]
    return max(colour.lightness() for colour in visible if colour.alpha() == 255)
