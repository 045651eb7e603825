# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""The sheet of all keys, opened with `?`. Main thread; shows and decides nothing."""

from __future__ import annotations

from PySide6.QtCore import QMargins, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from imgdupe.gui.actions import KeyHelp, key_sheet


class KeysDialog(QDialog):
    """Two columns of keys, which scroll where the window is smaller than they are."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Keys"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        sheet = QWidget()
        columns = QGridLayout(sheet)
        columns.setContentsMargins(0, 0, 0, 0)
        columns.setSpacing(14)
        decide, look, everywhere = (key_section(*section) for section in key_sheet())
        columns.addWidget(decide, 0, 0)
        columns.addWidget(everywhere, 1, 0)
        columns.addWidget(look, 0, 1, 2, 1)
        scroll = QScrollArea()
        scroll.setWidget(sheet)
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setAccessibleName(self.tr("All keys"))
        note = QLabel(self.tr("No key works while you write in a text field."))
        note.setProperty("role", "secondary")
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        foot = QHBoxLayout()
        foot.addWidget(note, 1)
        foot.addWidget(buttons)
        column = QVBoxLayout(self)
        column.setContentsMargins(18, 18, 18, 14)
        column.setSpacing(14)
        column.addWidget(scroll)
        column.addLayout(foot)
        whole = sheet.sizeHint().grownBy(QMargins(100, 18, 100, 2 * buttons.sizeHint().height()))
        room = QGuiApplication.primaryScreen().availableSize() if parent is None else parent.size()
        self.resize(whole.boundedTo(room))


def key_section(title: str, lines: list[KeyHelp]) -> QFrame:
    """A card with some keys and what they do."""
    card = QFrame()
    card.setProperty("role", "card")
    grid = QGridLayout(card)
    grid.setContentsMargins(16, 14, 16, 16)
    grid.setHorizontalSpacing(16)
    grid.setVerticalSpacing(7)
    heading = QLabel(title)
    heading.setProperty("role", "heading")
    grid.addWidget(heading, 0, 0, 1, 2)
    for row, line in enumerate(lines, 1):
        key = QLabel(line.keys)
        key.setProperty("role", "key")
        text = QLabel(line.text, wordWrap=True)
        text.setProperty("role", "secondary")
        grid.addWidget(key, row, 0, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        grid.addWidget(text, row, 1)
    grid.setColumnStretch(1, 1)
    grid.setRowStretch(len(lines) + 1, 1)
    return card
