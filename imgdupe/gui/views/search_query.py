# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""The left side of the search: the picture that is looked for, and the other ones.

Main thread. Shows queries; it asks for nothing itself.
"""

from __future__ import annotations

import os
from dataclasses import dataclass

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QIcon, QImage, QPixmap
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from imgdupe.engine.search import SearchResult
from imgdupe.gui import formatting, icons, theme

PICTURE_PX = 240
_LIST_ICON_PX = 40
_WIDTH_PX = PICTURE_PX + 2 * 16


@dataclass(slots=True, eq=False)
class Query:
    """A picture that is looked for. `path` is None and `data` its bytes if it was pasted.

    It waits while it has neither result nor error.
    """

    path: bytes | None
    name: str
    data: bytes = b""
    picture: QImage | None = None
    result: SearchResult | None = None
    error: str | None = None

    @property
    def waits(self) -> bool:
        return self.result is None and self.error is None


class QueryPanel(QWidget):
    """`chosen` brings the row of another query, `cleared` comes when all are to be forgotten."""

    chosen = Signal(int)
    cleared = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setFixedWidth(_WIDTH_PX)
        centre = Qt.AlignmentFlag.AlignCenter
        self.picture = QLabel(alignment=centre)
        self.picture.setProperty("role", "canvas")
        self.picture.setFixedSize(PICTURE_PX, PICTURE_PX)
        self.name = QLabel(wordWrap=True)
        self.name.setProperty("role", "heading")
        self.exact = QLabel(wordWrap=True)
        self.exact.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse
            | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.list = QListWidget()
        self.list.setAccessibleName(self.tr("Pictures that were looked for"))
        self.list.setIconSize(QSize(_LIST_ICON_PX, _LIST_ICON_PX))
        self.list.currentRowChanged.connect(self.chosen)
        self.clear = QPushButton(self.tr("Clear"))
        self.clear.setProperty("role", "link")
        self.clear.setAccessibleName(self.tr("Forget the pictures that were looked for"))
        self.clear.clicked.connect(self.cleared)
        self._lay_out()

    def _lay_out(self) -> None:
        self._list_title = QLabel(self.tr("Looked for"))
        self._list_title.setProperty("role", "secondary")
        head = QHBoxLayout()
        head.addWidget(self._list_title, 1)
        head.addWidget(self.clear)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 12)
        column.setSpacing(10)
        for widget in (self.picture, self.name, self.exact):
            column.addWidget(widget)
        column.addSpacing(8)
        column.addLayout(head)
        column.addWidget(self.list, 1)

    def set_queries(self, queries: list[Query], row: int) -> None:
        """List these and choose one, without a word."""
        self.list.blockSignals(True)
        self.list.clear()
        for query in queries:
            item = QListWidgetItem(query.name)
            item.setSizeHint(QSize(0, _LIST_ICON_PX + 8))
            self.list.addItem(item)
        self.list.setCurrentRow(row)
        self.list.blockSignals(False)
        for place, query in enumerate(queries):
            self.update_query(place, query)

    def update_query(self, row: int, query: Query) -> None:
        """Its picture came, or its error."""
        item = self.list.item(row)
        if query.error is not None:
            item.setIcon(icons.icon("problems", theme.colours().warning))
            item.setToolTip(query.error)
        elif query.picture is not None:
            picture = QPixmap.fromImage(query.picture)
            icon = QIcon(picture)
            icon.addPixmap(picture, QIcon.Mode.Selected)  # or the selection's colour tints it
            item.setIcon(icon)
            item.setToolTip(query.name if query.path is None else formatting.path(query.path))
        else:
            item.setIcon(icons.icon("picture", theme.colours().outline))

    def show_query(self, query: Query, fallback: QPixmap | None) -> None:
        """The picture large; `fallback` is the library's thumbnail of it, if there is one."""
        self.name.setText(query.name)
        self.exact.setText(self._exact_text(query))
        ratio = self.devicePixelRatioF()
        picture = QPixmap.fromImage(query.picture) if query.picture is not None else fallback
        if picture is None or picture.isNull():
            colour = theme.colours().outline
            self.picture.setPixmap(icons.pixmap("picture", 64, colour, ratio))
        else:
            side = round(PICTURE_PX * ratio)
            fitted = picture.scaled(
                picture.size().scaled(side, side, Qt.AspectRatioMode.KeepAspectRatio),
                Qt.AspectRatioMode.IgnoreAspectRatio,
                Qt.TransformationMode.SmoothTransformation,
            )
            fitted.setDevicePixelRatio(ratio)
            self.picture.setPixmap(fitted)
        self.picture.setAccessibleName(self.tr("The picture looked for: {0}").format(query.name))

    def _exact_text(self, query: Query) -> str:
        if query.result is None:
            return ""
        paths = [photo.path for photo in query.result.exact]
        others = [formatting.home_path(path) for path in paths if path != query.path]
        if query.path in paths:
            text = self.tr("This photo is in the library.")
            if not others:
                return text
            also = self.tr("Exactly this file is there again as:")
            return "\n".join((text, also, *others))
        if others:
            return "\n".join((self.tr("Exactly this file is in the library as:"), *others))
        return self.tr("No photo of the library is exactly this file.")


def name_of(path: bytes) -> str:
    """The file's name for reading."""
    return formatting.path(os.path.basename(path))
