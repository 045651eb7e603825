# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""All photos of the group under comparison in a row; the two in front are framed. Main thread."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPen
from PySide6.QtWidgets import (
    QListView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from imgdupe.gui import theme
from imgdupe.gui.delegates.tile import Fitted, paint_photo, states_of
from imgdupe.gui.marks import Marks
from imgdupe.gui.models.member_list import MemberListModel
from imgdupe.gui.thumbnails import Thumbnails
from imgdupe.records import PhotoRecord

_TILE_PX = QSize(112, 84)
_HEIGHT_PX = 98
Index = QModelIndex | QPersistentModelIndex


class Filmstrip(QListView):
    """`picked` carries the photo that was clicked."""

    picked = Signal(object)

    def __init__(self, marks: Marks, thumbs: Thumbnails, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.model_ = MemberListModel(marks, self)
        self.delegate = _FilmDelegate(marks, thumbs, self)
        self.setModel(self.model_)
        self.setItemDelegate(self.delegate)
        self.setFlow(QListView.Flow.LeftToRight)
        self.setUniformItemSizes(True)
        self.setHorizontalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSelectionMode(QListView.SelectionMode.NoSelection)
        self.setFixedHeight(_HEIGHT_PX)
        self.setAccessibleName(self.tr("Photos of this group"))
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.clicked.connect(self._on_clicked)
        thumbs.arrived.connect(lambda _id: self.viewport().update())

    def show_pair(self, left: PhotoRecord, right: PhotoRecord | None) -> None:
        """Frame these two and bring the candidate into view."""
        self.delegate.pair = (left, right)
        for row, member in enumerate(self.model_.members()):
            if member.photo == right:
                self.scrollTo(self.model_.index(row))
        self.viewport().update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        event.ignore()

    def _on_clicked(self, index: QModelIndex) -> None:
        self.picked.emit(self.model_.members()[index.row()].photo)


class _FilmDelegate(QStyledItemDelegate):
    def __init__(self, marks: Marks, thumbs: Thumbnails, parent: QWidget) -> None:
        super().__init__(parent)
        self._marks = marks
        self._pictures = Fitted(thumbs)
        self.pair: tuple[PhotoRecord | None, PhotoRecord | None] = (None, None)

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:
        return _TILE_PX

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        model = index.model()
        if not isinstance(model, MemberListModel):
            return
        group = model.group()
        if group is None:
            return
        cell: QRect = option.rect
        photo = group.members[index.row()].photo
        colours = theme.colours()
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if photo in self.pair:
            painter.setPen(QPen(QColor(colours.outline), 1))
            painter.setBrush(QColor(colours.selected))
            painter.drawRoundedRect(QRectF(cell).adjusted(2, 1, -2, -1), 4, 4)
        state = states_of(group, self._marks)[index.row()]
        paint_photo(painter, cell.adjusted(6, 4, -6, -4), photo, state, self._pictures)
        painter.restore()
