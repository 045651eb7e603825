# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""The window's own commands and their keys, and the list of all keys that `?` shows.

Main thread. Keys of one view (P, X, arrows, …) belong to that view. Keys that would get in the way
of writing are taken back while a text field has the focus.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication, QObject
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import (
    QAbstractItemView,
    QAbstractSpinBox,
    QApplication,
    QGraphicsView,
    QLineEdit,
    QMenu,
    QPlainTextEdit,
    QTextEdit,
    QWidget,
)

from imgdupe.gui import icons

translate = QCoreApplication.translate
VIEWS = ("groups", "search", "library", "history", "problems")
_TEXT_FIELDS = (QLineEdit, QAbstractSpinBox, QPlainTextEdit, QTextEdit)
_PHOTO_AREAS = (QAbstractItemView, QGraphicsView)


class Actions(QObject):
    """One `QAction` per command, added to the window so that its key works everywhere in it."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._written: dict[QAction, list[QKeySequence]] = {}
        self._make_commands()
        self._make_view_commands()
        self.panels = self._add(self.tr("Hide or show panels"), "", "")
        self.settings.setMenuRole(QAction.MenuRole.PreferencesRole)
        self.about.setMenuRole(QAction.MenuRole.AboutRole)
        self.quit.setMenuRole(QAction.MenuRole.QuitRole)
        QApplication.instance().focusChanged.connect(self._on_focus)  # type: ignore[union-attr]

    def _make_commands(self) -> None:
        self.add_folder = self._add(self.tr("Add folder…"), "Ctrl+O", "folder-add")
        self.paste = self._add(self.tr("Find a copied picture"), "Ctrl+V", "search", quiet=True)
        self.scan = self._add(self.tr("Scan again"), "F5", "refresh")
        self.autoselect = self._add(
            self.tr("Select by rules…"), "Ctrl+Shift+A", "shield", quiet=True
        )
        self.remove = self._add(
            self.tr("Review and remove…"), "Ctrl+Shift+Del", "trash", quiet=True
        )
        self.undo = self._add(self.tr("Undo"), "Ctrl+Z", "undo", quiet=True)
        self.redo = self._add(self.tr("Redo"), "Ctrl+Shift+Z", "redo", quiet=True)
        self.filter = self._add(self.tr("Filter"), "Ctrl+F", "filter")
        self.settings = self._add(self.tr("Settings…"), "Ctrl+,", "settings")
        self.settings.setToolTip(self.tr("Settings (Ctrl+,)"))
        self.keys = self._add(self.tr("Keys"), "? Shift+? F1", "keys", quiet=True)
        self.full_screen = self._add(self.tr("Full screen"), "F", "", quiet=True)
        self.report = self._add(self.tr("Report a problem…"), "", "problems")
        self.about = self._add(self.tr("About imgdupe"), "", "info")
        self.quit = self._add(
            self.tr("Exit") if sys.platform == "win32" else self.tr("Quit"), "Ctrl+Q", ""
        )

    def _make_view_commands(self) -> None:
        names = {
            "groups": self.tr("Groups"),
            "search": self.tr("Search"),
            "library": self.tr("Library"),
            "history": self.tr("History"),
            "problems": self.tr("Problems"),
        }
        self.views = {
            view: self._add(names[view], f"Ctrl+{place}", "") for place, view in enumerate(VIEWS, 1)
        }

    def _add(self, text: str, keys: str, icon: str, *, quiet: bool = False) -> QAction:
        """`keys` with spaces between; `quiet`: taken back while a text field has the focus."""
        action = QAction(text, self._window)
        action.setShortcuts([QKeySequence(key) for key in keys.split()])
        if icon:
            icons.put(action, icon)
        if quiet:
            self._written[action] = action.shortcuts()
        self._window.addAction(action)
        return action

    def fill(self, menu: QMenu) -> None:
        """The menu behind the rail's last button."""
        rows: tuple[tuple[QAction, ...], ...] = (
            (self.add_folder, self.scan, self.paste),
            (self.undo, self.redo, self.autoselect, self.remove),
            (*self.views.values(), self.full_screen),
            (self.settings, self.keys, self.report, self.about, self.quit),
        )
        for row in rows:
            menu.addActions(list(row))
            menu.addSeparator()

    def _on_focus(self, _old: QWidget | None, now: QWidget | None) -> None:
        if now is None:
            return
        writing = isinstance(now, _TEXT_FIELDS)
        for action, keys in self._written.items():
            action.setShortcuts([] if writing else keys)
        # Elsewhere Tab must go on moving the focus from control to control.
        tab = [QKeySequence("Tab")] if isinstance(now, _PHOTO_AREAS) else []
        self.panels.setShortcuts(tab)


@dataclass(frozen=True, slots=True)
class KeyHelp:
    """One line of the key sheet."""

    keys: str
    text: str


def key_sheet() -> list[tuple[str, list[KeyHelp]]]:
    """All keys by where they work, in the order in which they are shown."""
    return [
        (translate("keys", "Decide"), _decide_keys()),
        (translate("keys", "Move and look"), _look_keys()),
        (translate("keys", "Everywhere"), _global_keys()),
    ]


def _decide_keys() -> list[KeyHelp]:
    return [
        KeyHelp("P", translate("keys", "keep the photo")),
        KeyHelp("X", translate("keys", "mark it for removal")),
        KeyHelp("Del, Backspace", translate("keys", "the same: it only marks")),
        KeyHelp("U", translate("keys", "undecided again")),
        KeyHelp("Shift+P", translate("keys", "keep this, remove the rest, go on")),
        KeyHelp("K", translate("keys", "suggest the next photo as keeper")),
        KeyHelp("Shift+N", translate("keys", "not duplicates: never show them together again")),
        KeyHelp("Enter", translate("keys", "accept the suggestion and go on")),
        KeyHelp("Shift+Enter", translate("keys", "accept all suggestions in view, next page")),
        KeyHelp("Ctrl+Shift+A", translate("keys", "mark by rules in many groups")),
        KeyHelp("Ctrl+Z", translate("keys", "take back the last mark or removal")),
        KeyHelp("Ctrl+Shift+Z", translate("keys", "do it again")),
        KeyHelp("Ctrl+Shift+Del", translate("keys", "review what is marked and remove it")),
    ]


def _look_keys() -> list[KeyHelp]:
    return [
        KeyHelp("← →", translate("keys", "photo")),
        KeyHelp("↑ ↓", translate("keys", "group")),
        KeyHelp("PgUp PgDn", translate("keys", "page")),
        KeyHelp("Home End", translate("keys", "first and last group")),
        KeyHelp("Ctrl+PgUp PgDn", translate("keys", "shelf")),
        KeyHelp("Shift+← →", translate("keys", "pick photos on the way")),
        KeyHelp("Ctrl+Space", translate("keys", "pick this photo too")),
        KeyHelp("Ctrl+A", translate("keys", "pick all in view; Esc picks none")),
        KeyHelp("C", translate("keys", "compare side by side")),
        KeyHelp("G, Esc", translate("keys", "back to the groups")),
        KeyHelp("Z, Space", translate("keys", "whole picture or 100 %")),
        KeyHelp("D", translate("keys", "difference")),
        KeyHelp("B", translate("keys", "blink, while held")),
        KeyHelp("V", translate("keys", "wipe")),
        KeyHelp("N", translate("keys", "all pictures of the group")),
        KeyHelp("H", translate("keys", "histogram")),
        KeyHelp("J", translate("keys", "clipped highlights and shadows")),
        KeyHelp("M", translate("keys", "magnifier with sharpness")),
        KeyHelp("I", translate("keys", "information")),
        KeyHelp("O", translate("keys", "only what differs")),
        KeyHelp("L", translate("keys", "lights out")),
    ]


def _global_keys() -> list[KeyHelp]:
    return [
        KeyHelp("Ctrl+O", translate("keys", "add a folder")),
        KeyHelp("F5", translate("keys", "scan again")),
        KeyHelp("Ctrl+V", translate("keys", "find the copied picture")),
        KeyHelp("Ctrl+F", translate("keys", "filter")),
        KeyHelp("Ctrl+1 … 5", translate("keys", "groups, search, library, history, problems")),
        KeyHelp("Tab", translate("keys", "hide or show the panels (in a photo area)")),
        KeyHelp("F", translate("keys", "full screen")),
        KeyHelp("Ctrl+,", translate("keys", "settings")),
        KeyHelp("?, F1", translate("keys", "this list")),
        KeyHelp("Ctrl+Q", translate("keys", "quit")),
    ]
