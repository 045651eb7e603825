# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""Paints a group: a card with its kind, and a tile for each photo with what decides about it.

Main thread. The sizes follow the font; the grid asks `CardSizes` for its own layout.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass

from PySide6.QtCore import QObject, QPoint, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPen, QPixmap

from imgdupe.gui import explain, formatting, theme
from imgdupe.gui.arrange import Section
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
_CACHE_BYTES = 48_000_000


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
    """What the grid knows about a card: which photo is current there, where its window begins.

    `picked`: the numbers of the photos that are picked together.
    """

    current: int | None = None
    focused: bool = False
    first: int = 0
    shown: int = 2
    picked: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class _Painted:
    """A card's picture and what it shows."""

    group: Group
    stamp: object
    picture: QPixmap


class GroupCards(QObject):
    """The painter of cards; `hit` finds the photo under a point."""

    def __init__(self, marks: Marks, thumbs: Thumbnails, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._marks = marks
        self._pictures = tile.Fitted(thumbs)
        self._painted: OrderedDict[str, _Painted] = OrderedDict()
        self._bytes = 0

    def draw(
        self, painter: QPainter, card: QRect, group: Group, sizes: CardSizes, look: CardState
    ) -> None:
        """The whole card, painted anew only where something of it changed.

        Painting a card takes some ten times as long as copying its picture: scrolling copies.
        """
        ratio = painter.device().devicePixelRatioF()
        stamp = self._stamp(group, sizes, look, ratio, painter.font())
        found = self._painted.pop(group.key, None)
        if found is None or found.group is not group or found.stamp != stamp:
            if found is not None:
                self._bytes -= tile.bytes_of(found.picture)
            picture = self._picture(card.size(), ratio, painter.font(), (group, sizes, look))
            found = _Painted(group, stamp, picture)
            self._bytes += tile.bytes_of(picture)
        self._painted[group.key] = found
        while self._bytes > _CACHE_BYTES and len(self._painted) > 1:
            self._bytes -= tile.bytes_of(self._painted.popitem(last=False)[1].picture)
        painter.drawPixmap(card.topLeft(), found.picture)

    def _picture(
        self, size: QSize, ratio: float, font: QFont, what: tuple[Group, CardSizes, CardState]
    ) -> QPixmap:
        picture = QPixmap(size * ratio)
        picture.setDevicePixelRatio(ratio)
        picture.fill(QColor(theme.colours().list))
        painter = QPainter(picture)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(font)
        self.paint(painter, QRect(QPoint(0, 0), size), *what)
        painter.end()
        return picture

    def _stamp(
        self, group: Group, sizes: CardSizes, look: CardState, ratio: float, font: QFont
    ) -> object:
        """Everything that a card's picture depends on, but the group itself."""
        members = group.members[look.first : look.first + look.shown]
        return (
            theme.colours().list,
            font.key(),
            sizes,
            look,
            ratio,
            [self._pictures.thumbs.state(each.photo) for each in members],
            tile.states_of(group, self._marks),
            self._marks.keeper(group).photo.path,
        )

    def paint_heading(self, painter: QPainter, box: QRect, section: Section) -> None:
        """Above the groups of a section: their folders, how many, and what can be done at once."""
        colours = theme.colours()
        offer = formatting.translate("card", "Choose folder to keep…")
        width = painter.fontMetrics().horizontalAdvance(offer)
        right = QRect(box.right() - width, box.top(), width + 1, box.height())
        if len(section.folders) > 1:
            inks.text(painter, right, offer, colours.accent)
        else:
            right.setLeft(box.right())
        amount = "  ·  ".join(
            (formatting.groups(section.groups), formatting.size(section.reclaimable_bytes))
        )
        folders = explain.folders_text(section.folders)
        most = right.left() - box.left() - painter.fontMetrics().horizontalAdvance(amount) - 40
        name = painter.fontMetrics().elidedText(folders, Qt.TextElideMode.ElideMiddle, most)
        left = QRect(
            box.left() + 4,
            box.top(),
            painter.fontMetrics().horizontalAdvance(name) + 2,
            box.height(),
        )
        inks.text(painter, left, name, colours.text)
        rest = QRect(left.right() + 16, box.top(), right.left() - left.right() - 16, box.height())
        inks.text(painter, rest, amount, colours.secondary)

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
            if number == look.current or number in look.picked:
                _paint_current(painter, box, focused=look.focused and number == look.current)
            inner = box.adjusted(_PAD_PX - 2, 0, 2 - _PAD_PX, 0)
            picture = QRect(inner.left(), inner.top() + 2, inner.width(), sizes.picture)
            tile.paint_photo(painter, picture, member.photo, states[number], self._pictures)
            note = _note(member, suggested=member is keeper)
            if number in look.picked:
                _paint_picked(painter, picture)
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


def _paint_picked(painter: QPainter, picture: QRect) -> None:
    """A tick in the lower right corner: picked together with others."""
    colours = theme.colours()
    corner = QPointF(picture.right() - inks.BADGE_PX - 4, picture.bottom() - inks.BADGE_PX - 4)
    inks.badge(painter, corner, "✓", colours.accent, hollow=False)


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
