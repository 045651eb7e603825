# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""Editable lists in the settings: of folders, and of words. Main thread."""

from __future__ import annotations

import os
from collections.abc import Sequence

from PySide6.QtWidgets import (
    QFileDialog,
    QHBoxLayout,
    QLineEdit,
    QListWidget,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from imgdupe.gui import formatting, icons


class _EditableList(QWidget):
    """A list with an "Add" and a "Remove" button below it."""

    def __init__(self, values: Sequence[str], name: str) -> None:
        super().__init__()
        self._list = QListWidget()
        self._list.setAccessibleName(name)
        self._values: list[str] = []
        self._list.itemSelectionChanged.connect(self._on_selected)
        self._take = QPushButton(self.tr("Remove"))
        self._take.setAccessibleName(self.tr("Remove from {0}").format(name))
        self._take.clicked.connect(self._on_take)
        self._add = QPushButton(self.tr("Add"))
        self._add.setAccessibleName(self.tr("Add to {0}").format(name))
        icons.put(self._take, "minus")
        icons.put(self._add, "add")
        self._row = QHBoxLayout()
        self._row.addWidget(self._add)
        self._row.addWidget(self._take)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(self._list, 1)
        column.addLayout(self._row)
        for value in values:
            self.add(value)
        self._on_selected()

    def values(self) -> tuple[str, ...]:
        """What the list holds, in its order."""
        return tuple(self._values)

    def add(self, value: str) -> None:
        """Append it, unless it is there already or empty."""
        if value and value not in self._values:
            self._values.append(value)
            # Shown as text a person can read; the value itself may hold undecodable bytes.
            self._list.addItem(formatting.path(os.fsencode(value)))

    def _on_selected(self) -> None:
        self._take.setEnabled(bool(self._list.selectedItems()))

    def _on_take(self) -> None:
        for item in self._list.selectedItems():
            row = self._list.row(item)
            self._list.takeItem(row)
            del self._values[row]


class FolderList(_EditableList):
    """Folders as the file system spells them (undecodable bytes as surrogates)."""

    def __init__(self, values: Sequence[str], name: str) -> None:
        super().__init__(values, name)
        self._add.setText(self.tr("Add folder…"))
        self._add.clicked.connect(self._on_add)
        self._row.addStretch(1)

    def _on_add(self) -> None:
        dialog = QFileDialog(self, self.tr("Choose a folder"))
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.fileSelected.connect(self.add)
        dialog.open()


class TextList(_EditableList):
    """Words typed by the user."""

    def __init__(self, values: Sequence[str], name: str, placeholder: str) -> None:
        super().__init__(values, name)
        self._field = QLineEdit(placeholderText=placeholder)
        self._field.setAccessibleName(self.tr("New entry for {0}").format(name))
        self._row.insertWidget(0, self._field, 1)
        self._add.clicked.connect(self._on_add)

    def values(self) -> tuple[str, ...]:
        """Also what was typed and not yet added."""
        typed = self._field.text().strip()
        kept = super().values()
        return (*kept, typed) if typed and typed not in kept else kept

    def _on_add(self) -> None:
        self.add(self._field.text().strip())
        self._field.clear()
