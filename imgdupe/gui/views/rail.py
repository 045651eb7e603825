# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""The rail at the left edge: one button per view, the settings and the menu below.

Main thread. It knows names only; the window decides what they show.
"""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QButtonGroup,
    QFrame,
    QMenu,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from imgdupe.gui import icons

_WIDTH_PX = 84
_ICON_PX = 24


class Rail(QFrame):
    """Exclusive view buttons; `chosen` names the one the user pressed."""

    chosen = Signal(str)

    def __init__(self, settings: QAction, menu: QMenu, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedWidth(_WIDTH_PX)
        self._views = (
            ("groups", "groups", self.tr("Groups")),
            ("search", "search", self.tr("Search")),
            ("library", "folder", self.tr("Library")),
            ("history", "history", self.tr("History")),
            ("problems", "problems", self.tr("Problems")),
        )
        self._buttons: dict[str, QToolButton] = {}
        self._group = QButtonGroup(self)
        column = QVBoxLayout(self)
        column.setContentsMargins(6, 8, 6, 8)
        column.setSpacing(4)
        for name, icon, text in self._views:
            column.addWidget(self._view_button(name, icon, text))
        column.addStretch(1)
        column.addWidget(_settings_button(settings))
        column.addWidget(self._menu_button(menu))

    def select(self, name: str) -> None:
        """Show which view is open."""
        self._buttons[name].setChecked(True)

    def mark(self, name: str, count: int) -> None:
        """A number beside a view's name, such as problems waiting to be looked at."""
        button = self._buttons[name]
        text = next(text for each, _, text in self._views if each == name)
        button.setText(f"{text} {count}" if 0 < count < 1000 else text)

    def _view_button(self, name: str, icon: str, text: str) -> QToolButton:
        button = _button(icon, text)
        button.setCheckable(True)
        button.clicked.connect(lambda: self.chosen.emit(name))
        self._group.addButton(button)
        self._buttons[name] = button
        return button

    def _menu_button(self, menu: QMenu) -> QToolButton:
        button = _button("menu", self.tr("Menu"))
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        button.setMenu(menu)
        return button


def _button(icon: str, text: str) -> QToolButton:
    button = QToolButton()
    button.setProperty("role", "rail")
    button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextUnderIcon)
    button.setIconSize(QSize(_ICON_PX, _ICON_PX))
    button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
    button.setText(text)
    button.setAccessibleName(text)
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    icons.put(button, icon)
    return button


def _settings_button(action: QAction) -> QToolButton:
    button = _button("settings", action.text().rstrip("…"))
    button.setToolTip(action.toolTip())
    button.clicked.connect(action.trigger)
    return button
