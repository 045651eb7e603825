# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""S2: the running scan, as the bar at the bottom of the window and as the first scan's page.

Main thread. Shows readings of `Progress`; pressing a button asks, the scan's controller acts.
"""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from imgdupe.gui import formatting, icons
from imgdupe.gui.views.elided import ElidedLabel
from imgdupe.progress import Phase, Progress

translate = QCoreApplication.translate
_STEPS = 1000


@dataclass(frozen=True, slots=True)
class Findings:
    """What the groups amount to now."""

    groups: int = 0
    reclaimable_bytes: int = 0


def seen(progress: Progress) -> int:
    """Photos that need no more reading."""
    return progress.unchanged + progress.done


def headline(progress: Progress, paused: bool) -> str:
    """What the scan is doing, in words."""
    if paused:
        return translate("scan", "Paused")
    folder = formatting.home_path(progress.folder) if progress.folder else ""
    if progress.phase is Phase.FINDING and folder:
        return translate("scan", "Looking for photos in {0}").format(folder)
    return {
        Phase.STARTING: translate("scan", "Starting…"),
        Phase.FINDING: translate("scan", "Looking for photos…"),
        Phase.FINGERPRINTING: translate("scan", "Reading photos"),
        Phase.MATCHING: translate("scan", "Comparing photos"),
        Phase.DONE: translate("scan", "Finishing…"),
    }[progress.phase]


def amount(progress: Progress) -> str:
    """How far it is: "31,204 of 60,000 photos", or what was found so far."""
    if progress.total is None:
        return translate("scan", "{0} found, {1} read").format(
            formatting.photos(progress.found), formatting.number(seen(progress))
        )
    return translate("scan", "{0} of {1}").format(
        formatting.number(seen(progress)), formatting.photos(progress.found)
    )


def pace(progress: Progress, paused: bool) -> str:
    """Rate and time left, as far as they can be told."""
    if paused or progress.phase is Phase.MATCHING:
        return ""
    parts = []
    if progress.per_second >= 1:
        rate = formatting.number(round(progress.per_second))
        parts.append(translate("scan", "{0} photos/s").format(rate))
    if progress.seconds_left is not None and progress.seconds_left >= 1:
        left = formatting.duration(progress.seconds_left)
        parts.append(translate("scan", "{0} left").format(left))
    return "  ·  ".join(parts)


def found(findings: Findings) -> str:
    """What could be saved: "1,204 groups, 8.3 GB"."""
    if not findings.groups:
        return translate("scan", "No copies found yet")
    return translate("scan", "{0}, {1} in copies").format(
        formatting.groups(findings.groups), formatting.size(findings.reclaimable_bytes)
    )


class ScanControls(QWidget):
    """Pause or resume, and stop."""

    pause_pressed = Signal(bool)
    stop_pressed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.pause = QPushButton()
        self.pause.setCheckable(True)
        self.pause.toggled.connect(self._on_toggled)
        self.stop = QPushButton(self.tr("Stop"))
        self.stop.setToolTip(self.tr("Stop the scan; everything found so far stays"))
        self.stop.clicked.connect(self.stop_pressed)
        icons.put(self.stop, "stop")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.pause)
        row.addWidget(self.stop)
        self.set_paused(paused=False)

    def set_paused(self, paused: bool) -> None:
        """Show the state without asking for it again."""
        self.pause.blockSignals(True)
        self.pause.setChecked(paused)
        self.pause.blockSignals(False)
        self.pause.setText(self.tr("Resume") if paused else self.tr("Pause"))
        icons.put(self.pause, "play" if paused else "pause")

    def _on_toggled(self, paused: bool) -> None:
        self.set_paused(paused)
        self.pause_pressed.emit(paused)


class _Bar(QProgressBar):
    def __init__(self, name: str) -> None:
        super().__init__()
        self.setTextVisible(False)
        self.setAccessibleName(name)

    def show_progress(self, progress: Progress) -> None:
        """A share while it can be told; busy before the walk has ended, and while comparing."""
        reading = progress.phase is not Phase.MATCHING
        known = reading and progress.total is not None and progress.found > 0
        self.setRange(0, _STEPS if known else 0)
        if known:
            self.setValue(_STEPS * seen(progress) // progress.found)


class ScanBar(QFrame):
    """The window's status bar: the scan while it runs, the library's figures otherwise."""

    problems_pressed = Signal()
    scan_pressed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "bar")
        self.controls = ScanControls()
        self._head = ElidedLabel()
        self._details = ElidedLabel()
        self._details.setProperty("role", "secondary")
        self._found = QLabel()
        self._found.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._progress = _Bar(self.tr("Progress of the scan"))
        self.problems = QPushButton()
        self.problems.setProperty("role", "link")
        self.problems.clicked.connect(self.problems_pressed)
        self.again = QPushButton(self.tr("Scan again"))
        self.again.setProperty("role", "quiet")
        self.again.clicked.connect(self.scan_pressed)
        icons.put(self.again, "refresh")
        self._lay_out()
        self.show_idle("")

    def show_progress(self, progress: Progress, paused: bool, findings: Findings) -> None:
        """One reading of the running scan."""
        self._switch(scanning=True)
        self.controls.set_paused(paused)
        self._progress.show_progress(progress)
        self._head.setText(headline(progress, paused))
        parts = [amount(progress), pace(progress, paused)]
        if progress.online_only:
            skipped = formatting.number(progress.online_only)
            parts.append(self.tr("{0} online-only skipped").format(skipped))
        self._details.setText("  ·  ".join(part for part in parts if part))
        self._found.setText(found(findings))
        self._show_problems(progress.problems)

    def show_idle(self, text: str, problems: int = 0, can_scan: bool = False) -> None:
        """No scan runs; `text` says what there is."""
        self._switch(scanning=False)
        self._head.setText("")
        self._details.setText(text)
        self._found.setText("")
        self._show_problems(problems)
        self.again.setVisible(can_scan)

    def _show_problems(self, count: int) -> None:
        self.problems.setVisible(count > 0)
        self.problems.setText(formatting.problems(count))
        self.problems.setAccessibleName(self.tr("Show {0}").format(formatting.problems(count)))

    def _switch(self, scanning: bool) -> None:
        self._progress.setVisible(scanning)
        self._head.setVisible(scanning)
        self.controls.setVisible(scanning)
        self.again.setVisible(False)

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._progress)
        row = QHBoxLayout()
        row.setContentsMargins(14, 5, 10, 5)
        row.setSpacing(14)
        row.addWidget(self._head)
        row.addWidget(self._details, 1)
        row.addWidget(self._found)
        row.addWidget(self.problems)
        row.addWidget(self.again)
        row.addWidget(self.controls)
        column.addLayout(row)
        self.setMinimumHeight(46)


class ScanPage(QWidget):
    """The first scan, before there is any group to look at."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title = QLabel(self.tr("Scanning"))
        self._title.setProperty("role", "title")
        self._head = ElidedLabel()
        self._head.setProperty("role", "secondary")
        self._amount = QLabel()
        self._pace = QLabel()
        self._pace.setProperty("role", "secondary")
        self._progress = _Bar(self.tr("Progress of the first scan"))
        hint = QLabel(
            self.tr(
                "Groups appear here as soon as the first copies are found.\n"
                "You can review them while the scan goes on."
            ),
            wordWrap=True,
        )
        hint.setProperty("role", "secondary")
        card = QFrame()
        card.setProperty("role", "card")
        card.setFixedWidth(620)
        inner = QVBoxLayout(card)
        inner.setContentsMargins(28, 24, 28, 24)
        inner.setSpacing(12)
        figures = QHBoxLayout()
        figures.addWidget(self._amount, 1)
        figures.addWidget(self._pace)
        inner.addWidget(self._title)
        inner.addWidget(self._head)
        inner.addWidget(self._progress)
        inner.addLayout(figures)
        inner.addSpacing(6)
        inner.addWidget(hint)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(card)
        row.addStretch(1)
        column = QVBoxLayout(self)
        column.addStretch(2)
        column.addLayout(row)
        column.addStretch(3)

    def show_progress(self, progress: Progress, paused: bool) -> None:
        """One reading of the running scan."""
        self._head.setText(headline(progress, paused))
        self._amount.setText(amount(progress))
        self._pace.setText(pace(progress, paused))
        self._progress.show_progress(progress)
