# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""Many groups that lie in the same folders, decided in one go: the photos of which folder stay?

Main thread. Marks and never removes; one step of undo takes all of it back.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Sequence

from PySide6.QtWidgets import (
    QButtonGroup,
    QDialog,
    QDialogButtonBox,
    QLabel,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from imgdupe.gui import formatting
from imgdupe.gui.arrange import folder_pair
from imgdupe.gui.folder_choice import steps_for
from imgdupe.gui.marks import Marks, Steps
from imgdupe.records import Group, Verdict


class FolderChoice(QDialog):
    """One button per folder; what it would mark is said before anything is marked."""

    def __init__(
        self, groups: Sequence[Group], marks: Marks, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Choose folder to keep"))
        self.setMinimumWidth(520)
        self._groups = groups
        self._marks = marks
        self._changes: Steps = {}
        self._folders = folder_pair(groups[0])
        title = QLabel(self.tr("Keep the photos of which folder?"))
        title.setProperty("role", "heading")
        self.radios = QButtonGroup(self)
        self.preview = QLabel(wordWrap=True)
        self.preview.setMinimumHeight(4 * self.fontMetrics().height())
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        self.mark = buttons.addButton(self.tr("Mark"), QDialogButtonBox.ButtonRole.AcceptRole)
        self.mark.setProperty("role", "primary")
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 18, 20, 16)
        column.setSpacing(10)
        column.addWidget(title)
        self._add_folders(column)
        for widget in (self.preview, buttons):
            column.addWidget(widget)
        self.radios.idClicked.connect(self._show_choice)
        buttons.accepted.connect(self._on_mark)
        buttons.rejected.connect(self.reject)
        self._choose_most_suggested()

    def _add_folders(self, column: QVBoxLayout) -> None:
        for number, folder in enumerate(self._folders):
            radio = QRadioButton(formatting.home_path(folder).replace("&", "&&"))
            self.radios.addButton(radio, number)
            column.addWidget(radio)

    def _choose_most_suggested(self) -> None:
        """The folder that holds most of the suggested keepers."""
        suggested = Counter(os.path.dirname(group.members[0].photo.path) for group in self._groups)
        number = max(range(len(self._folders)), key=lambda each: suggested[self._folders[each]])
        self.radios.button(number).setChecked(True)
        self.radios.button(number).setFocus()
        self._show_choice(number)

    def _show_choice(self, number: int) -> None:
        steps = steps_for(self._groups, self._folders[number], self._marks)
        self._changes = self._marks.allowed(steps)
        going = [photo for photo, each in self._changes.items() if each is Verdict.REMOVE]
        size = formatting.size(sum(photo.bytes_total for photo in going))
        lines = [
            self.tr("{0} would be marked for removal, {1}.").format(
                formatting.photos(len(going)), size
            )
        ]
        touched = {photo.path for photo in self._changes}
        left = sum(
            all(each.photo.path not in touched for each in group.members) for group in self._groups
        )
        if left:
            text = self.tr(
                "{0} of {1} stay as they are: there the photo in this folder is smaller, lacks "
                "something that the other one has, or something was decided already."
            )
            lines.append(text.format(formatting.number(left), formatting.groups(len(self._groups))))
        lines.append(self.tr("Nothing is removed yet, and Ctrl+Z takes all marks back."))
        self.preview.setText("\n".join(lines))
        self.mark.setText(self.tr("Mark {0}").format(formatting.photos(len(going))))
        self.mark.setEnabled(bool(going))

    def _on_mark(self) -> None:
        self._marks.set(self._changes, self.tr("keep the photos of a folder"))
        self.accept()
