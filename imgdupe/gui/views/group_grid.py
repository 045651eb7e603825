# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""The list of groups as cards on a grid: only what is visible is painted.

Main thread. A list view in all that others see of it (model, current index, accessibility), with
a layout and painting of its own, because groups have different widths and 50,000 must scroll.
Decides nothing: keys become `asked`, clicks move the current photo and pick photos.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import (
    QEvent,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRect,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import QFocusEvent, QPainter, QPaintEvent, QRegion, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QListView, QWidget

from imgdupe.gui.delegates.group_card import CardState, GroupCards
from imgdupe.gui.marks import Marks
from imgdupe.gui.models.group_list import GroupListModel
from imgdupe.gui.thumbnails import Thumbnails
from imgdupe.gui.views.card_layout import MARGIN_PX, CardLayout
from imgdupe.gui.views.picks import Picks
from imgdupe.records import Group, PhotoRecord

Index = QModelIndex | QPersistentModelIndex
_ARRIVALS_MS = 40
"""Thumbnails that come one by one are painted together, so that a card is painted once for them."""


class GroupGrid(QListView):
    """`moved`: another photo or group is current, or another page is in view."""

    moved = Signal()

    def __init__(self, marks: Marks, thumbs: Thumbnails, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.thumbs = thumbs
        self.picks = Picks()
        self.layout_ = CardLayout(self.font())
        self._cards = GroupCards(marks, thumbs, self)
        self._photo = 0
        self._anchor: tuple[str, int] | None = None
        self._current_key: str | None = None
        self.model_ = GroupListModel(marks, self)
        self.model_.modelAboutToBeReset.connect(self._remember_place)
        self.setModel(self.model_)
        self.model_.modelReset.connect(self._restore_place)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setMouseTracking(True)
        # The current card shows the focus; a second ring around all of them says nothing.
        self.setStyleSheet("QListView { border: none; }")
        self._arrived: set[int] = set()
        self._arrivals = QTimer(self, interval=_ARRIVALS_MS, singleShot=True)
        self._arrivals.timeout.connect(self._show_arrived)
        thumbs.arrived.connect(self._on_thumbnail)
        self.verticalScrollBar().valueChanged.connect(lambda _value: self.moved.emit())

    # -- what is current --------------------------------------------------------------------------

    def group(self) -> Group | None:
        """The current group."""
        row = self.currentIndex().row()
        return self.model_.group(row) if 0 <= row < self.model_.rowCount() else None

    def photo(self) -> PhotoRecord | None:
        """The current photo of the current group."""
        group = self.group()
        if group is None:
            return None
        return group.members[min(self._photo, len(group.members) - 1)].photo

    def photos(self) -> list[PhotoRecord]:
        """What is picked, or else the current photo."""
        photo = self.photo()
        return self.picks.photos() or ([] if photo is None else [photo])

    def place(self) -> tuple[int, int]:
        """The row and the number of the current photo."""
        return self.currentIndex().row(), self._photo

    def select(self, row: int, photo: int = 0) -> None:
        """Make a photo current and show its group."""
        if not 0 <= row < self.model_.rowCount():
            return
        self._photo = min(max(photo, 0), len(self.model_.group(row).members) - 1)
        index = self.model_.index(row)
        self._current_key = self.model_.group(row).key
        if index == self.currentIndex():
            self.scrollTo(index)
        self.setCurrentIndex(index)
        self.viewport().update()
        self.moved.emit()

    def step_photo(self, by: int) -> None:
        """To the neighbouring photo, into the next group at the end of this one."""
        group, row = self.group(), self.currentIndex().row()
        if group is None:
            self.select(0)
        elif 0 <= self._photo + by < len(group.members):
            self.select(row, self._photo + by)
        elif by > 0:
            self.step_group(1)
        elif row > 0:
            self.select(row - 1, len(self.model_.group(row - 1).members) - 1)

    def step_group(self, by: int) -> None:
        """To the next or previous group, its first photo."""
        row = self.currentIndex().row() + by
        if 0 <= row < self.model_.rowCount():
            self.select(row)

    def step_page(self, by: int) -> None:
        """A screenful of lines on, at the same place in the line."""
        if self.group() is None or not self.model_.rowCount():
            return
        row, flow = self.currentIndex().row(), self.layout_.flow
        lines = max(self.viewport().height() // self.layout_.pitch, 1)
        wanted = min(max(flow.line(row) + by * lines, 0), flow.lines - 1)
        found = flow.at(wanted, flow.column(row))
        bar = self.verticalScrollBar()
        bar.setValue(bar.value() + by * lines * self.layout_.pitch)
        self.select(row if found is None else found)

    def page(self) -> list[Group]:
        """The groups that are in view as a whole; the current one if none is."""
        top = self.verticalOffset()
        rows = self.layout_.whole(top, top + self.viewport().height())
        groups = [self.model_.group(row) for row in rows if self._has(row)]
        group = self.group()
        return groups or ([group] if group is not None else [])

    # -- layout -----------------------------------------------------------------------------------

    def doItemsLayout(self) -> None:
        model = self.model_
        starts = [section.first for section in model.sections()]
        width = self.viewport().width()
        self.layout_.arrange(model.spans(), starts, model.version, width, self.font())
        self.updateGeometries()
        self.viewport().update()

    def updateGeometries(self) -> None:
        bar = self.verticalScrollBar()
        bar.setRange(0, max(self.layout_.height - self.viewport().height(), 0))
        bar.setPageStep(self.viewport().height())
        bar.setSingleStep(max(self.layout_.pitch // 4, 1))

    def card(self, row: int) -> QRect:
        """A row's card in the viewport's coordinates."""
        return self.layout_.card(row).translated(0, -self.verticalOffset())

    def look(self, row: int) -> CardState:
        """Which of its photos a card shows, and how."""
        group = self.model_.group(row)
        shown = self.layout_.shown(row)
        picked = frozenset(n for n, each in enumerate(group.members) if each.photo in self.picks)
        if row != self.currentIndex().row():
            return CardState(shown=shown, picked=picked)
        photo = min(self._photo, len(group.members) - 1)
        first = max(photo - shown + 1, 0)
        return CardState(photo, self.hasFocus(), first, shown, picked)

    def horizontalOffset(self) -> int:
        return 0

    def verticalOffset(self) -> int:
        return self.verticalScrollBar().value()

    def visualRect(self, index: Index) -> QRect:
        row = index.row()
        return self.card(row) if self._has(row) else QRect()

    def indexAt(self, point: QPoint) -> QModelIndex:
        height = point.y() + self.verticalOffset()
        for row in self.layout_.touched(height, height):
            if self._has(row) and self.card(row).contains(point):
                return self.model_.index(row)
        return QModelIndex()

    def scrollTo(
        self,
        index: Index,
        hint: QAbstractItemView.ScrollHint = QAbstractItemView.ScrollHint.EnsureVisible,
    ) -> None:
        if not self._has(index.row()):
            return
        card, bar = self.card(index.row()), self.verticalScrollBar()
        if hint == QAbstractItemView.ScrollHint.PositionAtCenter:
            bar.setValue(bar.value() + card.center().y() - self.viewport().height() // 2)
        elif card.top() < 0:
            first = index.row() == 0
            bar.setValue(0 if first else bar.value() + card.top() - MARGIN_PX)
        elif card.bottom() > self.viewport().height():
            below = card.bottom() - self.viewport().height() + MARGIN_PX
            bar.setValue(bar.value() + min(below, card.top()))

    def visualRegionForSelection(self, selection: object) -> QRegion:
        return QRegion(self.viewport().rect())

    def dataChanged(self, first: Index, last: Index, roles: Sequence[int] = ()) -> None:
        """Marks change what a card shows, never where it lies."""
        if roles:
            self.viewport().update()
        else:
            super().dataChanged(first, last, roles)
            self.doItemsLayout()

    def rowsInserted(self, parent: Index, first: int, last: int) -> None:
        super().rowsInserted(parent, first, last)
        self.doItemsLayout()

    def _has(self, row: int) -> bool:
        return 0 <= row < min(self.model_.rowCount(), len(self.layout_))

    # -- living groups ----------------------------------------------------------------------------

    def _remember_place(self) -> None:
        """What lies at the top, so that it lies there again after the change."""
        self._anchor = None
        top = self.verticalOffset()
        for row in self.layout_.touched(top, top):
            if self._has(row):
                self._anchor = (self.model_.group(row).key, self.card(row).top())
                return

    def _restore_place(self) -> None:
        self.doItemsLayout()
        self.picks.keep_only(self.model_.groups())
        photo = self._photo
        row = self.model_.row_of(self._current_key) if self._current_key else None
        row = 0 if row is None and self.model_.rowCount() else row
        if row is not None:
            self.setCurrentIndex(self.model_.index(row))
            self._current_key = self.model_.group(row).key
            self._photo = min(photo, len(self.model_.group(row).members) - 1)
        self._scroll_to_anchor()
        self.moved.emit()

    def _scroll_to_anchor(self) -> None:
        place = self.model_.row_of(self._anchor[0]) if self._anchor else None
        if place is not None and self._anchor is not None:
            bar = self.verticalScrollBar()
            bar.setValue(bar.value() + self.card(place).top() - self._anchor[1])

    def currentChanged(self, current: Index, previous: Index) -> None:
        """A screen reader or Qt itself may move the current index too."""
        super().currentChanged(current, previous)
        if self._has(current.row()):
            key = self.model_.group(current.row()).key
            if key != self._current_key:
                self._current_key, self._photo = key, 0
            self.scrollTo(current)
        self.viewport().update()

    # -- painting ---------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        area, offset = event.rect(), self.verticalOffset()
        rows = self.layout_.touched(area.top() + offset, area.bottom() + offset)
        # Backwards, so that the topmost thumbnail is the newest request and comes first.
        for row in reversed(rows):
            if self._has(row):
                group = self.model_.group(row)
                self._cards.draw(painter, self.card(row), group, self.layout_.sizes, self.look(row))
        self._paint_headings(painter, rows)

    def _paint_headings(self, painter: QPainter, rows: range) -> None:
        sections = self.model_.sections()
        if sections and rows:
            first, last = self.layout_.section_of(rows[0]), self.layout_.section_of(rows[-1])
            for number in range(first or 0, (last or 0) + 1):
                box = self.layout_.heading_box(number).translated(0, -self.verticalOffset())
                self._cards.paint_heading(painter, box, sections[number])

    def _on_thumbnail(self, content_id: int) -> None:
        self._arrived.add(content_id)
        if not self._arrivals.isActive():
            self._arrivals.start()

    def _show_arrived(self) -> None:
        """Paint the cards in view that show one of the pictures that came."""
        top = self.verticalOffset()
        for row in self.layout_.touched(top, top + self.viewport().height()):
            if self._has(row) and not self._arrived.isdisjoint(self.model_.group(row).content_ids):
                self.viewport().update(self.card(row))
        self._arrived.clear()

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._remember_place()
        super().resizeEvent(event)
        self.doItemsLayout()
        self._scroll_to_anchor()
        self.moved.emit()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self.doItemsLayout()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.viewport().update()

    # -- under the pointer ------------------------------------------------------------------------

    def hit(self, point: QPoint) -> tuple[int, int | None] | None:
        """The row of the card under the point, and the number of the photo."""
        index = self.indexAt(point)
        if not index.isValid():
            return None
        row = index.row()
        group, sizes = self.model_.group(row), self.layout_.sizes
        return row, self._cards.hit(self.card(row), group, sizes, self.look(row), point)

    def heading_at(self, point: QPoint) -> int | None:
        """The number of the section whose heading is under the point."""
        height = point.y() + self.verticalOffset()
        for row in self.layout_.touched(height, height)[:1]:
            for number in {self.layout_.section_of(row), self.layout_.section_of(row + 1)}:
                if number is not None and self.layout_.heading_box(number).contains(
                    point.x(), height
                ):
                    return number
        return None
