# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""Paints an answer of a search: the picture, how alike, what kind, its name and folder.

Main thread. The picture comes when it is there; until then its place stays empty.
"""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from imgdupe.gui import icons, theme
from imgdupe.gui.explain import kind_name
from imgdupe.gui.models.hits import Index, file_name, folder, score
from imgdupe.gui.models.tables import ROW
from imgdupe.gui.thumbnails import Thumbnails
from imgdupe.records import Hit, Kind

TILE_PX = QSize(196, 226)
_PADDING = 8
_PICTURE_PX = 150
_LINE_PX = 18
_ICON_PX = 32
_DIM = 0.4
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


class HitDelegate(QStyledItemDelegate):
    """Tiles of one size."""

    def __init__(self, thumbs: Thumbnails, parent: QWidget) -> None:
        super().__init__(parent)
        self._thumbs = thumbs

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:
        return TILE_PX

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        hit: Hit = index.data(ROW)
        cell: QRect = option.rect
        state: QStyle.StateFlag = option.state
        painter.save()
        painter.setRenderHints(
            QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform
        )
        tile = cell.adjusted(3, 3, -3, -3)
        self._paint_tile(painter, tile, state)
        inner = tile.adjusted(_PADDING, _PADDING, -_PADDING, -_PADDING)
        self._paint_picture(painter, QRect(inner.topLeft(), QSize(inner.width(), _PICTURE_PX)), hit)
        lines = inner.adjusted(0, _PICTURE_PX + 4, 0, 0)
        self._paint_head(painter, QRect(lines.topLeft(), QSize(lines.width(), _LINE_PX)), hit)
        colours = theme.colours()
        for place, (text, colour, mode) in enumerate(
            (
                (file_name(hit), colours.text, Qt.TextElideMode.ElideMiddle),
                (folder(hit), colours.secondary, Qt.TextElideMode.ElideLeft),
            ),
            start=1,
        ):
            top = lines.y() + place * _LINE_PX
            line = QRect(lines.x(), top, lines.width(), _LINE_PX)
            painter.setPen(QColor(colour))
            shown = painter.fontMetrics().elidedText(text, mode, line.width())
            painter.drawText(line, _LEFT, shown)
        painter.restore()

    def _paint_tile(self, painter: QPainter, tile: QRect, state: QStyle.StateFlag) -> None:
        colours = theme.colours()
        selected = bool(state & QStyle.StateFlag.State_Selected)
        hovered = bool(state & QStyle.StateFlag.State_MouseOver)
        focused = bool(state & QStyle.StateFlag.State_HasFocus)
        fill = colours.selected if selected else colours.hover if hovered else colours.list
        painter.setPen(QPen(QColor(colours.focus if focused else fill), 2))
        painter.setBrush(QColor(fill))
        painter.drawRoundedRect(tile, 6, 6)

    def _paint_picture(self, painter: QPainter, area: QRect, hit: Hit) -> None:
        colours = theme.colours()
        painter.fillRect(area, QColor(colours.canvas))
        pixmap = self._thumbs.pixmap(hit.photo)
        if pixmap is None:
            spot = QRect(QPoint(0, 0), QSize(_ICON_PX, _ICON_PX))
            spot.moveCenter(area.center())
            ratio = painter.device().devicePixelRatioF()
            painter.drawPixmap(spot, icons.pixmap("picture", _ICON_PX, colours.line, ratio))
            return
        fitted = pixmap.size().scaled(area.size(), Qt.AspectRatioMode.KeepAspectRatio)
        target = QRect(QPoint(0, 0), fitted)
        target.moveCenter(area.center())
        painter.setOpacity(_DIM if hit.photo.offline else 1.0)
        painter.drawPixmap(target, pixmap)
        painter.setOpacity(1.0)

    def _paint_head(self, painter: QPainter, line: QRect, hit: Hit) -> None:
        """The score at the left, the kind as a badge at the right."""
        colours = theme.colours()
        plain, bold = QFont(painter.font()), QFont(painter.font())
        bold.setWeight(QFont.Weight.DemiBold)
        painter.setFont(bold)
        painter.setPen(QColor(colours.text))
        painter.drawText(line, _LEFT, score(hit))
        painter.setFont(plain)
        text = kind_name(hit.kind)
        width = painter.fontMetrics().horizontalAdvance(text) + 14
        badge = QRect(line.right() - width, line.y() + 1, width, line.height() - 1)
        alike = hit.kind is not Kind.DIFFERENT
        painter.setPen(QPen(QColor(colours.accent if alike else colours.outline), 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(badge, 4, 4)
        painter.setPen(QColor(colours.accent if alike else colours.secondary))
        painter.drawText(badge, Qt.AlignmentFlag.AlignCenter, text)
