# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
from __future__ import annotations

from dataclasses import asdict
from itertools import product

import pytest
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication

from imgdupe.gui import theme

THEMES = {"dark": theme.DARK, "light": theme.LIGHT}
SURFACES = ("panel", "list", "canvas", "hover")
TEXTS = ("text", "secondary", "accent", "keep", "remove", "warning")


def _luminance(colour: str) -> float:
    """WCAG 2 relative luminance."""
    parts = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(a: str, b: str) -> float:
    """WCAG 2 contrast ratio, 1 to 21."""
    dark, light = sorted((_luminance(a), _luminance(b)))
    return (light + 0.05) / (dark + 0.05)


def test_contrast_is_measured_as_the_standard_does() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)


@pytest.mark.parametrize(("name", "text", "surface"), list(product(THEMES, TEXTS, SURFACES)))
def test_every_text_is_legible_on_every_surface(name: str, text: str, surface: str) -> None:
    colours = asdict(THEMES[name])
    assert contrast(colours[text], colours[surface]) >= 4.5


@pytest.mark.parametrize("name", THEMES)
def test_filled_surfaces_outlines_and_focus_can_be_seen(name: str) -> None:
    colours = THEMES[name]
    assert contrast(colours.on_accent, colours.accent) >= 4.5
    assert contrast(colours.on_remove, colours.remove) >= 4.5
    assert contrast(colours.text, colours.selected) >= 4.5
    for surface in (colours.panel, colours.list, colours.canvas):
        assert contrast(colours.outline, surface) >= 3
        assert contrast(colours.focus, surface) >= 3


@pytest.mark.parametrize("name", THEMES)
def test_surfaces_are_neutral_grey(name: str) -> None:
    colours = asdict(THEMES[name])
    greys = {*SURFACES, "text", "secondary", "outline", "line", "pressed", "selected", "disabled"}
    for grey in greys:
        assert len({colours[grey][start : start + 2] for start in (1, 3, 5)}) == 1, grey


def test_the_dark_theme_has_the_designs_colours() -> None:
    dark = theme.DARK
    assert (dark.panel, dark.list, dark.canvas) == ("#303030", "#262626", "#1e1e1e")
    assert (dark.text, dark.secondary, dark.accent) == ("#dcdcdc", "#ababab", "#6cb2ff")
    assert (dark.keep, dark.remove, dark.warning) == ("#6fcf85", "#ff8a80", "#e8b95a")
    assert (dark.outline, dark.focus) == ("#7a7a7a", "#9ecbff")


@pytest.mark.parametrize("name", THEMES)
def test_applying_reaches_palette_sheet_and_painters(qapp: QApplication, name: str) -> None:
    theme.apply(qapp, name)
    assert theme.colours() is THEMES[name]
    assert not theme.is_other(name)
    window = qapp.palette().color(QPalette.ColorRole.Window)
    assert window == QColor(THEMES[name].panel)
    assert "$" not in qapp.styleSheet()
    assert THEMES[name].accent in qapp.styleSheet()


def test_the_system_theme_is_one_of_ours(qapp: QApplication) -> None:
    theme.apply(qapp, "system")
    assert theme.colours() in (theme.DARK, theme.LIGHT)
