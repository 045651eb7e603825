# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""What can be done with a photo of the list and its group, behind the right mouse button.

Main thread. Marks at most; removes nothing.
"""

from __future__ import annotations

import os
from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QMenu, QMessageBox, QWidget

from imgdupe.gui import explain, formatting
from imgdupe.gui.marks import Marks
from imgdupe.gui.review_keys import Deed
from imgdupe.gui.views.tips import add_entry, add_photo_entries
from imgdupe.records import Group, PhotoRecord, Shelf


class GroupMenu(QMenu):
    """`similar_requested` carries the photo, `protect_requested` a folder and a switch."""

    similar_requested = Signal(object)
    protect_requested = Signal(object, bool)

    def __init__(
        self,
        parent: QWidget,
        group: Group,
        photo: PhotoRecord,
        marks: Marks,
        ask: Callable[[Deed], None],
    ) -> None:
        super().__init__(parent)
        self.aboutToHide.connect(self.deleteLater)
        self._group = group
        self._photo = photo
        self._marks = marks
        self._ask = ask
        add_photo_entries(self, photo, lambda: self.similar_requested.emit(photo))
        self.addSeparator()
        if group.shelf is Shelf.NOT_DUPLICATES:
            self._add(self.tr("Compare"), "compare", Deed.COMPARE)
            self._add(self.tr("Duplicates again"), "undo", Deed.NOT_DUPLICATES)
        else:
            self._add_decisions()

    def _add_decisions(self) -> None:
        self._add(self.tr("Compare"), "compare", Deed.COMPARE)
        self._add(self.tr("Keep"), "keep", Deed.KEEP)
        self._add(self.tr("Keep this, remove the rest"), "check", Deed.KEEP_REST)
        self._add(self.tr("Mark for removal"), "remove", Deed.REMOVE)
        self._add(self.tr("Undecided"), "undecided", Deed.UNDECIDE)
        keeper = add_entry(
            self,
            self.tr("Set as keeper"),
            "star",
            lambda: self._marks.suggest(self._group, self._photo),
        )
        keeper.setEnabled(self._marks.keeper(self._group).photo != self._photo)
        self._add(self.tr("Not duplicates"), "not-duplicates", Deed.NOT_DUPLICATES)
        self.addSeparator()
        self._add_protection()
        text = self.tr("Remove the whole group…")
        add_entry(
            self,
            text,
            "trash",
            lambda: ask_whole_group(self._marks, self._group, self.parentWidget()),
        )

    def _add(self, text: str, icon: str, deed: Deed) -> None:
        add_entry(self, text, icon, lambda: self._ask(deed))

    def _add_protection(self) -> None:
        """Protect the photo's folder; lift a protection where one holds."""
        found = self._marks.protector(self._photo)
        folder = os.path.dirname(self._photo.path) if found is None else found
        text = self.tr("Protect {0}") if found is None else self.tr("No longer protect {0}")
        add_entry(
            self,
            text.format(formatting.home_path(folder)),
            "shield",
            lambda: self.protect_requested.emit(folder, found is None),
        )


def ask_whole_group(marks: Marks, group: Group, parent: QWidget | None) -> QMessageBox:
    """Ask before every copy of a picture is marked."""
    count = formatting.photos(len(group.members))
    tr = explain.translate
    box = QMessageBox(parent)
    box.setIcon(QMessageBox.Icon.Warning)
    box.setWindowTitle(tr("whole group", "Remove the whole group?"))
    box.setText(tr("whole group", "Mark every copy for removal?"))
    box.setInformativeText(
        tr(
            "whole group",
            "All {0} of this group would be marked, and no copy would stay. "
            "Nothing is removed yet: you are shown every picture again before.",
        ).format(count)
    )
    yes = box.addButton(tr("whole group", "Mark {0}").format(count), QMessageBox.ButtonRole.YesRole)
    yes.setProperty("role", "danger")
    box.addButton(QMessageBox.StandardButton.Cancel)
    box.setDefaultButton(QMessageBox.StandardButton.Cancel)
    yes.clicked.connect(lambda: marks.remove_whole_group(group))
    box.open()
    return box
