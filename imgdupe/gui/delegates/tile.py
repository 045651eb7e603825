# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""Paints one photo with its state: frame, letter and dimming, never colour alone.

Main thread. What is decided has a solid frame and a filled letter; what is only suggested has a
dashed frame and a hollow letter.
"""

from __future__ import annotations

import os
from collections import OrderedDict
from dataclasses import dataclass
from enum import Enum, auto

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPixmap

from imgdupe.gui import formatting, icons, theme
from imgdupe.gui.delegates import inks
from imgdupe.gui.marks import Marks
from imgdupe.gui.thumbnails import Thumbnails
from imgdupe.library.formats import is_raw
from imgdupe.records import Group, Kind, Member, PhotoRecord, Verdict

_DIM = 0.35
_FRAME_PX = 3.0
_HINT_PX = 2.0
_ICON_PX = 32
_CACHE_BYTES = 64_000_000


class State(Enum):
    """What the frame says."""

    NONE = auto()
    SUGGESTED = auto()
    KEPT = auto()
    GOING = auto()
    REMOVED = auto()


@dataclass(frozen=True, slots=True)
class Look:
    """How a state is drawn: letter, whether it is a decision, whether the picture stays."""

    letter: str
    decided: bool
    stays: bool


LOOKS = {
    State.SUGGESTED: Look("K", decided=False, stays=True),
    State.KEPT: Look("K", decided=True, stays=True),
    State.GOING: Look("X", decided=False, stays=False),
    State.REMOVED: Look("X", decided=True, stays=False),
}


def states_of(group: Group, marks: Marks) -> list[State]:
    """The state of each member, in the group's order; none where they are not duplicates."""
    if group.kind is Kind.DIFFERENT:
        return [State.NONE] * len(group.members)
    keeper, going = marks.keeper(group), {id(each) for each in marks.suggested(group)}

    def state(member: Member) -> State:
        verdict = marks.verdict(member.photo)
        if verdict is Verdict.KEEP:
            return State.KEPT
        if verdict is Verdict.REMOVE:
            return State.REMOVED
        if member is keeper:
            return State.SUGGESTED
        return State.GOING if id(member) in going else State.NONE

    return [state(each) for each in group.members]


class Fitted:
    """Thumbnails smoothly scaled to their boxes, kept for the next painting."""

    def __init__(self, thumbs: Thumbnails) -> None:
        self.thumbs = thumbs
        self._kept: OrderedDict[tuple[int, int, int, float], QPixmap] = OrderedDict()
        self._bytes = 0

    def pixmap(self, photo: PhotoRecord, box: QSize, ratio: float) -> QPixmap | None:
        """The photo in a box of logical pixels at this device pixel ratio; None if not there."""
        key = (photo.content_id, box.width(), box.height(), ratio)
        found = self._kept.get(key)
        if found is not None:
            self._kept.move_to_end(key)
            return found
        whole = self.thumbs.pixmap(photo)
        if whole is None:
            return None
        scaled = whole.scaled(
            box * ratio,
            Qt.AspectRatioMode.KeepAspectRatio,
            Qt.TransformationMode.SmoothTransformation,
        )
        scaled.setDevicePixelRatio(ratio)
        self._kept[key] = scaled
        self._bytes += bytes_of(scaled)
        while self._bytes > _CACHE_BYTES:
            self._bytes -= bytes_of(self._kept.popitem(last=False)[1])
        return scaled


def bytes_of(pixmap: QPixmap) -> int:
    """What it takes in memory, about."""
    return pixmap.width() * pixmap.height() * 4


def paint_photo(
    painter: QPainter,
    box: QRect,
    photo: PhotoRecord,
    state: State,
    pictures: Fitted,
    *,
    dims: bool = True,
) -> QRect:
    """The picture in its box with frame and letter; the rectangle that the picture takes.

    dims: whether what is to be removed is drawn faintly.
    """
    margin = round(_FRAME_PX)
    inner = box.adjusted(margin, margin, -margin, -margin)
    picture = pictures.pixmap(photo, inner.size(), painter.device().devicePixelRatioF())
    dim = (dims and state is State.REMOVED) or photo.offline
    if picture is None:
        spot = inks.placeholder(inner, photo.metadata.width, photo.metadata.height)
        _paint_missing(painter, spot, failed=pictures.thumbs.cannot(photo))
    else:
        spot = inks.placed(picture, inner)
        painter.setOpacity(_DIM if dim else 1.0)
        painter.drawPixmap(spot, picture)
        painter.setOpacity(1.0)
    _paint_chips(painter, spot, photo)
    look = LOOKS.get(state)
    if look is not None:
        colour = theme.colours().keep if look.stays else theme.colours().remove
        width = _FRAME_PX if look.decided else _HINT_PX
        inks.frame(painter, QRectF(spot), colour, width, dashed=not look.decided)
        corner = QPointF(spot.left() + 4, spot.top() + 4)
        inks.badge(painter, corner, look.letter, colour, hollow=not look.decided)
    return spot


def _paint_missing(painter: QPainter, spot: QRect, *, failed: bool) -> None:
    colours = theme.colours()
    painter.fillRect(spot, QColor(colours.canvas))
    if failed:
        ratio = painter.device().devicePixelRatioF()
        pixmap = icons.pixmap("problems", _ICON_PX, colours.outline, ratio)
        centre = spot.center()
        painter.drawPixmap(centre.x() - _ICON_PX // 2, centre.y() - _ICON_PX // 2, pixmap)


def _paint_chips(painter: QPainter, spot: QRect, photo: PhotoRecord) -> None:
    """At the lower edge: offline, damaged, what belongs to the photo, its stars."""
    colours = theme.colours()
    words = chips_of(photo)
    if not words:
        return
    font = painter.font()
    smaller = painter.font()
    smaller.setPointSizeF(max(font.pointSizeF() * 0.82, 6.0))
    painter.setFont(smaller)
    top = spot.bottom() - painter.fontMetrics().height() - 5
    left = float(spot.left() + 4)
    for word, loud in words:
        width = painter.fontMetrics().horizontalAdvance(word) + 12
        if left + width > spot.right() - 2:
            break
        ink = colours.warning if loud else colours.text
        left += 3 + inks.chip(painter, QPointF(left, top), word, ink=ink, fill=colours.canvas)
    painter.setFont(font)


def chips_of(photo: PhotoRecord) -> list[tuple[str, bool]]:
    """Short words about a photo, and whether each is a warning."""
    words: list[tuple[str, bool]] = []
    if photo.offline:
        words.append((formatting.translate("chip", "offline"), True))
    if photo.damaged is not None:
        words.append((formatting.translate("chip", "damaged"), True))
    if is_raw(photo.path):
        words.append(("RAW", False))
    endings = dict.fromkeys(os.path.splitext(each.path)[1][1:].upper() for each in photo.companions)
    words += [("+" + formatting.path(each), False) for each in endings if each]
    if photo.metadata.rating:
        words.append(("★" * photo.metadata.rating, False))
    return words
