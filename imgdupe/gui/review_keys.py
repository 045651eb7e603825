# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""The keys with which photos are decided and looked at, the same in the list and in comparing.

Main thread. The window's own keys (Ctrl+…, F, Tab, ?) are its actions', not these.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum, auto

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent

from imgdupe.gui.marks import Marks
from imgdupe.records import Group, PhotoRecord


class Deed(Enum):
    """What a key asks for."""

    KEEP = auto()
    REMOVE = auto()
    UNDECIDE = auto()
    KEEP_REST = auto()
    NEXT_KEEPER = auto()
    ACCEPT = auto()
    ACCEPT_PAGE = auto()
    NOT_DUPLICATES = auto()
    COMPARE = auto()
    SURVEY = auto()
    GRID = auto()
    ZOOM = auto()
    BLINK = auto()
    WIPE = auto()
    DIFFERENCE = auto()
    HISTOGRAM = auto()
    CLIPPING = auto()
    LOUPE = auto()
    INFO = auto()
    ONLY_DIFFERENCES = auto()
    LIGHTS = auto()
    NEXT_PHOTO = auto()
    PREVIOUS_PHOTO = auto()
    NEXT_GROUP = auto()
    PREVIOUS_GROUP = auto()
    NEXT_PAGE = auto()
    PREVIOUS_PAGE = auto()
    FIRST_GROUP = auto()
    LAST_GROUP = auto()
    NEXT_SHELF = auto()
    PREVIOUS_SHELF = auto()


_K = Qt.Key
_PLAIN = {
    _K.Key_P: Deed.KEEP,
    _K.Key_X: Deed.REMOVE,
    _K.Key_Delete: Deed.REMOVE,
    _K.Key_Backspace: Deed.REMOVE,
    _K.Key_U: Deed.UNDECIDE,
    _K.Key_K: Deed.NEXT_KEEPER,
    _K.Key_Return: Deed.ACCEPT,
    _K.Key_Enter: Deed.ACCEPT,
    _K.Key_C: Deed.COMPARE,
    _K.Key_N: Deed.SURVEY,
    _K.Key_G: Deed.GRID,
    _K.Key_Escape: Deed.GRID,
    _K.Key_Z: Deed.ZOOM,
    _K.Key_Space: Deed.ZOOM,
    _K.Key_B: Deed.BLINK,
    _K.Key_V: Deed.WIPE,
    _K.Key_D: Deed.DIFFERENCE,
    _K.Key_H: Deed.HISTOGRAM,
    _K.Key_J: Deed.CLIPPING,
    _K.Key_M: Deed.LOUPE,
    _K.Key_I: Deed.INFO,
    _K.Key_O: Deed.ONLY_DIFFERENCES,
    _K.Key_L: Deed.LIGHTS,
    _K.Key_Right: Deed.NEXT_PHOTO,
    _K.Key_Left: Deed.PREVIOUS_PHOTO,
    _K.Key_Down: Deed.NEXT_GROUP,
    _K.Key_Up: Deed.PREVIOUS_GROUP,
    _K.Key_PageDown: Deed.NEXT_PAGE,
    _K.Key_PageUp: Deed.PREVIOUS_PAGE,
    _K.Key_Home: Deed.FIRST_GROUP,
    _K.Key_End: Deed.LAST_GROUP,
}
_SHIFTED = {
    _K.Key_P: Deed.KEEP_REST,
    _K.Key_N: Deed.NOT_DUPLICATES,
    _K.Key_Return: Deed.ACCEPT_PAGE,
    _K.Key_Enter: Deed.ACCEPT_PAGE,
}
_WITH_CTRL = {_K.Key_PageDown: Deed.NEXT_SHELF, _K.Key_PageUp: Deed.PREVIOUS_SHELF}


def deed_of(event: QKeyEvent) -> Deed | None:
    """What this key press asks for, None if it is none of ours."""
    modifiers = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
    key = Qt.Key(event.key())
    if modifiers == Qt.KeyboardModifier.NoModifier:
        return _PLAIN.get(key)
    if modifiers == Qt.KeyboardModifier.ShiftModifier:
        return _SHIFTED.get(key)
    if modifiers == Qt.KeyboardModifier.ControlModifier:
        return _WITH_CTRL.get(key)
    return None


def decide(marks: Marks, deed: Deed, group: Group, photos: Sequence[PhotoRecord]) -> bool:
    """Do what concerns photos and needs no view; False if the deed is not of that sort."""
    if deed is Deed.KEEP:
        marks.keep(photos)
    elif deed is Deed.REMOVE:
        marks.remove(photos)
    elif deed is Deed.UNDECIDE:
        marks.undecide(photos)
    elif deed is Deed.NEXT_KEEPER:
        marks.next_keeper(group)
    else:
        return False
    return True
