# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""S1: the first thing a new user sees, a place to drop folders and what imgdupe promises.

Main thread. It offers folders; the window adds them.
"""

from __future__ import annotations

import os

from PySide6.QtCore import QEvent, QStandardPaths, Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from imgdupe.gui import icons, theme
from imgdupe.gui.formatting import home_path

_DROP_WIDTH_PX = 620
_ICON_PX = 112


class FirstRun(QWidget):
    """The drop target, the usual folders as suggestions, three promises."""

    add_pressed = Signal()
    folder_chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icon = QLabel(alignment=Qt.AlignmentFlag.AlignCenter)
        column = QVBoxLayout(self)
        column.setSpacing(22)
        column.addStretch(2)
        column.addWidget(self._drop_target(), 0, Qt.AlignmentFlag.AlignHCenter)
        column.addWidget(self._promises(), 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(3)
        self._draw()

    def _drop_target(self) -> QWidget:
        target = QFrame()
        target.setProperty("role", "drop")
        target.setFixedWidth(_DROP_WIDTH_PX)
        column = QVBoxLayout(target)
        column.setContentsMargins(32, 34, 32, 30)
        column.setSpacing(14)
        title = QLabel(self.tr("Drop photo folders here"))
        title.setAlignment(Qt.AlignmentFlag.AlignCenter)
        title.setProperty("role", "title")
        hint = QLabel(self.tr("Folders, disks or memory cards. Groups appear while it scans."))
        hint.setAlignment(Qt.AlignmentFlag.AlignCenter)
        hint.setProperty("role", "secondary")
        self.add = QPushButton(self.tr("Add folder…"))
        self.add.setProperty("role", "primary")
        self.add.clicked.connect(self.add_pressed)
        column.addWidget(self._icon)
        column.addWidget(title)
        column.addWidget(hint)
        column.addSpacing(6)
        column.addWidget(self.add, 0, Qt.AlignmentFlag.AlignHCenter)
        if suggestions := self._suggestions():
            column.addSpacing(4)
            column.addLayout(suggestions)
        return target

    def _suggestions(self) -> QHBoxLayout | None:
        folders = suggested_folders()
        if not folders:
            return None
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addStretch(1)
        label = QLabel(self.tr("or begin with"))
        label.setProperty("role", "secondary")
        row.addWidget(label)
        for folder in folders:
            row.addWidget(self._suggestion(folder))
        row.addStretch(1)
        return row

    def _suggestion(self, folder: bytes) -> QPushButton:
        name = os.fsdecode(os.path.basename(folder))
        button = QPushButton(name)
        button.setToolTip(self.tr("Scan {0}").format(home_path(folder)))
        button.setAccessibleName(self.tr("Scan {0}").format(home_path(folder)))
        icons.put(button, "folder")
        button.clicked.connect(lambda: self.folder_chosen.emit(folder))
        return button

    def _promises(self) -> QWidget:
        box = QWidget()
        box.setFixedWidth(_DROP_WIDTH_PX - 120)
        column = QVBoxLayout(box)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        for icon, text in (
            ("shield", self.tr("Your photos never leave this computer.")),
            ("check", self.tr("A scan only reads: nothing is changed, moved or renamed.")),
            (
                "undo",
                self.tr("Nothing is removed without asking, and every removal can be undone."),
            ),
        ):
            column.addWidget(_Promise(icon, text))
        return box

    def _draw(self) -> None:
        ratio = self.devicePixelRatioF()
        self._icon.setPixmap(icons.pixmap("drop", _ICON_PX, theme.colours().secondary, ratio))

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.PaletteChange:
            self._draw()
        super().changeEvent(event)


class _Promise(QWidget):
    """An icon and a sentence."""

    def __init__(self, icon: str, text: str) -> None:
        super().__init__()
        self._name = icon
        self._icon = QLabel()
        label = QLabel(text, wordWrap=True)
        label.setProperty("role", "secondary")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(12)
        row.addWidget(self._icon)
        row.addWidget(label, 1)
        self._draw()

    def _draw(self) -> None:
        colour, ratio = theme.colours().keep, self.devicePixelRatioF()
        self._icon.setPixmap(icons.pixmap(self._name, 20, colour, ratio))

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.PaletteChange:
            self._draw()
        super().changeEvent(event)


def suggested_folders() -> list[bytes]:
    """The user's Pictures and Downloads, as far as they exist and are not the home itself."""
    location = QStandardPaths.StandardLocation
    home = os.path.expanduser("~")
    found = []
    for each in (location.PicturesLocation, location.DownloadLocation):
        folder = QStandardPaths.writableLocation(each)
        if folder and os.path.isdir(folder) and not os.path.samefile(folder, home):
            found.append(os.fsencode(os.path.abspath(folder)))
    return found
