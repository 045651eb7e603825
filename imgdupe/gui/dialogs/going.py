# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""The pictures that are to go, each beside the one that stays. Main thread; changes nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QPersistentModelIndex,
    QRect,
    QSize,
    Qt,
)
from PySide6.QtGui import QFontMetrics, QPainter
from PySide6.QtWidgets import (
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from imgdupe.gui import explain, theme
from imgdupe.gui.delegates import inks
from imgdupe.gui.delegates.tile import Fitted, State, paint_photo
from imgdupe.gui.desktop import open_file
from imgdupe.gui.models.tables import ROW
from imgdupe.gui.thumbnails import Thumbnails
from imgdupe.records import PhotoRecord

_PICTURE_PX = QSize(140, 104)
_GAP_PX = 8
_LINES = 3
Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True, slots=True)
class Going:
    """A photo to be removed, and the copy that stays; None: none does."""

    victim: PhotoRecord
    keeper: PhotoRecord | None


class GoingModel(QAbstractListModel):
    """`ROW` gives the `Going`; `show` is the only writer."""

    def __init__(self) -> None:
        super().__init__()
        self._rows: list[Going] = []

    def show(self, rows: Sequence[Going]) -> None:
        """Other photos; the same ones again change nothing, so that the place stays."""
        if list(rows) != self._rows:
            self.beginResetModel()
            self._rows = list(rows)
            self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        row = self._rows[index.row()]
        if role == ROW:
            return row
        if role == Qt.ItemDataRole.DisplayRole:
            return explain.file_name(row.victim)
        if role in {Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole}:
            return "\n".join(self._words(row))
        return None

    def _words(self, row: Going) -> tuple[str, str]:
        goes = self.tr("goes: {0}").format(explain.whole_path(row.victim))
        if row.keeper is None:
            return goes, self.tr("no copy stays")
        return goes, self.tr("stays: {0}").format(explain.whole_path(row.keeper))


class GoingList(QListView):
    """A grid that scrolls; a double click opens the photo in the default viewer."""

    def __init__(self, thumbs: Thumbnails, name: str, *, alone: bool = False) -> None:
        super().__init__()
        self.model_ = GoingModel()
        self.model_.setParent(self)
        self.setModel(self.model_)
        self._delegate = _GoingDelegate(thumbs, self, alone=alone)
        self.setItemDelegate(self._delegate)
        self.setAccessibleName(name)
        self.setViewMode(QListView.ViewMode.IconMode)
        self.setMovement(QListView.Movement.Static)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setUniformItemSizes(True)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setGridSize(self._delegate.tile)
        thumbs.arrived.connect(lambda _id: self.viewport().update())
        self.doubleClicked.connect(lambda index: open_file(index.data(ROW).victim.path))

    def show_going(self, rows: Sequence[Going], *, columns: int) -> None:
        """Show these, with room for at most two rows of `columns` tiles at a time."""
        self.model_.show(rows)
        shown = 1 if len(rows) <= columns else 2
        self.setFixedHeight(shown * self._delegate.tile.height() + 2 * self.frameWidth() + 4)

    def texts(self) -> list[str]:
        """The names that are shown."""
        return [self.model_.index(row).data() for row in range(self.model_.rowCount())]


class _GoingDelegate(QStyledItemDelegate):
    """`alone`: only what goes is drawn."""

    def __init__(self, thumbs: Thumbnails, parent: QWidget, *, alone: bool) -> None:
        super().__init__(parent)
        self._pictures = Fitted(thumbs)
        self._line = QFontMetrics(parent.font()).height()
        wide = _PICTURE_PX.width() * (1 if alone else 2) + _GAP_PX * (2 if alone else 3)
        lines = _LINES - 1 if alone else _LINES
        self.tile = QSize(wide, _PICTURE_PX.height() + lines * self._line + 3 * _GAP_PX)

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:
        return self.tile

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        row: Going = index.data(ROW)
        cell: QRect = option.rect
        state: QStyle.StateFlag = option.state
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if state & QStyle.StateFlag.State_Selected:
            painter.fillRect(cell.adjusted(2, 2, -2, -2), theme.color(theme.colours().selected))
        left = QRect(cell.left() + _GAP_PX, cell.top() + _GAP_PX, 0, 0)
        left.setSize(_PICTURE_PX)
        paint_photo(painter, left, row.victim, State.REMOVED, self._pictures, dims=False)
        if row.keeper is not None:
            right = left.translated(_PICTURE_PX.width() + _GAP_PX, 0)
            paint_photo(painter, right, row.keeper, State.KEPT, self._pictures)
        self._paint_words(painter, cell, left.bottom() + _GAP_PX // 2, row)
        painter.restore()

    def _paint_words(self, painter: QPainter, cell: QRect, top: int, row: Going) -> None:
        colours, elide = theme.colours(), Qt.TextElideMode
        lines = [
            (explain.file_name(row.victim), colours.text, elide.ElideMiddle),
            (explain.folder(row.victim), colours.remove, elide.ElideLeft),
        ]
        if row.keeper is not None:
            stays = self.tr("stays: {0}").format(explain.whole_path(row.keeper))
            lines.append((stays, colours.keep, elide.ElideMiddle))
        box = QRect(cell.left() + _GAP_PX, top, cell.width() - 2 * _GAP_PX, self._line)
        for text, colour, mode in lines:
            inks.text(painter, box, text, colour, mode=mode)
            box.translate(0, self._line)
