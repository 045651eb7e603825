# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""The page of the groups: first run, first scan, nothing to show, the groups, the comparison.

Main thread. Chooses which of them is right by what the library holds and whether a scan runs.
"""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedWidget, QWidget

from imgdupe.gui import formatting
from imgdupe.gui.feed import Snapshot
from imgdupe.gui.views.empty import EmptyState
from imgdupe.gui.views.first_run import FirstRun
from imgdupe.gui.views.scan_panel import ScanPage


class GroupsPage(QStackedWidget):
    """`groups` and `compare` are the review's two views."""

    add_pressed = Signal()
    loosen_pressed = Signal()

    def __init__(self, groups: QWidget, compare: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.first_run = FirstRun()
        self.first_run.add_pressed.connect(self.add_pressed)
        self.scan_page = ScanPage()
        self._groups = groups
        self._compare = compare
        self._no_photos = EmptyState(
            "folder",
            self.tr("No photos here"),
            self.tr("The folders of the library hold no pictures that imgdupe can read."),
            self.tr("Add folder…"),
        )
        self._no_photos.pressed.connect(self.add_pressed)
        self._no_groups = EmptyState("keep", "", "")
        self._no_groups.pressed.connect(self.loosen_pressed)
        for page in (
            self.first_run,
            self.scan_page,
            self._no_photos,
            self._no_groups,
            groups,
            compare,
        ):
            self.addWidget(page)

    @property
    def comparing(self) -> bool:
        return self.currentWidget() is self._compare

    def compare(self) -> None:
        """Show the comparison; `leave` ends it."""
        self.setCurrentWidget(self._compare)
        self._compare.setFocus()

    def leave(self) -> None:
        """Back from the comparison to the groups."""
        self.setCurrentWidget(self._groups)
        self._groups.setFocus()

    def show_library(self, snapshot: Snapshot | None, scanning: bool) -> None:
        """Show what fits; a comparison under way is not interrupted."""
        if not self.comparing:
            self.setCurrentWidget(self._fitting(snapshot, scanning))

    def _fitting(self, snapshot: Snapshot | None, scanning: bool) -> QWidget:
        if snapshot is not None and (snapshot.groups or snapshot.parted):
            return self._groups
        if scanning:
            return self.scan_page
        if snapshot is None or not (snapshot.roots or snapshot.counts.photos):
            return self.first_run
        if not snapshot.counts.photos:
            return self._no_photos
        self._no_groups.set(
            "keep",
            self.tr("No copies found"),
            self.tr("{0}, and none repeats. Your library is tidy.").format(
                formatting.photos(snapshot.counts.photos)
            ),
            self.tr("Match more loosely…"),
        )
        return self._no_groups
