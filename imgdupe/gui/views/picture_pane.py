# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""One picture that can be zoomed and panned: whole, or one image pixel on one device pixel.

Main thread. Shows at once what there is (thumbnail, screen size) and asks for more pixels only
when the zoom needs them. Knows nothing of the other pane; `view_changed` lets the two be linked.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QTransform,
    QWheelEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from imgdupe.gui import explain, theme
from imgdupe.gui.pictures import SCREEN_PX, Mips, Pictures, draw_unit
from imgdupe.gui.thumbnails import Thumbnails
from imgdupe.gui.views.aids import Aids, Shown
from imgdupe.records import PhotoRecord

_STEP = 1.25
_MOST = 16.0
_RING_PX = 2
_WHEEL_UNITS = 120


@dataclass(frozen=True, slots=True)
class Gaze:
    """Where a pane looks: the whole, or `scale` device pixels per picture pixel about a centre.

    `centre` is in the picture's unit square.
    """

    whole: bool = True
    centre: tuple[float, float] = (0.5, 0.5)
    scale: float = 1.0


class PicturePane(QWidget):
    """`gazed` carries the new Gaze after the user zoomed or panned; `activated`: it was clicked.

    `hovered` carries where the pointer is, None when it has left.
    """

    gazed = Signal(object)
    activated = Signal()
    hovered = Signal(object)

    def __init__(
        self, pictures: Pictures, thumbs: Thumbnails, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._pictures = pictures
        self._thumbs = thumbs
        self._mips = Mips()
        self._photo: PhotoRecord | None = None
        self._gaze = Gaze()
        self._grabbed: QPointF | None = None
        self._active = False
        self.aids = Aids()
        self.setMouseTracking(True)
        self.setMinimumSize(160, 120)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setCursor(Qt.CursorShape.OpenHandCursor)
        pictures.loaded.connect(self._on_loaded)
        thumbs.arrived.connect(self._on_thumbnail)

    # -- what is shown ----------------------------------------------------------------------------

    def show_photo(self, photo: PhotoRecord | None) -> None:
        """Another picture, seen whole."""
        self._photo = photo
        self._gaze = Gaze()
        self._mips = Mips()
        name = explain.file_name(photo) if photo is not None else self.tr("no picture")
        self.setAccessibleName(self.tr("Picture {0}").format(name))
        self.update()

    def photo(self) -> PhotoRecord | None:
        return self._photo

    def set_active(self, active: bool) -> None:
        """Whether the keys act on this pane."""
        self._active = active
        self.update()

    def gaze(self) -> Gaze:
        return self._gaze

    def set_gaze(self, gaze: Gaze) -> None:
        """Look there, without telling."""
        self._gaze = self._bounded(gaze)
        self.update()

    @property
    def size_px(self) -> QSize:
        """The picture's real pixels."""
        if self._photo is None:
            return QSize(1, 1)
        data = self._photo.metadata
        return QSize(max(data.width, 1), max(data.height, 1))

    @property
    def scale(self) -> float:
        """Device pixels per picture pixel, now."""
        return self._whole_scale() if self._gaze.whole else self._gaze.scale

    # -- zoom and pan -----------------------------------------------------------------------------

    def toggle_zoom(self, about: QPointF | None = None) -> None:
        """Whole picture or 100 %, about a point of the pane (its middle by default)."""
        if self._gaze.whole:
            self.zoom_to(1.0, about)
        else:
            self._look(Gaze())

    def zoom_to(self, scale: float, about: QPointF | None = None) -> None:
        """Change the scale so that what lies under the point stays there."""
        point = about if about is not None else QRectF(self.rect()).center()
        scale = min(max(scale, self._whole_scale()), max(_MOST, self._whole_scale()))
        if scale <= self._whole_scale() * 1.0001 and scale < 1.0:
            self._look(Gaze())
            return
        spot = self.unit_at(point)
        size, ratio = self.size_px, self.devicePixelRatioF()
        away = (point - QRectF(self.rect()).center()) * ratio
        centre = (
            spot.x() - away.x() / (scale * size.width()),
            spot.y() - away.y() / (scale * size.height()),
        )
        self._look(Gaze(whole=False, centre=centre, scale=scale))

    def unit_at(self, point: QPointF) -> QPointF:
        """The place in the picture's unit square under a point of the pane."""
        inverse, _ = self.placement().inverted()
        return inverse.map(point)

    def placement(self) -> QTransform:
        """From the picture's unit square to the pane, in logical pixels."""
        size, scale = self.size_px, self.scale / self.devicePixelRatioF()
        wide, high = size.width() * scale, size.height() * scale
        middle = QRectF(self.rect()).center()
        u, v = (0.5, 0.5) if self._gaze.whole else self._gaze.centre
        # Whole device pixels, so that 100 % shows the picture's own pixels and no blend of them.
        ratio = self.devicePixelRatioF()
        left = round((middle.x() - u * wide) * ratio) / ratio
        top = round((middle.y() - v * high) * ratio) / ratio
        return QTransform(wide, 0, 0, high, left, top)

    def _whole_scale(self) -> float:
        """At which the whole picture is seen, never enlarged."""
        size, ratio = self.size_px, self.devicePixelRatioF()
        room = self.rect().adjusted(_RING_PX, _RING_PX, -_RING_PX, -_RING_PX).size() * ratio
        fits = min(room.width() / size.width(), room.height() / size.height())
        return max(min(fits, 1.0), 1e-4)

    def _bounded(self, gaze: Gaze) -> Gaze:
        """The picture never leaves the pane altogether, and has no margin it does not need."""
        if gaze.whole:
            return gaze
        size, ratio = self.size_px, self.devicePixelRatioF()
        halves = (
            self.width() * ratio / (2 * gaze.scale * size.width()),
            self.height() * ratio / (2 * gaze.scale * size.height()),
        )
        u, v = (
            0.5 if half >= 0.5 else min(max(place, half), 1 - half)
            for place, half in zip(gaze.centre, halves, strict=True)
        )
        return replace(gaze, centre=(u, v))

    def _look(self, gaze: Gaze) -> None:
        bounded = self._bounded(gaze)
        if bounded != self._gaze:
            self._gaze = bounded
            self.update()
            self.gazed.emit(bounded)

    # -- painting ---------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(theme.colours().canvas))
        if self._photo is not None:
            self.paint_picture(painter)
        if self._active:
            painter.setPen(QPen(QColor(theme.colours().focus), _RING_PX))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(self.rect().adjusted(1, 1, -1, -1))

    def paint_picture(self, painter: QPainter) -> None:
        """The picture, or why there is none."""
        if self._photo is None:
            return
        image = self.image_of(self._photo, self.scale)
        if image is None:
            self._paint_words(painter)
        else:
            draw_unit(painter, self._mips, image, self.placement(), self.scale, self.size_px)
            self.aids.paint(painter, self._shown(image))
            self._paint_trouble(painter)

    def _shown(self, image: QImage) -> Shown:
        sharp, loupe = None, self.aids.loupe
        if loupe is not None and self._photo is not None:
            sharp = self.image_of(self._photo, loupe.scale)
        ratio = self.devicePixelRatioF()
        return Shown(self.rect(), image, sharp, self.placement(), self.scale, self.size_px, ratio)

    def image_of(self, photo: PhotoRecord, scale: float) -> QImage | None:
        """The best picture there is for this scale; asks for a better one where it is needed."""
        data = photo.metadata
        wanted = scale * max(data.width, data.height)
        found = self._pictures.screen(photo)
        if wanted > SCREEN_PX:
            found = self._pictures.full(photo) or found
        if found is None:
            small = self._thumbs.pixmap(photo)
            found = small.toImage() if small is not None else None
        return found

    def _paint_words(self, painter: QPainter) -> None:
        colours = theme.colours()
        reason = self._pictures.failure(self._photo) if self._photo is not None else None
        text = reason or self.tr("Reading…")
        painter.setPen(QColor(colours.warning if reason else colours.secondary))
        flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
        painter.drawText(self.rect().adjusted(24, 24, -24, -24), flags, text)

    def _paint_trouble(self, painter: QPainter) -> None:
        """Where only the thumbnail can be had, say so and why."""
        reason = self._pictures.failure(self._photo) if self._photo is not None else None
        if reason is None:
            return
        colours = theme.colours()
        text = self.tr("Only the thumbnail: {0}").format(reason)
        strip = self.rect().adjusted(_RING_PX, 0, -_RING_PX, -_RING_PX)
        strip.setTop(strip.bottom() - painter.fontMetrics().height() - 8)
        painter.fillRect(strip, QColor(colours.canvas))
        painter.setPen(QColor(colours.warning))
        shown = painter.fontMetrics().elidedText(
            text, Qt.TextElideMode.ElideRight, strip.width() - 16
        )
        painter.drawText(strip.adjusted(8, 0, -8, 0), Qt.AlignmentFlag.AlignVCenter, shown)

    def _on_loaded(self, ids: set[int]) -> None:
        if self._photo is not None and self._photo.content_id in ids:
            self.update()

    def _on_thumbnail(self, content_id: int) -> None:
        self._on_loaded({content_id})

    # -- mouse ------------------------------------------------------------------------------------

    def wheelEvent(self, event: QWheelEvent) -> None:
        turns = event.angleDelta().y() / _WHEEL_UNITS
        self.zoom_to(self.scale * _STEP**turns, event.position())
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.activated.emit()
        if event.button() == Qt.MouseButton.LeftButton:
            self._grabbed = event.position()
            self.setCursor(Qt.CursorShape.ClosedHandCursor)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self.hovered.emit(event.position())
        if self._grabbed is None or self._gaze.whole:
            return
        moved = (event.position() - self._grabbed) * self.devicePixelRatioF()
        self._grabbed = event.position()
        size, (u, v) = self.size_px, self._gaze.centre
        scale = self._gaze.scale
        centre = (u - moved.x() / (scale * size.width()), v - moved.y() / (scale * size.height()))
        self._look(replace(self._gaze, centre=centre))

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self.hovered.emit(None)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._grabbed = None
        self.setCursor(Qt.CursorShape.OpenHandCursor)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.toggle_zoom(event.position())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        event.ignore()

    def pointer(self) -> QPointF | None:
        """Where the pointer is, if it is over this pane."""
        place: QPoint = self.mapFromGlobal(self.cursor().pos())
        return QPointF(place) if self.rect().contains(place) and self.underMouse() else None
