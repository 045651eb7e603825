# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""What a view shows when it has nothing to show: what happened, what is safe, one button.

Main thread; no state but its texts.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtWidgets import QLabel, QPushButton, QVBoxLayout, QWidget

from imgdupe.gui import icons, theme

_ICON_PX = 64
_TEXT_WIDTH_PX = 460


class EmptyState(QWidget):
    """An icon, a title, a sentence or two, and at most one button, in the middle."""

    pressed = Signal()

    def __init__(
        self,
        icon: str,
        title: str,
        text: str,
        button_text: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._icon_name = icon
        self._icon = QLabel(alignment=Qt.AlignmentFlag.AlignCenter)
        self._title = QLabel(alignment=Qt.AlignmentFlag.AlignCenter, wordWrap=True)
        self._title.setProperty("role", "title")
        self._text = QLabel(alignment=Qt.AlignmentFlag.AlignCenter, wordWrap=True)
        self._text.setProperty("role", "secondary")
        self._text.setFixedWidth(_TEXT_WIDTH_PX)
        self.button = QPushButton()
        self.button.setProperty("role", "primary")
        self.button.clicked.connect(self.pressed)
        column = QVBoxLayout(self)
        column.setSpacing(12)
        column.addStretch(2)
        for widget in (self._icon, self._title, self._text, self.button):
            column.addWidget(widget, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(3)
        self.set(icon, title, text, button_text)

    def set(self, icon: str, title: str, text: str, button_text: str = "") -> None:
        """Say something else."""
        self._icon_name = icon
        self._title.setText(title)
        self._text.setText(text)
        self.button.setText(button_text)
        self.button.setVisible(bool(button_text))
        self._draw()

    def _draw(self) -> None:
        colour, ratio = theme.colours().outline, self.devicePixelRatioF()
        self._icon.setPixmap(icons.pixmap(self._icon_name, _ICON_PX, colour, ratio))

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.PaletteChange:
            self._draw()
        super().changeEvent(event)
