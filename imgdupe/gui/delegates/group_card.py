# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""Paints a group: a card with its kind, and a tile for each photo with what decides about it.

Main thread. The sizes follow the font; the grid asks `CardSizes` for its own layout.
"""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QObject, QPoint, QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPen

from imgdupe.gui import explain, formatting, theme
from imgdupe.gui.delegates import inks, tile
from imgdupe.gui.delegates.tile import State
from imgdupe.gui.marks import Marks
from imgdupe.gui.thumbnails import Thumbnails
from imgdupe.records import Group, Kind, Member, PhotoRecord

GAP_PX = 8
_PAD_PX = 8
_HEAD_GAP_PX = 5
_CAPTION_LINES = 4
_RADIUS_PX = 6.0
_SMALL = 0.92


@dataclass(frozen=True, slots=True)
class CardSizes:
    """The measures of all cards, in logical pixels."""

    column: int
    head: int
    picture: int
    line: int

    @classmethod
    def of(cls, font: QFont, column: int) -> CardSizes:
        """For a column of this width."""
        line = QFontMetrics(font).height()
        return cls(column, line + 4, round((column - 2 * _PAD_PX) * 0.72), line)

    @property
    def height(self) -> int:
        """Of a card without the gap below it."""
        captions = _CAPTION_LINES * self.line
        return 2 * _PAD_PX + self.head + _HEAD_GAP_PX + self.picture + 4 + captions

    def tile(self, card: QRect, place: int) -> QRect:
        """The place-th tile of a card."""
        top = card.top() + _PAD_PX + self.head + _HEAD_GAP_PX
        left = card.left() + place * self.column
        return QRect(left, top, self.column - GAP_PX, self.picture + 4 + _CAPTION_LINES * self.line)


@dataclass(frozen=True, slots=True)
class CardState:
    """What the grid knows about a card: which photo is current there, where its window begins."""

    current: int | None = None
    focused: bool = False
    first: int = 0
    shown: int = 2


class GroupCards(QObject):
    """The painter of cards; `hit` finds the photo under a point."""

    def __init__(self, marks: Marks, thumbs: Thumbnails, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._marks = marks
        self._pictures = tile.Fitted(thumbs)

    def paint(
        self, painter: QPainter, card: QRect, group: Group, sizes: CardSizes, look: CardState
    ) -> None:
        """The whole card."""
        self._paint_ground(painter, card, look)
        self._paint_head(painter, card, group, sizes)
        states = tile.states_of(group, self._marks)
        keeper = self._marks.keeper(group)
        last = min(look.first + look.shown, len(group.members))
        for place, number in enumerate(range(look.first, last)):
            member = group.members[number]
            box = sizes.tile(card, place)
            if number == look.current:
                _paint_current(painter, box, focused=look.focused)
            inner = box.adjusted(_PAD_PX - 2, 0, 2 - _PAD_PX, 0)
            picture = QRect(inner.left(), inner.top() + 2, inner.width(), sizes.picture)
            tile.paint_photo(painter, picture, member.photo, states[number], self._pictures)
            note = _note(member, suggested=member is keeper)
            if number == last - 1 and last < len(group.members):
                _paint_more(painter, picture, len(group.members) - last)
            _paint_caption(painter, inner, picture, member.photo, note, states[number], sizes)

    def hit(
        self, card: QRect, group: Group, sizes: CardSizes, look: CardState, point: QPoint
    ) -> int | None:
        """The number of the member under the point."""
        last = min(look.first + look.shown, len(group.members))
        for place, number in enumerate(range(look.first, last)):
            if sizes.tile(card, place).contains(point):
                return number
        return None

    def _paint_ground(self, painter: QPainter, card: QRect, look: CardState) -> None:
        colours = theme.colours()
        here = look.current is not None
        if here:
            painter.setPen(QPen(QColor(colours.focus if look.focused else colours.outline), 2))
        else:
            painter.setPen(QPen(QColor(colours.line), 1))
        painter.setBrush(QColor(colours.panel))
        painter.drawRoundedRect(QRectF(card).adjusted(1, 1, -1, -1), _RADIUS_PX, _RADIUS_PX)

    def _paint_head(self, painter: QPainter, card: QRect, group: Group, sizes: CardSizes) -> None:
        colours = theme.colours()
        head = QRect(card.left() + _PAD_PX, card.top() + _PAD_PX, 0, sizes.head)
        head.setRight(card.right() - _PAD_PX)
        badge = explain.kind_badge(group.kind, group.probability)
        corner = QPointF(head.left(), head.top() + 1)
        used = inks.chip(painter, corner, badge, ink=colours.text, fill=colours.selected)
        apart = group.kind is Kind.DIFFERENT
        parts = [] if apart else [formatting.size(group.reclaimable_bytes)]
        if len(group.members) > 2:
            parts.insert(0, formatting.photos(len(group.members)))
        if group.tie:
            parts.insert(0, formatting.translate("card", "a tie"))
        rest = QRect(head)
        rest.setLeft(head.left() + round(used) + 8)
        right = Qt.AlignmentFlag.AlignRight
        inks.text(painter, rest, "  ·  ".join(parts), colours.secondary, align=right)


def _note(member: Member, *, suggested: bool) -> str:
    if member.kind is Kind.DIFFERENT:
        return member.photo.metadata.camera or ""
    if suggested and not member.keeper:
        return formatting.translate("card", "chosen as keeper")
    note = explain.member_note(member).removeprefix("suggested: ")
    if member.keeper and not suggested:
        return formatting.translate("card", "was suggested: {0}").format(note)
    return note


def _paint_more(painter: QPainter, picture: QRect, count: int) -> None:
    """On the last tile: how many photos do not fit."""
    colours, word = theme.colours(), f"+{formatting.number(count)}"
    width = painter.fontMetrics().horizontalAdvance(word) + 2 * _PAD_PX
    corner = QPointF(picture.right() - width, picture.top() + 4)
    inks.chip(painter, corner, word, ink=colours.on_accent, fill=colours.accent)


def _paint_current(painter: QPainter, box: QRect, *, focused: bool) -> None:
    colours = theme.colours()
    painter.setPen(QPen(QColor(colours.focus), 2) if focused else Qt.PenStyle.NoPen)
    painter.setBrush(QColor(colours.selected))
    painter.drawRoundedRect(QRectF(box).adjusted(2, -1, -2, 3), 4, 4)


def _paint_caption(
    painter: QPainter,
    inner: QRect,
    picture: QRect,
    photo: PhotoRecord,
    note: str,
    state: State,
    sizes: CardSizes,
) -> None:
    """Name, folder, size, and why it stays or what it is."""
    colours = theme.colours()
    box = QRect(inner.left(), picture.bottom() + 4, inner.width(), sizes.line)
    inks.text(
        painter,
        box,
        explain.file_name(photo),
        colours.text,
        mode=Qt.TextElideMode.ElideMiddle,
    )
    font = painter.font()
    smaller = QFont(font)
    smaller.setPointSizeF(font.pointSizeF() * _SMALL)
    painter.setFont(smaller)
    ink = {
        State.SUGGESTED: colours.keep,
        State.KEPT: colours.keep,
        State.GOING: colours.remove,
        State.REMOVED: colours.remove,
    }.get(state, colours.secondary)
    data = photo.metadata
    measures = (
        f"{formatting.megapixels(data.width, data.height)}  ·  {formatting.size(photo.file.size)}"
    )
    lines = (
        (explain.folder(photo), colours.secondary, Qt.TextElideMode.ElideLeft),
        (measures, colours.secondary, Qt.TextElideMode.ElideRight),
        (note, ink, Qt.TextElideMode.ElideRight),
    )
    for value, colour, mode in lines:
        box.translate(0, sizes.line)
        inks.text(painter, box, value, colour, mode=mode)
    painter.setFont(font)
