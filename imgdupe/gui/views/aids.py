# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""What can be laid over a picture to judge it: name, histogram, clipping warning, loupe.

Main thread. Measures each picture once and keeps the last answer.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from PySide6.QtCore import QCoreApplication, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPainterPath, QPen, QTransform

from imgdupe.gui import measures, theme
from imgdupe.gui.delegates import inks
from imgdupe.gui.delegates.tile import Look
from imgdupe.gui.measures import BINS, Tones
from imgdupe.gui.pictures import Mips, draw_unit

translate = QCoreApplication.translate
LOUPE_PX = 220
_PAD_PX = 10
_CURVES_PX = QSize(192, 72)
_INKS = ("#8c8c8c", "#ff6b61", "#5fd07a", "#6aa8ff")


@dataclass(frozen=True, slots=True)
class Loupe:
    """A magnified place: in the picture's unit square, at device pixels per picture pixel."""

    spot: tuple[float, float]
    scale: float
    words: str = ""


@dataclass(frozen=True, slots=True)
class Shown:
    """What a pane shows now. `sharp`: the pixels for the loupe, if they are there."""

    rect: QRect
    image: QImage
    sharp: QImage | None
    placement: QTransform
    scale: float
    size_px: QSize
    ratio: float


class Aids:
    """The aids of one pane; the pane repaints after they are set."""

    def __init__(self) -> None:
        self.name = ""
        self.look: Look | None = None
        self.histogram = False
        self.clipping = False
        self.loupe: Loupe | None = None
        self._tones: tuple[int, Tones] | None = None
        self._mask: tuple[int, QImage] | None = None
        self._mask_mips = Mips()

    def paint(self, painter: QPainter, shown: Shown) -> None:
        """Over the picture, the most important last."""
        if self.clipping:
            mask, mips = self._mask_of(shown.image), self._mask_mips
            draw_unit(painter, mips, mask, shown.placement, shown.scale, shown.size_px)
        if self.histogram:
            _paint_tones(painter, shown.rect, self.tones_of(shown.image))
        if self.name:
            _paint_name(painter, shown.rect, self.name, self.look)
        if self.loupe is not None:
            _paint_loupe(painter, shown, self.loupe)

    def tones_of(self, image: QImage) -> Tones:
        """The picture's tones, measured once."""
        if self._tones is None or self._tones[0] != image.cacheKey():
            self._tones = (image.cacheKey(), measures.tones(image))
        return self._tones[1]

    def _mask_of(self, image: QImage) -> QImage:
        if self._mask is None or self._mask[0] != image.cacheKey():
            self._mask = (image.cacheKey(), measures.clipping(image))
            self._mask_mips = Mips()
        return self._mask[1]


def _paint_tones(painter: QPainter, rect: QRect, tones: Tones) -> None:
    """The curves in the lower right corner, with the clipped shares below them."""
    colours, line = theme.colours(), painter.fontMetrics().height()
    box = QRectF(0, 0, _CURVES_PX.width() + 16, _CURVES_PX.height() + line + 18)
    box.moveBottomRight(QPointF(rect.right() - _PAD_PX, rect.bottom() - _PAD_PX))
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.fillRect(box, _glass())
    area = QRectF(box.left() + 8, box.top() + 8, _CURVES_PX.width(), _CURVES_PX.height())
    painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Screen)
    for curve, ink in zip(tones.curves, _INKS, strict=True):
        painter.setPen(Qt.PenStyle.NoPen)
        fill = QColor(ink)
        fill.setAlpha(150)
        painter.setBrush(fill)
        painter.drawPath(_curve([float(each) for each in curve], area))
    painter.restore()
    text = QRect(round(area.left()), round(area.bottom()) + 4, _CURVES_PX.width(), line + 2)
    words = (
        (translate("aids", "black {0}").format(_share(tones.black)), Qt.AlignmentFlag.AlignLeft),
        (translate("aids", "white {0}").format(_share(tones.white)), Qt.AlignmentFlag.AlignRight),
    )
    for value, side in words:
        inks.text(painter, text, value, colours.text, align=side)


def _share(share: float) -> str:
    return f"{100 * share:.1f} %"


def _curve(values: list[float], area: QRectF) -> QPainterPath:
    path = QPainterPath(area.bottomLeft())
    for place, value in enumerate(values):
        x = area.left() + area.width() * (place + 0.5) / BINS
        path.lineTo(x, area.bottom() - area.height() * value)
    path.lineTo(area.bottomRight())
    path.closeSubpath()
    return path


def _paint_name(painter: QPainter, rect: QRect, name: str, look: Look | None) -> None:
    """In the upper left corner: the letter of what is decided, and the file's name."""
    colours, metrics = theme.colours(), painter.fontMetrics()
    left = rect.left() + _PAD_PX
    if look is not None:
        colour = colours.keep if look.stays else colours.remove
        corner = QPointF(left, rect.top() + _PAD_PX)
        inks.badge(painter, corner, look.letter, colour, hollow=not look.decided)
        left += inks.BADGE_PX + 4
    room = rect.right() - left - _PAD_PX - 16
    shown = metrics.elidedText(name, Qt.TextElideMode.ElideMiddle, room)
    wide = metrics.horizontalAdvance(shown) + 16
    box = QRect(left, rect.top() + _PAD_PX, wide, inks.BADGE_PX)
    painter.fillRect(box, _glass())
    painter.setPen(QColor(colours.text))
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, shown)


def _paint_loupe(painter: QPainter, shown: Shown, loupe: Loupe) -> None:
    """A square about the place, and how much detail there is."""
    if shown.sharp is None:
        return
    colours = theme.colours()
    box = loupe_box(shown, loupe)
    painter.save()
    painter.setClipRect(box)
    painter.fillRect(box, QColor(colours.canvas))
    placement = _magnified(box, loupe, shown)
    draw_unit(painter, Mips(), shown.sharp, placement, loupe.scale, shown.size_px)
    painter.restore()
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(QColor(colours.text), 2))
    painter.drawRect(box)
    if loupe.words:
        line = QRect(box.left(), 0, box.width(), painter.fontMetrics().height() + 4)
        line.moveBottom(box.bottom())
        painter.fillRect(line, _glass())
        inks.text(painter, line, loupe.words, colours.text, align=Qt.AlignmentFlag.AlignHCenter)


def loupe_box(shown: Shown, loupe: Loupe) -> QRect:
    """Where the loupe lies: about its place, inside the pane."""
    centre = shown.placement.map(QPointF(*loupe.spot)).toPoint()
    side = min(LOUPE_PX, shown.rect.width() - 4, shown.rect.height() - 4)
    box = QRect(0, 0, side, side)
    box.moveCenter(centre)
    room = shown.rect.adjusted(2, 2, -2, -2)
    box.moveLeft(min(max(box.left(), room.left()), room.right() - side + 1))
    box.moveTop(min(max(box.top(), room.top()), room.bottom() - side + 1))
    return box


def _magnified(box: QRect, loupe: Loupe, shown: Shown) -> QTransform:
    """From the picture's unit square to the pane, so that the place is in the box's middle."""
    scale = loupe.scale / shown.ratio
    wide, high = shown.size_px.width() * scale, shown.size_px.height() * scale
    middle = QRectF(box).center()
    u, v = loupe.spot
    return QTransform(wide, 0, 0, high, middle.x() - u * wide, middle.y() - v * high)


def part_under(loupe: Loupe, size_px: QSize, image: QSize, ratio: float) -> QRectF:
    """What the loupe shows of the picture, in pixels of an image of it of size `image`."""
    side = LOUPE_PX * ratio / loupe.scale * image.width() / max(size_px.width(), 1)
    part = QRectF(0, 0, side, side)
    part.moveCenter(QPointF(loupe.spot[0] * image.width(), loupe.spot[1] * image.height()))
    return part


def with_words(loupe: Loupe, words: str) -> Loupe:
    """The same place with something to say about it."""
    return replace(loupe, words=words)


def _glass() -> QColor:
    """A ground that lets the picture through a little."""
    ground = QColor(theme.colours().canvas)
    ground.setAlpha(215)
    return ground
