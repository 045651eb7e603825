# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""The pages of the settings that tell: keys, storage, and the network in use. Main thread."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import (
    QButtonGroup,
    QFileDialog,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QRadioButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from imgdupe.catalog.paths import Paths
from imgdupe.catalog.settings import Settings
from imgdupe.errors import ModelMissing
from imgdupe.fingerprint.models import load_card
from imgdupe.gui import formatting, icons
from imgdupe.gui.actions import key_sheet
from imgdupe.gui.desktop import reveal
from imgdupe.gui.dialogs.keys import key_section
from imgdupe.gui.dialogs.page_parts import Page, heading, hint


class KeysPage(Page):
    """The same list that "?" shows."""

    def __init__(self) -> None:
        super().__init__(self.tr("Keys"))
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, 0, 8, 0)
        for title, lines in key_sheet():
            column.addWidget(key_section(title, lines))
        area = QScrollArea(widgetResizable=True)
        area.setAccessibleName(self.tr("Keys"))
        area.setWidget(inner)
        self.column.addWidget(area, 1)


class StoragePage(Page):
    """Where imgdupe keeps its own files, and how large they are."""

    def __init__(self, paths: Paths) -> None:
        super().__init__(self.tr("Storage"))
        rows = (
            (
                paths.data,
                self.tr("Library"),
                self.tr("What was found in your photos, your decisions and the history."),
            ),
            (
                paths.cache,
                self.tr("Cache"),
                self.tr("Thumbnails and the like; may be deleted while imgdupe is closed."),
            ),
            (
                paths.config / "settings.json",
                self.tr("Settings"),
                self.tr("A file that a person can read; written once something was changed."),
            ),
            (paths.log, self.tr("Log"), self.tr("What imgdupe did; it never leaves here.")),
        )
        for path, name, text in rows:
            self.column.addWidget(_place(path, name, text))
        self.column.addWidget(
            hint(self.tr("Your photos are not in here; they stay where they are."))
        )
        self.column.addStretch(1)


class ModelPage(Page):
    """The network that recognises pictures: the shipped one, or another in a folder."""

    def __init__(self, settings: Settings) -> None:
        super().__init__(self.tr("Model"))
        self._folder = settings.model
        self.column.addWidget(
            hint(
                self.tr(
                    "A network turns each picture into numbers that are near each other for "
                    "pictures that look alike. It runs on this computer only. Another one has to "
                    "look at every photo again; nothing that you decided is lost."
                )
            )
        )
        self.shipped = QRadioButton(self.tr("imgdupe's own"))
        self.other = QRadioButton(self.tr("Another, from a folder with its card.json"))
        self._choice = QButtonGroup(self)
        self._state = hint("")
        self._choose = QPushButton(self.tr("Choose folder…"))
        self._choose.clicked.connect(self._on_choose)
        icons.put(self._choose, "folder")
        for button in (self.shipped, self.other):
            self._choice.addButton(button)
            self.column.addWidget(button)
        (self.other if settings.model else self.shipped).setChecked(True)
        self.column.addWidget(self._choose, 0, Qt.AlignmentFlag.AlignLeft)
        self.column.addWidget(heading(self.tr("In use")))
        self.column.addWidget(self._state)
        self.column.addStretch(1)
        self._choice.buttonToggled.connect(lambda _button, _on: self._show())
        self._show()

    def choose(self, folder: str) -> None:
        """Use the network in this folder."""
        self._folder = folder
        self.other.setChecked(True)
        self._show()

    def changed(self, settings: Settings) -> Settings:
        return replace(settings, model=self._wanted())

    def _wanted(self) -> str:
        return self._folder if self.other.isChecked() else ""

    def _show(self) -> None:
        self._choose.setEnabled(self.other.isChecked())
        wanted = self._wanted()
        if self.other.isChecked() and not wanted:
            self._state.setText(self.tr("No folder is chosen yet; imgdupe's own is used."))
            return
        try:
            card = load_card(Path(wanted) if wanted else None)
        except ModelMissing as error:
            self._state.setText(str(error))
            return
        text = self.tr("{0}\nnumber {1}, pictures of {2} × {2} pixels, {3} numbers each")
        name = formatting.home_path(os.fsencode(card.path))
        self._state.setText(text.format(name, card.id, card.input_px, card.dim))

    def _on_choose(self) -> None:
        dialog = QFileDialog(self, self.tr("Choose the model's folder"))
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.fileSelected.connect(self.choose)
        dialog.open()


def _place(path: Path, name: str, text: str) -> QFrame:
    card = QFrame()
    card.setProperty("role", "card")
    title = heading(f"{name}  ·  {formatting.size(_bytes_in(path))}")
    where = QLabel(formatting.home_path(os.fsencode(path)), wordWrap=True)
    where.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    show = QPushButton(QCoreApplication.translate("settings", "Show"))
    show.setAccessibleName(f"{show.text()}: {name}")
    icons.put(show, "reveal")
    show.clicked.connect(lambda: reveal(os.fsencode(path)))
    words = QVBoxLayout()
    words.setSpacing(2)
    for widget in (title, where, hint(text)):
        words.addWidget(widget)
    row = QHBoxLayout(card)
    row.setContentsMargins(14, 8, 12, 10)
    row.addLayout(words, 1)
    row.addWidget(show)
    return card


def _bytes_in(folder: Path) -> int:
    """The size of a file of ours, or of all below a folder."""
    total = folder.stat().st_size if folder.is_file() else 0
    for base, _, names in os.walk(folder):
        for name in names:
            try:
                total += os.lstat(os.path.join(base, name)).st_size
            except OSError:
                continue  # gone meanwhile
    return total
