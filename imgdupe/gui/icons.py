# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""The line icons, tinted with the theme's colours.

Main thread. The drawings use `currentColor`; each is rendered once per colour and size. Buttons
and actions remember their icon's name, so that `retint` can redraw all after a change of theme.
"""

from __future__ import annotations

from functools import cache

from PySide6.QtCore import QByteArray, QObject, QSize, Qt
from PySide6.QtGui import QAction, QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QAbstractButton, QWidget

from imgdupe import resources
from imgdupe.gui import theme

_SIZES_PX = (16, 20, 24, 32, 40, 48, 64)
_PROPERTY = "icon_name"


def icon(name: str, tint: str | None = None) -> QIcon:
    """The icon of that name in the text's colour (or `tint`), greyed where disabled."""
    colours = theme.colours()
    return _icon(name, tint or colours.text, colours.disabled)


@cache
def _icon(name: str, normal: str, disabled: str) -> QIcon:
    result = QIcon()
    for px in _SIZES_PX:
        for mode in (QIcon.Mode.Normal, QIcon.Mode.Active, QIcon.Mode.Selected):
            result.addPixmap(pixmap(name, px, normal), mode)
        result.addPixmap(pixmap(name, px, disabled), QIcon.Mode.Disabled)
    return result


@cache
def pixmap(name: str, px: int, colour: str, ratio: float = 1.0) -> QPixmap:
    """A square drawing of `px` logical pixels a side at this device pixel ratio."""
    image = QPixmap(QSize(round(px * ratio), round(px * ratio)))
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    _renderer(name, colour).render(painter)
    painter.end()
    image.setDevicePixelRatio(ratio)
    return image


@cache
def _renderer(name: str, colour: str) -> QSvgRenderer:
    text = resources.path("icons", f"{name}.svg").read_text(encoding="utf-8")
    return QSvgRenderer(QByteArray(text.replace("currentColor", colour).encode()))


def put(target: QAbstractButton | QAction, name: str) -> None:
    """Show the icon and remember its name."""
    target.setProperty(_PROPERTY, name)
    target.setIcon(icon(name))


def retint(root: QWidget) -> None:
    """Redraw every remembered icon below a window, after the theme changed."""
    children: list[QObject] = [*root.findChildren(QAbstractButton), *root.findChildren(QAction)]
    for child in children:
        name = child.property(_PROPERTY)
        if name and isinstance(child, QAbstractButton | QAction):
            child.setIcon(icon(str(name)))
