# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""Opens S5 over the groups of the moment and tells what came of it. Main thread."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import QObject, Qt

from imgdupe.gui import formatting
from imgdupe.gui.dialogs.autoselect import AutoSelectDialog, Scope
from imgdupe.gui.library import Library
from imgdupe.gui.marks import Marks
from imgdupe.gui.thumbnails import Thumbnails
from imgdupe.gui.views.main_window import MainWindow
from imgdupe.keeping import KeeperRule
from imgdupe.records import Group, Shelf


class Selecting(QObject):
    """One for the window."""

    def __init__(
        self, library: Library, marks: Marks, thumbs: Thumbnails, window: MainWindow
    ) -> None:
        super().__init__(window)
        self._library = library
        self._marks = marks
        self._thumbs = thumbs
        self._window = window

    def open(self, groups: Sequence[Group], listed: Sequence[Group]) -> None:
        """`listed`: what shelf and filter show now."""
        scopes = self._scopes(groups, listed)
        if not any(scope.groups for scope in scopes):
            self._window.notify(self.tr("There is no group to select in yet."), key="select")
            return
        rules = self._library.keeper_rules()
        dialog = AutoSelectDialog(self._marks, self._thumbs, rules, scopes, self._window)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.order_chosen.connect(self._on_rules)
        dialog.marked.connect(self._on_selected)
        dialog.open()

    def _scopes(self, groups: Sequence[Group], listed: Sequence[Group]) -> list[Scope]:
        there = [each for each in groups if not self._marks.hidden(each)]
        same = [each for each in there if each.shelf is Shelf.SAME_PICTURE]
        identical = [each for each in there if each.shelf is Shelf.IDENTICAL]
        return [
            Scope(self.tr("As listed now"), listed),
            Scope(self.tr("All identical ones"), identical),
            Scope(self.tr("All identical and same pictures"), [*identical, *same]),
        ]

    def _on_rules(self, order: tuple[KeeperRule, ...]) -> None:
        settings = self._library.settings
        if order != settings.keeper_order:
            self._library.save(replace(settings, keeper_order=order))

    def _on_selected(self, count: int) -> None:
        text = self.tr("{0} marked. Nothing is removed yet.").format(formatting.photos(count))
        undo = self._marks.undo_stack.undo
        self._window.notify(text, button=self.tr("Undo"), action=undo, key="select")
