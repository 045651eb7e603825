# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""The list of groups as cards on a grid: only what is visible is painted.

Main thread. A list view in all that others see of it (model, current index, accessibility), with
a layout and painting of its own, because groups have different widths and 50,000 must scroll.
Decides nothing: keys become `asked`, clicks move the current photo.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QModelIndex, QPersistentModelIndex, QPoint, QRect, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QFocusEvent,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QRegion,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractItemView, QListView, QToolTip, QWidget

from imgdupe.gui.delegates.group_card import GAP_PX, CardSizes, CardState, GroupCards
from imgdupe.gui.marks import Marks
from imgdupe.gui.models.group_list import GroupListModel
from imgdupe.gui.review_keys import deed_of
from imgdupe.gui.thumbnails import Thumbnails
from imgdupe.gui.views.flow import Flow
from imgdupe.gui.views.tips import photo_tip
from imgdupe.records import Group, PhotoRecord

_COLUMN_PX = 146
_MARGIN_PX = 8
_MOST_TILES = 6
Index = QModelIndex | QPersistentModelIndex


class GroupGrid(QListView):
    """`asked` carries a Deed, `opened` a double-clicked group, `menu_wanted` a global point.

    `moved`: another photo or group is current, or another page is in view.
    """

    asked = Signal(object)
    opened = Signal(object)
    menu_wanted = Signal(QPoint)
    moved = Signal()

    def __init__(self, marks: Marks, thumbs: Thumbnails, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._flow = Flow()
        self._cards = GroupCards(marks, thumbs, self)
        self._columns = 2
        self._photo = 0
        self._anchor: tuple[str, int] | None = None
        self._current_key: str | None = None
        self._sizes = CardSizes.of(self.font(), _COLUMN_PX)
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
        thumbs.arrived.connect(lambda _id: self.viewport().update())
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
        row = self.currentIndex().row()
        pitch = self._sizes.height + GAP_PX
        lines = max(self.viewport().height() // pitch, 1)
        wanted = min(max(self._flow.line(row) + by * lines, 0), self._flow.lines - 1)
        found = self._flow.at(wanted, self._flow.column(row))
        bar = self.verticalScrollBar()
        bar.setValue(bar.value() + by * lines * pitch)
        self.select(row if found is None else found)

    def page(self) -> list[Group]:
        """The groups that are in view as a whole; the current one if none is."""
        pitch = self._sizes.height + GAP_PX
        top = self.verticalOffset() - _MARGIN_PX
        first = -(-top // pitch)
        last = (top + self.viewport().height() + GAP_PX) // pitch - 1
        rows = self._flow.rows(first, last)
        groups = [self.model_.group(row) for row in rows]
        group = self.group()
        return groups or ([group] if group is not None else [])

    # -- layout -----------------------------------------------------------------------------------

    def doItemsLayout(self) -> None:
        """Columns as wide as they can be, an even number of them, so that pairs fill the lines."""
        room = max(self.viewport().width() - 2 * _MARGIN_PX + GAP_PX, _COLUMN_PX)
        self._columns = max(room // _COLUMN_PX // 2 * 2, 2)
        self._sizes = CardSizes.of(self.font(), room // self._columns)
        widths = [self._width(group) for group in self.model_.groups()]
        self._flow.arrange(widths, self._columns)
        self.updateGeometries()
        self.viewport().update()

    def updateGeometries(self) -> None:
        pitch = self._sizes.height + GAP_PX
        content = 2 * _MARGIN_PX + self._flow.lines * pitch - GAP_PX
        bar = self.verticalScrollBar()
        bar.setRange(0, max(content - self.viewport().height(), 0))
        bar.setPageStep(self.viewport().height())
        bar.setSingleStep(max(pitch // 4, 1))

    def _width(self, group: Group) -> int:
        return min(len(group.members), self._columns, _MOST_TILES)

    def _card(self, row: int) -> QRect:
        """In the viewport's coordinates."""
        column = self._sizes.column
        left = _MARGIN_PX + self._flow.column(row) * column
        top = _MARGIN_PX + self._flow.line(row) * (self._sizes.height + GAP_PX)
        width = self._width(self.model_.group(row)) * column - GAP_PX
        return QRect(left, top - self.verticalOffset(), width, self._sizes.height)

    def _look(self, row: int) -> CardState:
        shown = self._width(self.model_.group(row))
        if row != self.currentIndex().row():
            return CardState(shown=shown)
        photo = min(self._photo, len(self.model_.group(row).members) - 1)
        first = max(photo - shown + 1, 0)
        return CardState(photo, self.hasFocus(), first, shown)

    def horizontalOffset(self) -> int:
        return 0

    def verticalOffset(self) -> int:
        return self.verticalScrollBar().value()

    def visualRect(self, index: Index) -> QRect:
        row = index.row()
        return self._card(row) if self._has(row) else QRect()

    def indexAt(self, point: QPoint) -> QModelIndex:
        line = (point.y() + self.verticalOffset() - _MARGIN_PX) // (self._sizes.height + GAP_PX)
        for row in self._flow.rows(line, line):
            if self._has(row) and self._card(row).contains(point):
                return self.model_.index(row)
        return QModelIndex()

    def scrollTo(
        self,
        index: Index,
        hint: QAbstractItemView.ScrollHint = QAbstractItemView.ScrollHint.EnsureVisible,
    ) -> None:
        if not self._has(index.row()):
            return
        card, bar = self._card(index.row()), self.verticalScrollBar()
        if hint == QAbstractItemView.ScrollHint.PositionAtCenter:
            bar.setValue(bar.value() + card.center().y() - self.viewport().height() // 2)
        elif card.top() < 0:
            bar.setValue(bar.value() + card.top() - _MARGIN_PX)
        elif card.bottom() > self.viewport().height():
            below = card.bottom() - self.viewport().height() + _MARGIN_PX
            bar.setValue(bar.value() + min(below, card.top()))

    def visualRegionForSelection(self, selection: object) -> QRegion:
        return QRegion(self.viewport().rect())

    def _has(self, row: int) -> bool:
        return 0 <= row < min(self.model_.rowCount(), len(self._flow))

    # -- living groups ----------------------------------------------------------------------------

    def _remember_place(self) -> None:
        """What lies at the top, so that it lies there again after the change."""
        self._anchor = None
        pitch = self._sizes.height + GAP_PX
        rows = self._flow.rows((self.verticalOffset() - _MARGIN_PX) // pitch, self._flow.lines)
        if rows and self._has(rows.start):
            row = rows.start
            self._anchor = (self.model_.group(row).key, self._card(row).top())

    def _restore_place(self) -> None:
        self.doItemsLayout()
        photo = self._photo
        row = self.model_.row_of(self._current_key) if self._current_key else None
        row = 0 if row is None and self.model_.rowCount() else row
        if row is not None:
            self.setCurrentIndex(self.model_.index(row))
            self._current_key = self.model_.group(row).key
            self._photo = min(photo, len(self.model_.group(row).members) - 1)
        place = self.model_.row_of(self._anchor[0]) if self._anchor else None
        if place is not None and self._anchor is not None:
            bar = self.verticalScrollBar()
            bar.setValue(bar.value() + self._card(place).top() - self._anchor[1])
        self.moved.emit()

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
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        pitch = self._sizes.height + GAP_PX
        top = self.verticalOffset() - _MARGIN_PX + event.rect().top()
        first, last = top // pitch, (top + event.rect().height()) // pitch
        # Backwards, so that the topmost thumbnail is the newest request and comes first.
        for row in reversed(self._flow.rows(first, last)):
            if self._has(row):
                group = self.model_.group(row)
                self._cards.paint(painter, self._card(row), group, self._sizes, self._look(row))

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._remember_place()
        super().resizeEvent(event)
        self.doItemsLayout()
        place = self.model_.row_of(self._anchor[0]) if self._anchor else None
        if place is not None and self._anchor is not None:
            bar = self.verticalScrollBar()
            bar.setValue(bar.value() + self._card(place).top() - self._anchor[1])
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

    # -- mouse and keys ---------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        deed = deed_of(event)
        if deed is None:
            event.ignore()
            return
        event.accept()
        self.asked.emit(deed)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._select_at(event.position().toPoint())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        event.accept()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        event.accept()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            group = self._select_at(event.position().toPoint())
            if group is not None:
                self.opened.emit(group)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        if event.reason() != QContextMenuEvent.Reason.Keyboard:
            self._select_at(event.pos())
        if self.group() is not None:
            self.menu_wanted.emit(event.globalPos())

    def viewportEvent(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            found = self._at(event.pos())
            text = photo_tip(*found) if found else ""
            QToolTip.showText(event.globalPos(), text, self.viewport())
            return True
        return super().viewportEvent(event)

    def _at(self, point: QPoint) -> tuple[Group, int] | None:
        index = self.indexAt(point)
        if not index.isValid():
            return None
        row = index.row()
        group = self.model_.group(row)
        hit = self._cards.hit(self._card(row), group, self._sizes, self._look(row), point)
        return None if hit is None else (group, hit)

    def _select_at(self, point: QPoint) -> Group | None:
        index = self.indexAt(point)
        if not index.isValid():
            return None
        found = self._at(point)
        self.select(index.row(), found[1] if found else 0)
        return self.model_.group(index.row())
