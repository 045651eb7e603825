# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""A short answer to what the user just did, over the lower edge of a view. Main thread.

It takes no room from the view, so that nothing moves under the pointer, and is read aloud.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QLabel, QWidget

_MARGIN_PX = 12
_WIDEST_PX = 640


class Toast(QLabel):
    """Shown while it says something."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._view = parent
        self.setProperty("role", "toast")
        self.setWordWrap(True)
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()
        parent.installEventFilter(self)

    def say(self, text: str) -> None:
        """Show this, or nothing."""
        self.setText(text)
        self.setVisible(bool(text))
        if text:
            self._place()
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, text))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and self.isVisible():
            self._place()
        return super().eventFilter(watched, event)

    def _place(self) -> None:
        parent = self._view
        room = min(parent.width() - 2 * _MARGIN_PX, _WIDEST_PX)
        needed = self.fontMetrics().horizontalAdvance(self.text()) + 4 * _MARGIN_PX
        width = min(room, needed)
        height = self.heightForWidth(width)
        left = (parent.width() - width) // 2
        self.setGeometry(left, parent.height() - height - _MARGIN_PX, width, height)
        self.raise_()
