# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""Finds and drives widgets as a user would, with types."""

from __future__ import annotations

from typing import TypeVar

from PySide6.QtCore import QObject, QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QWidget

T = TypeVar("T", bound=QObject)
_NONE = Qt.KeyboardModifier.NoModifier


def child(parent: QObject, kind: type[T]) -> T:
    """The first child of that kind."""
    found = parent.findChild(kind)
    assert found is not None, f"no {kind.__name__} here"
    return found


def button(parent: QObject, text: str) -> QAbstractButton:
    """The button that says `text`, or is called so."""
    for each in parent.findChildren(QAbstractButton):
        if text in (each.text(), each.accessibleName()):
            return each
    raise AssertionError(f"no button {text!r} here")


def press(widget: QWidget, key: Qt.Key, modifiers: Qt.KeyboardModifier = _NONE) -> None:
    """Press and release a key over the widget."""
    QTest.keyClick(widget, key, modifiers)


def write(widget: QWidget, text: str) -> None:
    """Type the text."""
    QTest.keyClicks(widget, text)


def click(widget: QWidget) -> None:
    """Click in the middle with the left button."""
    QTest.mouseClick(widget, Qt.MouseButton.LeftButton, _NONE, QPoint())
