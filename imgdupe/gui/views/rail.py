# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""The rail at the left edge: one button per view, the settings and the menu below.

Main thread. It knows names only; the window decides what they show.
"""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QAction, QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QFrame,
    QMenu,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from imgdupe.gui import formatting, icons, theme

_WIDTH_PX = 84
_ICON_PX = 24
_MOST = 1000


class Rail(QFrame):
    """Exclusive view buttons; `chosen` names the one the user pressed."""

    chosen = Signal(str)

    def __init__(self, settings: QAction, menu: QMenu, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setMinimumWidth(_WIDTH_PX)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)
        self._views = (
            ("groups", "groups", self.tr("Groups")),
            ("search", "search", self.tr("Search")),
            ("library", "folder", self.tr("Library")),
            ("history", "history", self.tr("History")),
            ("problems", "problems", self.tr("Problems")),
        )
        self._buttons: dict[str, _RailButton] = {}
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
        self._buttons[name].mark(count)

    def _view_button(self, name: str, icon: str, text: str) -> _RailButton:
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


class _RailButton(QToolButton):
    """With a number at the corner of its icon, where something waits to be looked at."""

    _count = 0

    def mark(self, count: int) -> None:
        """Show a number; none for 0."""
        self._count = count
        number = f", {formatting.number(count)}" if count else ""
        self.setAccessibleName(self.text() + number)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self._count:
            return
        colours = theme.colours()
        text = formatting.number(self._count) if self._count < _MOST else f"{_MOST - 1}+"
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        font = painter.font()
        font.setPointSizeF(font.pointSizeF() * 0.85)
        painter.setFont(font)
        height = painter.fontMetrics().height()
        width = max(painter.fontMetrics().horizontalAdvance(text) + 8, height)
        box = QRectF(self.width() / 2 + 6, 4, width, height)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(colours.warning))
        painter.drawRoundedRect(box, height / 2, height / 2)
        painter.setPen(QColor(colours.canvas))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)


def _button(icon: str, text: str) -> _RailButton:
    button = _RailButton()
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
