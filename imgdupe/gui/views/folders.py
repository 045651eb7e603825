# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""S10: the folders of the library, what each holds, and what it means to the suggestions.

Main thread. Taking a folder out of the library forgets its rows; no file is touched.
"""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLabel,
    QMessageBox,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from imgdupe.gui import formatting, icons
from imgdupe.gui.desktop import reveal
from imgdupe.gui.models.folders import FolderRow, FoldersModel, Role, role_text
from imgdupe.gui.views.table import Table


class FoldersView(QWidget):
    """Asks by signals: `scan_requested` and `forget_requested` bring paths, `role_chosen` both."""

    add_pressed = Signal()
    scan_requested = Signal(object)
    forget_requested = Signal(object)
    role_chosen = Signal(object, object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = FoldersModel()
        self.table: Table[FolderRow] = Table(self._model, self.tr("Folders of the library"))
        self.table.size_columns([260, 80, 95, 105, 125, 110, 120], 0)
        self.table.selectionModel().selectionChanged.connect(self._on_selected)
        self._title = QLabel(self.tr("Library"))
        self._title.setProperty("role", "title")
        self._summary = QLabel()
        self._summary.setProperty("role", "secondary")
        self.add = QPushButton(self.tr("Add folder…"))
        self.add.setProperty("role", "primary")
        self.add.clicked.connect(self.add_pressed)
        self.scan = self._button(self.tr("Scan again"), "refresh")
        self.scan.clicked.connect(lambda: self.scan_requested.emit(self._paths()))
        self.show_folder = self._button(self.tr("Show"), "reveal")
        self.show_folder.clicked.connect(lambda: reveal(self._paths()[0]))
        self.forget = self._button(self.tr("Take out…"), "minus")
        self.forget.setToolTip(self.tr("Take the folder out of the library; its files stay"))
        self.forget.clicked.connect(self._on_forget)
        self.role = QComboBox()
        self.role.setAccessibleName(self.tr("Role of the selected folders"))
        for role in Role:
            self.role.addItem(role_text(role), role)
        self.role.activated.connect(self._on_role)
        self._lay_out()
        self._on_selected()

    def set_rows(self, rows: list[FolderRow]) -> None:
        """Show the folders; the selection stays with its paths."""
        chosen = set(self._paths())
        self._model.set_rows(rows)
        for place, row in enumerate(self.table.shown()):
            if row.path in chosen:
                self.table.selectRow(place)
        photos = sum(row.photos for row in rows)
        copies = sum(row.copies for row in rows)
        size = formatting.size(sum(row.reclaimable_bytes for row in rows))
        self._summary.setText(
            self.tr("{0} in {1}; {2} could go, {3}").format(
                formatting.photos(photos),
                formatting.folders(len(rows)),
                formatting.number(copies),
                size,
            )
        )
        self._on_selected()

    def _paths(self) -> list[bytes]:
        return [row.path for row in self.table.selected()]

    def _on_selected(self) -> None:
        rows = self.table.selected()
        for widget in (self.scan, self.forget, self.role):
            widget.setEnabled(bool(rows))
        self.show_folder.setEnabled(len(rows) == 1 and rows[0].online)
        if rows:
            self.role.setCurrentIndex(self.role.findData(rows[0].role))

    def _on_role(self) -> None:
        self.role_chosen.emit(self._paths(), self.role.currentData())

    def _on_forget(self) -> None:
        rows = self.table.selected()
        box = QMessageBox(self)
        box.setIcon(QMessageBox.Icon.Question)
        box.setWindowTitle(self.tr("Take out of the library"))
        box.setText(
            self.tr("Take {0} with {1} out of the library?").format(
                formatting.folders(len(rows)), formatting.photos(sum(row.photos for row in rows))
            )
        )
        box.setInformativeText(
            self.tr("No file is touched. Adding the folder again means reading it again.")
        )
        take_out = box.addButton(self.tr("Take out"), QMessageBox.ButtonRole.AcceptRole)
        box.addButton(QMessageBox.StandardButton.Cancel)
        paths = self._paths()
        take_out.clicked.connect(lambda: self.forget_requested.emit(paths))
        box.open()

    def _button(self, text: str, icon: str) -> QPushButton:
        button = QPushButton(text)
        icons.put(button, icon)
        return button

    def _lay_out(self) -> None:
        titles = QVBoxLayout()
        titles.setSpacing(2)
        titles.addWidget(self._title)
        titles.addWidget(self._summary)
        head = QHBoxLayout()
        head.addLayout(titles, 1)
        head.addWidget(self.add)
        role_label = QLabel(self.tr("Role"))
        role_label.setProperty("role", "secondary")
        role_label.setBuddy(self.role)
        tools = QHBoxLayout()
        for widget in (self.scan, self.show_folder, self.forget):
            tools.addWidget(widget)
        tools.addStretch(1)
        tools.addWidget(role_label)
        tools.addWidget(self.role)
        note = QLabel(
            self.tr(
                "Preferred: photos here are suggested as the ones to keep. "
                "Protected: nothing in it is ever removed. "
                "Ignored: its photos stay out of the groups."
            ),
            wordWrap=True,
        )
        note.setProperty("role", "secondary")
        column = QVBoxLayout(self)
        column.setContentsMargins(18, 16, 18, 12)
        column.setSpacing(10)
        column.addLayout(head)
        column.addWidget(self.table, 1)
        column.addLayout(tools)
        column.addWidget(note)
