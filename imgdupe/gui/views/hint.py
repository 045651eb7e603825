# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""What a newcomer should know about reviewing, until it is dismissed for good. Main thread."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QWidget


class Hint(QFrame):
    """`dismissed`: never again; `keys_pressed`: show all keys."""

    dismissed = Signal()
    keys_pressed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "banner")
        self.setProperty("tone", "info")
        text = self.tr(
            "A dashed frame is a suggestion: K stays, X goes. Enter accepts it, P keeps a photo, X "
            "marks it. Marking removes nothing; you see everything again before."
        )
        label = QLabel(text, wordWrap=True)
        keys = QPushButton(self.tr("All keys"))
        keys.setProperty("role", "link")
        keys.clicked.connect(self.keys_pressed)
        self.got_it = QPushButton(self.tr("Got it"))
        self.got_it.clicked.connect(self._on_got_it)
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 8, 8, 8)
        row.setSpacing(10)
        row.addWidget(label, 1)
        row.addWidget(keys)
        row.addWidget(self.got_it)
        self.hide()

    def offer(self, wanted: bool) -> None:
        """Show it to who has not dismissed it."""
        self.setVisible(wanted)

    def _on_got_it(self) -> None:
        self.hide()
        self.dismissed.emit()
