# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""Small painting tools that the delegates share: elided text, chips, letter badges, frames.

Main thread. Colours are asked of the theme at each painting.
"""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPen, QPixmap

from imgdupe.gui import theme

_CACHED_TEXTS = 8192
_CHIP_PAD_PX = 6
_RADIUS_PX = 3.0
BADGE_PX = 20


@lru_cache(maxsize=_CACHED_TEXTS)
def _elided(font: str, text: str, width: int, mode: Qt.TextElideMode) -> str:
    parsed = QFont()
    parsed.fromString(font)
    return QFontMetrics(parsed).elidedText(text, mode, width)


def text(
    painter: QPainter,
    box: QRect,
    value: str,
    colour: str,
    *,
    mode: Qt.TextElideMode = Qt.TextElideMode.ElideRight,
    align: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignLeft,
) -> None:
    """One line, elided to its box."""
    painter.setPen(QColor(colour))
    shown = _elided(painter.font().toString(), value, box.width(), mode)
    painter.drawText(box, align | Qt.AlignmentFlag.AlignVCenter, shown)


def chip(painter: QPainter, left_top: QPointF, value: str, *, ink: str, fill: str) -> float:
    """A word on a rounded surface; its width."""
    metrics = painter.fontMetrics()
    width = metrics.horizontalAdvance(value) + 2 * _CHIP_PAD_PX
    box = QRectF(left_top.x(), left_top.y(), width, metrics.height() + 2)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(fill))
    painter.drawRoundedRect(box, _RADIUS_PX, _RADIUS_PX)
    painter.setPen(QColor(ink))
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, value)
    return float(width)


def frame(painter: QPainter, box: QRectF, colour: str, width: float, *, dashed: bool) -> None:
    """An outline that lies around the box, dashed for what is only suggested."""
    pen = QPen(QColor(colour), width)
    if dashed:
        pen.setDashPattern([4, 3])
    pen.setJoinStyle(Qt.PenJoinStyle.MiterJoin)
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    out = width / 2
    painter.drawRect(box.adjusted(-out, -out, out, out))


def badge(painter: QPainter, corner: QPointF, letter: str, colour: str, *, hollow: bool) -> None:
    """K or X in a square; hollow for what is only suggested."""
    colours = theme.colours()
    box = QRectF(corner.x(), corner.y(), BADGE_PX, BADGE_PX)
    painter.setPen(QPen(QColor(colour), 2))
    painter.setBrush(QColor(colours.canvas if hollow else colour))
    painter.drawRoundedRect(box.adjusted(1, 1, -1, -1), _RADIUS_PX, _RADIUS_PX)
    font = painter.font()
    bold = QFont(font)
    bold.setBold(True)
    painter.setFont(bold)
    painter.setPen(QColor(colour if hollow else colours.canvas))
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, letter)
    painter.setFont(font)


def placed(pixmap: QPixmap, box: QRect) -> QRect:
    """Where a picture lies in its box: centred, whole."""
    size = pixmap.deviceIndependentSize().toSize().boundedTo(box.size())
    spot = QRect(0, 0, size.width(), size.height())
    spot.moveCenter(box.center())
    return spot


def placeholder(box: QRect, width: int, height: int) -> QRect:
    """Where a picture of these proportions will lie."""
    size = QSize(max(width, 1), max(height, 1)).scaled(
        box.size(), Qt.AspectRatioMode.KeepAspectRatio
    )
    spot = QRect(0, 0, max(size.width(), 1), max(size.height(), 1))
    spot.moveCenter(box.center())
    return spot
