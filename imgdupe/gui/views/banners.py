# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""Messages above a view: what happened, what is safe, at most one button. Never modal.

Main thread. A message with the same key replaces its older self.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from imgdupe.gui import icons

Tone = Literal["info", "warning", "error"]
_INFO_MS = 20_000
_ICONS = {"info": "info", "warning": "problems", "error": "remove"}


class Banner(QFrame):
    """One message, until it is dismissed; what only informs goes by itself."""

    dismissed = Signal()

    def __init__(self, text: str, tone: Tone, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._gone = False
        if tone == "info":
            QTimer.singleShot(_INFO_MS, self, self.dismiss)
        self.setProperty("role", "banner")
        self.setProperty("tone", tone)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(14, 8, 8, 8)
        self._row.setSpacing(10)
        icon = QToolButton()
        icon.setEnabled(True)
        icon.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        icon.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        icon.setAccessibleName(tone)
        icons.put(icon, _ICONS[tone])
        self.label = QLabel(text, wordWrap=True)
        self.label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._row.addWidget(icon)
        self._row.addWidget(self.label, 1)
        close = QToolButton()
        close.setIconSize(QSize(16, 16))
        close.setAccessibleName(self.tr("Close this message"))
        close.setToolTip(self.tr("Close this message"))
        close.clicked.connect(self.dismiss)
        icons.put(close, "close")
        self._row.addWidget(close)

    def add_button(self, text: str, action: Callable[[], None]) -> None:
        """One way on; pressing it closes the message."""
        button = QPushButton(text)
        button.clicked.connect(self.dismiss)
        button.clicked.connect(lambda _checked: action())
        self._row.insertWidget(2, button)

    def dismiss(self) -> None:
        if not self._gone:
            self._gone = True
            self.hide()
            self.dismissed.emit()
            self.deleteLater()


class BannerStack(QWidget):
    """All messages, the newest below."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self._shown: list[Banner] = []

    def show_message(
        self,
        text: str,
        tone: Tone = "info",
        button: str = "",
        action: Callable[[], None] | None = None,
        key: str = "",
    ) -> None:
        """Show a message; `key` (the text by default) names it for replacing and clearing."""
        self.clear(key or text)
        banner = Banner(text, tone)
        banner.setObjectName(key or text)
        if action is not None:
            banner.add_button(button, action)
        banner.dismissed.connect(lambda: self._shown.remove(banner))
        self._shown.append(banner)
        self._column.addWidget(banner)

    def clear(self, key: str) -> None:
        """Take the message of that key away, if it is there."""
        for banner in self.banners():
            if banner.objectName() == key:
                banner.dismiss()

    def banners(self) -> list[Banner]:
        """What is shown now, the oldest first."""
        return list(self._shown)
