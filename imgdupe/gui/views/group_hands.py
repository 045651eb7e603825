# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""The list of groups under mouse and keyboard: choose, pick several, open, drag out, ask.

Main thread. Decides nothing: keys become `asked`, and what a click means for the photos is told to
the grid.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPoint, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QHelpEvent, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QApplication, QToolTip

from imgdupe.gui import drags
from imgdupe.gui.review_keys import deed_of
from imgdupe.gui.views.group_grid import GroupGrid
from imgdupe.gui.views.tips import photo_tip
from imgdupe.records import PhotoRecord

_CTRL, _SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
_SPANS = {Qt.Key.Key_Right: 1, Qt.Key.Key_Left: -1}


class GroupHands(GroupGrid):
    """`asked` carries a Deed, `opened` a double-clicked group, `menu_wanted` a global point.

    `section_pressed`: the number of a section whose heading was clicked.
    """

    asked = Signal(object)
    opened = Signal(object)
    menu_wanted = Signal(QPoint)
    section_pressed = Signal(int)

    _pressed_at: QPoint | None = None
    """Where the left button went down over a photo, while it is down."""

    # -- keys -------------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self._pick_by_key(event):
            event.accept()
            return
        deed = deed_of(event)
        if deed is None:
            event.ignore()
            return
        event.accept()
        self.asked.emit(deed)

    def _pick_by_key(self, event: QKeyEvent) -> bool:
        """Shift+arrow picks on, Ctrl+Space picks the current photo, Ctrl+A the page, Esc none."""
        key, modifiers = (
            Qt.Key(event.key()),
            event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier,
        )
        if modifiers == _SHIFT and key in _SPANS:
            before = self.place()
            self.step_photo(_SPANS[key])
            self.picks.span(self.model_.groups(), before, self.place())
        elif modifiers == _CTRL and key == Qt.Key.Key_Space and (photo := self.photo()):
            self.picks.toggle(photo, None)
        elif modifiers == _CTRL and key == Qt.Key.Key_A:
            self.picks.add([each.photo for group in self.page() for each in group.members])
        elif key != Qt.Key.Key_Escape or not self.picks.clear():
            return False
        self._on_picked()
        return True

    def _on_picked(self) -> None:
        self.viewport().update()
        self.moved.emit()

    # -- mouse ------------------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        point = event.position().toPoint()
        found = self.hit(point)
        if found is None:
            section = self.heading_at(point)
            if section is not None and event.button() == Qt.MouseButton.LeftButton:
                self.section_pressed.emit(section)
            return
        row, number = found
        before, current = self.place(), self.photo()
        photo = self.model_.group(row).members[number or 0].photo
        self.select(row, number or 0)
        if number is None:
            return
        if event.modifiers() & _SHIFT:
            self.picks.span(self.model_.groups(), before, (row, number))
        elif event.modifiers() & _CTRL:
            self.picks.toggle(photo, current)
        elif photo not in self.picks:
            self.picks.clear()
        if event.button() == Qt.MouseButton.LeftButton:
            self._pressed_at = point
        self._on_picked()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        event.accept()
        point = event.position().toPoint()
        far = QApplication.startDragDistance()
        if self._pressed_at and (point - self._pressed_at).manhattanLength() >= far:
            self._pressed_at = None
            self._drag(self.photos())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        event.accept()
        clicked = self._pressed_at is not None and event.modifiers() == Qt.KeyboardModifier(0)
        self._pressed_at = None
        if clicked and self.picks.clear():
            self._on_picked()

    def _drag(self, photos: list[PhotoRecord]) -> None:
        there = [photo for photo in photos if not photo.offline]
        if there:
            paths = [photo.path for photo in there]
            drags.start(self, paths, self.thumbs.pixmap(there[0]))

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        found = self.hit(event.position().toPoint())
        if event.button() == Qt.MouseButton.LeftButton and found is not None:
            self.select(found[0], found[1] or 0)
            self.opened.emit(self.model_.group(found[0]))

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        if event.reason() == QContextMenuEvent.Reason.Keyboard:
            row = self.currentIndex().row()
            point = self.card(row).center() if self._has(row) else QPoint()
            self._want_menu(self.viewport().mapToGlobal(point))
        elif self.hit(event.pos()) is not None:
            self._want_menu(event.globalPos())

    def _want_menu(self, point: QPoint) -> None:
        if self.group() is not None:
            self.menu_wanted.emit(point)

    def viewportEvent(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            found = self.hit(event.pos())
            text = ""
            if found is not None and found[1] is not None:
                text = photo_tip(self.model_.group(found[0]), found[1])
            QToolTip.showText(event.globalPos(), text, self.viewport())
            return True
        return super().viewportEvent(event)
