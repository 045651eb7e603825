# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""What a view shows when it has nothing to show: what happened, what is safe, one button.

Main thread; no state but its texts.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from imgdupe.gui import icons, theme

_ICON_PX = 64
_WIDTH_PX = 480


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
        centre = Qt.AlignmentFlag.AlignCenter
        self._icon = QLabel(alignment=centre)
        self._title = QLabel(alignment=centre, wordWrap=True)
        self._title.setProperty("role", "title")
        self._text = QLabel(alignment=centre, wordWrap=True)
        self._text.setProperty("role", "secondary")
        self.button = QPushButton()
        self.button.setProperty("role", "primary")
        self.button.clicked.connect(self.pressed)
        # A box of fixed width between stretches: a wrapped text only then gets the height it needs.
        box = QWidget()
        box.setFixedWidth(_WIDTH_PX)
        column = QVBoxLayout(box)
        column.setSpacing(12)
        column.addStretch(2)
        for widget in (self._icon, self._title, self._text):
            column.addWidget(widget)
        column.addWidget(self.button, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(3)
        row = QHBoxLayout(self)
        row.addStretch(1)
        row.addWidget(box)
        row.addStretch(1)
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
