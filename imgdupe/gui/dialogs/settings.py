# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""S11: the settings, page by page; nothing is saved before "Save".

Main thread. `saved` brings the new `Settings`; the caller stores them.
"""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from imgdupe.catalog.paths import Paths
from imgdupe.catalog.settings import Settings
from imgdupe.engine.session import Session
from imgdupe.gui import explain, icons
from imgdupe.gui.dialogs.page_parts import Page
from imgdupe.gui.dialogs.settings_facts import KeysPage, ModelPage, StoragePage
from imgdupe.gui.dialogs.settings_pages import (
    AppearancePage,
    KeeperPage,
    MatchingPage,
    PairShown,
    RemovingPage,
    ScanningPage,
)
from imgdupe.gui.jobs import Done, JobResult, Jobs
from imgdupe.records import Strictness

_SIZE_PX = (800, 620)
_NAMES_PX = 170


class SettingsDialog(QDialog):
    """Shows a copy of the settings and gives back another."""

    saved = Signal(object)

    def __init__(self, settings: Settings, paths: Paths, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._settings = settings
        self._gone = False
        self.setWindowTitle(self.tr("Settings"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(*_SIZE_PX)
        self.scanning = ScanningPage(settings)
        self.matching = MatchingPage(settings)
        self.keeping = KeeperPage(settings)
        self.removing = RemovingPage(settings)
        self.appearance = AppearancePage(settings)
        self.model = ModelPage(settings)
        self._pages: dict[str, Page] = {}
        self._stack = QStackedWidget()
        self._names = QListWidget()
        self._names.setAccessibleName(self.tr("Pages of the settings"))
        self._names.setFixedWidth(_NAMES_PX)
        self._names.setSpacing(2)
        self._add("scanning", self.tr("Scanning"), "search", self.scanning)
        self._add("matching", self.tr("Matching"), "difference", self.matching)
        self._add("keeping", self.tr("Keeper rules"), "keep", self.keeping)
        self._add("removing", self.tr("Removing"), "shield", self.removing)
        self._add("appearance", self.tr("Appearance"), "theme", self.appearance)
        self._add("keys", self.tr("Keys"), "keys", KeysPage())
        self._add("storage", self.tr("Storage"), "folder", StoragePage(paths))
        self._add("model", self.tr("Model"), "model", self.model)
        self._names.currentRowChanged.connect(self._stack.setCurrentIndex)
        self._names.setCurrentRow(0)
        self._lay_out()
        self.finished.connect(self._on_finished)

    def open_page(self, name: str) -> None:
        """Show the page of that name."""
        self._names.setCurrentRow(self.names().index(name))

    def names(self) -> list[str]:
        """The names of all pages, in their order."""
        return list(self._pages)

    def values(self) -> Settings:
        """The settings as the dialog stands."""
        settings = self._settings
        for page in self._pages.values():
            settings = page.changed(settings)
        return settings

    def look_for_examples(self, session: Session, jobs: Jobs) -> None:
        """Find the matching page's pairs in a job."""

        def work(*_: object) -> dict[Strictness, PairShown]:
            return {
                strictness: PairShown(
                    session.thumbnail(pair.left),
                    session.thumbnail(pair.right),
                    explain.kind_badge(pair.relation.kind, pair.relation.probability)
                    + " — "
                    + explain.why(pair.relation.kind, pair.relation.evidence),
                )
                for strictness, pair in session.example_pairs().items()
            }

        jobs.start("examples", work, self._on_examples)

    def _on_examples(self, result: JobResult[Mapping[Strictness, PairShown]]) -> None:
        if isinstance(result, Done) and not self._gone:
            self.matching.show_examples(result.value)

    def _add(self, name: str, title: str, icon: str, page: Page) -> None:
        self._names.addItem(QListWidgetItem(icons.icon(icon), title))
        self._stack.addWidget(page)
        self._pages[name] = page

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
        row.addWidget(self._stack, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 14, 16, 14)
        column.setSpacing(12)
        column.addLayout(row, 1)
        column.addWidget(buttons)

    def _on_save(self) -> None:
        self.saved.emit(self.values())
        self.accept()

    def _on_finished(self) -> None:
        self._gone = True
