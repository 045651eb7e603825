# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""Two pictures in one place, the second laid on the first as the matching found it.

Main thread; the difference is computed in a loader's thread. Blink shows them in turns, wipe one
beside the other along a line, difference what is not the same, amplified.
"""

from __future__ import annotations

from enum import Enum, auto

from PySide6.QtCore import QPointF, QRectF, Qt, QTimer
from PySide6.QtGui import (
    QColor,
    QImage,
    QLinearGradient,
    QMouseEvent,
    QPainter,
    QPen,
    QTransform,
)
from PySide6.QtWidgets import QWidget

from imgdupe.gui import explain, theme
from imgdupe.gui.difference import AMPLIFIED, difference_image
from imgdupe.gui.loader import Loader, Made, Unloadable
from imgdupe.gui.pictures import Mips, Pictures, draw_unit
from imgdupe.gui.thumbnails import Thumbnails
from imgdupe.gui.views.picture_pane import PicturePane
from imgdupe.records import PhotoRecord

_BLINK_MS = 500
_HANDLE_PX = 12
_LEGEND_PX = (220, 10)
_PAD_PX = 10


class Mode(Enum):
    """How two pictures are compared."""

    SIDE = auto()
    SURVEY = auto()
    BLINK = auto()
    WIPE = auto()
    DIFFERENCE = auto()


class OverlayPane(PicturePane):
    """The first picture's pane; the second follows its zoom."""

    def __init__(
        self, pictures: Pictures, thumbs: Thumbnails, parent: QWidget | None = None
    ) -> None:
        super().__init__(pictures, thumbs, parent)
        self._other: PhotoRecord | None = None
        self._map = QTransform()
        self._mode = Mode.SIDE
        self._second = False
        self._line = 0.5
        self._wiping = False
        self._other_mips = Mips()
        self._difference: QImage | None = None
        self._loader = Loader("difference", 1, self)
        self._loader.loaded.connect(self._on_difference)
        self._timer = QTimer(self, interval=_BLINK_MS)
        self._timer.timeout.connect(self._on_blink)

    def show_pair(self, left: PhotoRecord, right: PhotoRecord, placement: QTransform) -> None:
        """`placement`: from the left picture's unit square to the right one's."""
        gaze = self.gaze()
        again = self.photo() is not None and self.photo() == left
        self.show_photo(left)
        if again:
            self.set_gaze(gaze)
        self._other = right
        back, possible = placement.inverted()
        self._map = back if possible else QTransform()
        self._other_mips = Mips()
        self._difference = None
        self._name()

    def set_mode(self, mode: Mode) -> None:
        """SIDE rests."""
        self._mode = mode
        self._second = False
        if mode is Mode.BLINK:
            self._timer.start()
        else:
            self._timer.stop()
        self._name()
        self.update()

    def close_loader(self) -> None:
        """Stop the thread."""
        self._loader.close()

    # -- painting ---------------------------------------------------------------------------------

    def paint_picture(self, painter: QPainter) -> None:
        if self._mode is Mode.DIFFERENCE:
            self._paint_difference(painter)
        elif self._mode is Mode.WIPE:
            super().paint_picture(painter)
            self._paint_wiped(painter)
        elif self._mode is Mode.BLINK and self._second:
            self._paint_other(painter)
        else:
            super().paint_picture(painter)
        if self._mode is Mode.BLINK:
            self._paint_name(painter, self._other if self._second else self.photo(), left=True)

    def _paint_other(self, painter: QPainter) -> None:
        """The second picture where it lies on the first."""
        other, placement = self._other, self._map * self.placement()
        if other is None:
            return
        data = other.metadata
        ratio = self.devicePixelRatioF()
        area = abs(placement.determinant()) * ratio * ratio
        scale = (area / max(data.width * data.height, 1)) ** 0.5
        image = self.image_of(other, scale)
        if image is None:
            return
        part = (area / max(image.width() * image.height(), 1)) ** 0.5
        level = self._other_mips.level(image, part)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, part < 2)
        unit = QTransform.fromScale(1 / level.width(), 1 / level.height())
        painter.setTransform(unit * placement, True)
        painter.drawImage(0, 0, level)
        painter.restore()

    def _paint_wiped(self, painter: QPainter) -> None:
        x = self._line * self.width()
        painter.save()
        painter.setClipRect(QRectF(x, 0, self.width() - x, self.height()))
        painter.fillRect(self.rect(), QColor(theme.colours().canvas))
        self._paint_other(painter)
        painter.restore()
        painter.setPen(QPen(QColor(theme.colours().canvas), 4))
        painter.drawLine(QPointF(x, 0), QPointF(x, self.height()))
        painter.setPen(QPen(QColor(theme.colours().text), 2))
        painter.drawLine(QPointF(x, 0), QPointF(x, self.height()))
        self._paint_name(painter, self.photo(), left=True)
        self._paint_name(painter, self._other, left=False)

    def _paint_difference(self, painter: QPainter) -> None:
        if self._difference is None:
            self._ask_difference()
            super().paint_picture(painter)
            return
        size = self.size_px
        draw_unit(painter, self._other_mips, self._difference, self.placement(), self.scale, size)
        self._paint_legend(painter)

    def _paint_legend(self, painter: QPainter) -> None:
        colours = theme.colours()
        low = self.tr("the same")
        high = self.tr("{0} % apart or more").format(round(100 / AMPLIFIED))
        metrics = painter.fontMetrics()
        wide = max(_LEGEND_PX[0], metrics.horizontalAdvance(low + high) + 24)
        box = QRectF(_PAD_PX, self.height() - _PAD_PX, wide + 20, -metrics.height() - 30)
        box = box.normalized()
        painter.fillRect(box, QColor(colours.canvas))
        bar = QRectF(box.left() + 10, box.top() + 8, wide, _LEGEND_PX[1])
        ramp = QLinearGradient(bar.topLeft(), bar.topRight())
        ramp.setColorAt(0, QColor("#242424"))
        ramp.setColorAt(1, QColor(theme.DARK.warning))
        painter.fillRect(bar, ramp)
        line = QRectF(bar.left(), bar.bottom() + 2, wide, metrics.height() + 4)
        painter.setPen(QColor(colours.text))
        painter.drawText(line, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, low)
        painter.drawText(line, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, high)

    def _paint_name(self, painter: QPainter, photo: PhotoRecord | None, *, left: bool) -> None:
        if photo is None:
            return
        colours, metrics = theme.colours(), painter.fontMetrics()
        text = explain.file_name(photo)
        wide = metrics.horizontalAdvance(text) + 16
        x = _PAD_PX if left else self.width() - _PAD_PX - wide
        box = QRectF(x, _PAD_PX, wide, metrics.height() + 6)
        painter.fillRect(box, QColor(colours.canvas))
        painter.setPen(QColor(colours.text))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)

    # -- difference -------------------------------------------------------------------------------

    def _ask_difference(self) -> None:
        """As soon as both pictures are there at screen size."""
        left, right = self.photo(), self._other
        if left is None or right is None:
            return
        ours, theirs = self._pictures.screen(left), self._pictures.screen(right)
        if ours is None or theirs is None:
            return
        back, key = self._map, (left.content_id, right.content_id)
        self._loader.ask(key, lambda: difference_image(ours, theirs, back))

    def _on_difference(self, made: list[tuple[tuple[int, int], Made]]) -> None:
        left, right = self.photo(), self._other
        if left is None or right is None:
            return
        for key, picture in made:
            current = key == (left.content_id, right.content_id)
            if current and not isinstance(picture, Unloadable):
                self._difference = picture
                self.update()

    def _on_loaded(self, ids: set[int]) -> None:
        super()._on_loaded(ids)
        if self._other is not None and self._other.content_id in ids:
            self.update()

    # -- blink and wipe ---------------------------------------------------------------------------

    def _on_blink(self) -> None:
        self._second = not self._second
        self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        near = abs(event.position().x() - self._line * self.width()) <= _HANDLE_PX
        if self._mode is Mode.WIPE and near:
            self._wiping = True
            return
        super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._wiping:
            self._line = min(max(event.position().x() / max(self.width(), 1), 0.0), 1.0)
            self.update()
            return
        super().mouseMoveEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._wiping = False
        super().mouseReleaseEvent(event)

    def _name(self) -> None:
        names = {
            Mode.BLINK: self.tr("Both pictures in turns"),
            Mode.WIPE: self.tr("Both pictures along a line"),
            Mode.DIFFERENCE: self.tr("Difference of the pictures"),
        }
        self.setAccessibleName(names.get(self._mode, self.tr("Picture")))
