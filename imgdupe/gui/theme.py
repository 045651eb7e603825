# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""The colours, and how they reach every widget: Fusion, a palette of our own, one small sheet.

Main thread. Near photographs there are neutral greys only, so that nothing tints the eye. Qt's
own colour-scheme switch depends on the platform and is not relied upon. Painting code asks
`colours()` each time it paints; widgets repaint by themselves when the palette changes.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from string import Template

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication

from imgdupe import resources


@dataclass(frozen=True, slots=True)
class Colours:
    """One theme. `canvas` lies behind photographs, `list` behind lists, `panel` is the rest.

    `keep`, `remove`, `warning` and `accent` are legible as text on all three; `on_*` is the text
    on a surface filled with that colour.
    """

    panel: str
    list: str
    canvas: str
    text: str
    secondary: str
    accent: str
    keep: str
    remove: str
    warning: str
    outline: str
    focus: str
    line: str
    hover: str
    pressed: str
    selected: str
    disabled: str
    on_accent: str
    on_remove: str


DARK = Colours(
    panel="#303030",
    list="#262626",
    canvas="#1e1e1e",
    text="#dcdcdc",
    secondary="#ababab",
    accent="#6cb2ff",
    keep="#6fcf85",
    remove="#ff8a80",
    warning="#e8b95a",
    outline="#7a7a7a",
    focus="#9ecbff",
    line="#434343",
    hover="#3c3c3c",
    pressed="#272727",
    selected="#484848",
    disabled="#808080",
    on_accent="#10202f",
    on_remove="#33110e",
)
LIGHT = Colours(
    panel="#ececec",
    list="#f7f7f7",
    canvas="#e0e0e0",
    text="#1f1f1f",
    secondary="#555555",
    accent="#0b5cad",
    keep="#1c6e31",
    remove="#b3261e",
    warning="#7d5200",
    outline="#7a7a7a",
    focus="#0b5cad",
    line="#cfcfcf",
    hover="#e2e2e2",
    pressed="#d2d2d2",
    selected="#d4d4d4",
    disabled="#8a8a8a",
    on_accent="#ffffff",
    on_remove="#ffffff",
)

_current = DARK


def colours() -> Colours:
    """The theme in use."""
    return _current


def color(value: str) -> QColor:
    """A colour of a theme for painting."""
    return QColor(value)


def apply(app: QApplication, name: str) -> None:
    """Show "dark", "light" or "system" (the platform's choice; dark where it has none)."""
    global _current  # noqa: PLW0603 - the application has one theme
    _current = _wanted(name)
    if app.style().objectName() != "fusion":
        app.setStyle("Fusion")
    app.setPalette(_palette(_current))
    app.setStyleSheet(sheet(_current))


def is_other(name: str) -> bool:
    """Whether `apply` with this name would change anything."""
    return _wanted(name) is not _current


def sheet(theme: Colours) -> str:
    """The style sheet with the theme's colours and images filled in."""
    text = resources.path("styles", "imgdupe.qss").read_text(encoding="utf-8")
    images = resources.path("styles", "light" if theme is LIGHT else "dark").as_posix()
    return Template(text).substitute(asdict(theme), images=images)


def _wanted(name: str) -> Colours:
    if name == "system":
        light = QGuiApplication.styleHints().colorScheme() == Qt.ColorScheme.Light
        return LIGHT if light else DARK
    return LIGHT if name == "light" else DARK


def _palette(theme: Colours) -> QPalette:
    role = QPalette.ColorRole
    pairs = {
        role.Window: theme.panel,
        role.WindowText: theme.text,
        role.Base: theme.list,
        role.AlternateBase: theme.panel,
        role.ToolTipBase: theme.canvas,
        role.ToolTipText: theme.text,
        role.PlaceholderText: theme.secondary,
        role.Text: theme.text,
        role.Button: theme.panel,
        role.ButtonText: theme.text,
        role.BrightText: theme.remove,
        role.Link: theme.accent,
        role.LinkVisited: theme.accent,
        role.Highlight: theme.selected,
        role.HighlightedText: theme.text,
        role.Light: theme.hover,
        role.Midlight: theme.line,
        role.Mid: theme.line,
        role.Dark: theme.canvas,
        role.Shadow: theme.canvas,
        role.Accent: theme.accent,
    }
    palette = QPalette()
    for each, value in pairs.items():
        palette.setColor(each, QColor(value))
    for each in (role.WindowText, role.Text, role.ButtonText, role.HighlightedText):
        palette.setColor(QPalette.ColorGroup.Disabled, each, QColor(theme.disabled))
    return palette
