# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""S11: the settings, on four pages; nothing is saved before "Save".

Main thread. `saved` brings the new `Settings`; the caller stores them.
"""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QCheckBox,
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QRadioButton,
    QSpinBox,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from imgdupe.catalog.settings import Settings, Theme
from imgdupe.gui import icons
from imgdupe.gui.dialogs.path_list import FolderList, TextList
from imgdupe.records import Strictness

_SIZE_PX = (760, 540)
_MOST_WORKERS = 256
_THEMES: dict[str, Theme] = {"dark": "dark", "light": "light", "system": "system"}


class SettingsDialog(QDialog):
    """Shows a copy of the settings and gives back another."""

    saved = Signal(object)

    def __init__(self, settings: Settings, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._settings = settings
        self.setWindowTitle(self.tr("Settings"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(*_SIZE_PX)
        self._pages = QStackedWidget()
        self._names = QListWidget()
        self._names.setAccessibleName(self.tr("Pages of the settings"))
        self._names.setFixedWidth(170)
        self._names.setSpacing(2)
        for name, icon, page in (
            (self.tr("Scanning"), "search", self._scanning()),
            (self.tr("Matching"), "difference", self._matching()),
            (self.tr("Keeping"), "shield", self._keeping()),
            (self.tr("Appearance"), "theme", self._appearance()),
        ):
            self._names.addItem(QListWidgetItem(icons.icon(icon), name))
            self._pages.addWidget(page)
        self._names.currentRowChanged.connect(self._pages.setCurrentIndex)
        self._names.setCurrentRow(0)
        self._lay_out()

    def open_page(self, row: int) -> None:
        """Show the page of that number, from 0."""
        self._names.setCurrentRow(row)

    def values(self) -> Settings:
        """The settings as the dialog stands."""
        return replace(
            self._settings,
            excludes=self._excludes.values(),
            include_hidden=self._hidden.isChecked(),
            keep_awake=self._awake.isChecked(),
            workers=self._workers.value(),
            strictness=Strictness(_chosen(self._strictness)),
            preferred=self._preferred.values(),
            protected=self._protected.values(),
            theme=_THEMES[_chosen(self._theme)],
        )

    # -- pages ------------------------------------------------------------------------------------

    def _scanning(self) -> QWidget:
        self._excludes = TextList(
            self._settings.excludes, self.tr("Patterns left out"), self.tr("such as *.tmp or _old")
        )
        self._hidden = QCheckBox(self.tr("Look into hidden folders too"))
        self._hidden.setChecked(self._settings.include_hidden)
        self._awake = QCheckBox(self.tr("Keep the computer awake during a scan"))
        self._awake.setChecked(self._settings.keep_awake)
        self._workers = QSpinBox()
        self._workers.setRange(0, _MOST_WORKERS)
        self._workers.setSpecialValueText(self.tr("one per processor core"))
        self._workers.setValue(self._settings.workers)
        self._workers.setMinimumWidth(200)
        self._workers.setAccessibleName(self.tr("Pictures read at the same time"))
        workers = QHBoxLayout()
        label = QLabel(self.tr("Pictures read at the same time"))
        label.setBuddy(self._workers)
        workers.addWidget(label)
        workers.addWidget(self._workers)
        workers.addStretch(1)
        page, column = _page(self.tr("Scanning"))
        column.addWidget(_hint(self.tr("Files and folders whose names match are left out:")))
        column.addWidget(self._excludes, 1)
        column.addWidget(self._hidden)
        column.addWidget(self._awake)
        column.addLayout(workers)
        return page

    def _matching(self) -> QWidget:
        page, column = _page(self.tr("Matching"))
        column.addWidget(
            _hint(
                self.tr(
                    "How sure imgdupe must be before photos become a group. Identical files are "
                    "always found. Changing this needs no new scan."
                )
            )
        )
        self._strictness = QButtonGroup(self)
        for value, name, text in (
            (
                Strictness.STRICT,
                self.tr("Strict"),
                self.tr("Only what is almost certainly the same picture. Misses heavy edits."),
            ),
            (
                Strictness.NORMAL,
                self.tr("Normal"),
                self.tr("Resized, re-saved, cropped, turned and toned copies; few strangers."),
            ),
            (
                Strictness.LOOSE,
                self.tr("Loose"),
                self.tr("Doubtful pairs too. More to find, and more to look through."),
            ),
        ):
            _choice(column, self._strictness, value, name, text, self._settings.strictness)
        column.addStretch(1)
        return page

    def _keeping(self) -> QWidget:
        self._preferred = FolderList(self._settings.preferred, self.tr("Preferred folders"))
        self._protected = FolderList(self._settings.protected, self.tr("Protected folders"))
        page, column = _page(self.tr("Keeping"))
        column.addWidget(_heading(self.tr("Preferred folders")))
        column.addWidget(_hint(self.tr("Of equal photos, the one in here is suggested to stay.")))
        column.addWidget(self._preferred, 1)
        column.addWidget(_heading(self.tr("Protected folders")))
        column.addWidget(_hint(self.tr("Nothing in here is ever removed, whatever is marked.")))
        column.addWidget(self._protected, 1)
        return page

    def _appearance(self) -> QWidget:
        page, column = _page(self.tr("Appearance"))
        self._theme = QButtonGroup(self)
        for value, name, text in (
            ("dark", self.tr("Dark"), self.tr("Neutral greys that leave the photos alone.")),
            ("light", self.tr("Light"), self.tr("For bright rooms.")),
            ("system", self.tr("As the system"), self.tr("Follows the desktop's own choice.")),
        ):
            _choice(column, self._theme, value, name, text, self._settings.theme)
        column.addStretch(1)
        return page

    # -- frame ------------------------------------------------------------------------------------

    def _lay_out(self) -> None:
        buttons = QDialogButtonBox()
        save = buttons.addButton(QDialogButtonBox.StandardButton.Save)
        save.setProperty("role", "primary")
        buttons.addButton(QDialogButtonBox.StandardButton.Cancel)
        buttons.accepted.connect(self._on_save)
        buttons.rejected.connect(self.reject)
        row = QHBoxLayout()
        row.setSpacing(16)
        row.addWidget(self._names)
        row.addWidget(self._pages, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 14, 16, 14)
        column.setSpacing(12)
        column.addLayout(row, 1)
        column.addWidget(buttons)

    def _on_save(self) -> None:
        self.saved.emit(self.values())
        self.accept()


def _page(title: str) -> tuple[QWidget, QVBoxLayout]:
    page = QWidget()
    column = QVBoxLayout(page)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(8)
    label = QLabel(title)
    label.setProperty("role", "title")
    column.addWidget(label)
    return page, column


def _heading(text: str) -> QLabel:
    label = QLabel(text)
    label.setProperty("role", "heading")
    return label


def _hint(text: str) -> QLabel:
    label = QLabel(text, wordWrap=True)
    label.setProperty("role", "secondary")
    return label


def _choice(
    column: QVBoxLayout, group: QButtonGroup, value: str, name: str, text: str, chosen: str
) -> None:
    """A radio button and, below it, the sentence that explains it."""
    button = QRadioButton(name)
    button.setProperty("value", str(value))
    button.setChecked(value == chosen)
    button.setAccessibleDescription(text)
    group.addButton(button)
    hint = _hint(text)
    hint.setIndent(28)
    column.addWidget(button)
    column.addWidget(hint)


def _chosen(group: QButtonGroup) -> str:
    return next(str(each.property("value")) for each in group.buttons() if each.isChecked())
