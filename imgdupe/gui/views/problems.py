# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""S12: the files that gave no result, each with its reason, and what can be done about it.

Main thread. Nothing here changes a file; trying again is a scan of the folders that hold them.
"""

from __future__ import annotations

import os

from PySide6.QtCore import Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from imgdupe.engine.session import Session
from imgdupe.gui import formatting, icons
from imgdupe.gui.desktop import reveal
from imgdupe.gui.jobs import Done, JobResult, Jobs
from imgdupe.gui.models.problems import ProblemsModel, as_text, reason
from imgdupe.gui.views.empty import EmptyState
from imgdupe.gui.views.table import Table
from imgdupe.records import Problem, ProblemKind


class ProblemsView(QWidget):
    """`retry_requested` brings the paths that should be tried again."""

    retry_requested = Signal(object)

    def __init__(self, session: Session, jobs: Jobs, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._jobs = jobs
        self._problems: list[Problem] = []
        self._model = ProblemsModel()
        self.table: Table[Problem] = Table(self._model, self.tr("Files without a result"))
        self.table.size_columns([150, 170, 210, 300], 3)
        self.table.selectionModel().selectionChanged.connect(self._on_selected)
        self._title = QLabel()
        self._title.setProperty("role", "title")
        self._kinds = QComboBox()
        self._kinds.setAccessibleName(self.tr("Show only this reason"))
        self._kinds.currentIndexChanged.connect(self._show_rows)
        self.retry = QPushButton(self.tr("Try again"))
        self.retry.clicked.connect(self._on_retry)
        icons.put(self.retry, "refresh")
        self.show_file = QPushButton(self.tr("Show in folder"))
        self.show_file.clicked.connect(self._on_show)
        icons.put(self.show_file, "reveal")
        self.copy = QPushButton(self.tr("Copy list"))
        self.copy.clicked.connect(self._on_copy)
        icons.put(self.copy, "copy")
        self._empty = EmptyState(
            "keep",
            self.tr("No problems"),
            self.tr("Every picture that was found could be read."),
        )
        self._lay_out()

    def refresh(self) -> None:
        """Ask the session in a job."""
        self._jobs.start("problems", lambda *_: self._session.problems(), self._on_problems)

    def _on_problems(self, result: JobResult[list[Problem]]) -> None:
        if isinstance(result, Done):
            self.set_problems(result.value)

    def set_problems(self, problems: list[Problem]) -> None:
        self._problems = problems
        self._stack.setCurrentIndex(1 if problems else 0)
        self._title.setText(self.tr("{0} without a result").format(formatting.files(len(problems))))
        self._fill_kinds()
        self._show_rows()

    def _fill_kinds(self) -> None:
        chosen = self._kinds.currentData()
        self._kinds.blockSignals(True)
        self._kinds.clear()
        self._kinds.addItem(self.tr("All reasons"), None)
        for kind in ProblemKind:
            count = sum(each.kind is kind for each in self._problems)
            if count:
                self._kinds.addItem(f"{reason(kind)} ({formatting.number(count)})", kind)
        self._kinds.setCurrentIndex(max(self._kinds.findData(chosen), 0))
        self._kinds.blockSignals(False)

    def _show_rows(self) -> None:
        kind = self._kinds.currentData()
        rows = [each for each in self._problems if kind is None or each.kind == kind]
        self._model.set_rows(rows)
        self._on_selected()

    def _on_selected(self) -> None:
        self.show_file.setEnabled(len(self.table.selected()) == 1)

    def _chosen(self) -> list[Problem]:
        """The selected rows, or all that are shown."""
        return self.table.selected() or self.table.shown()

    def _on_retry(self) -> None:
        self.retry_requested.emit([each.path for each in self._chosen()])

    def _on_show(self) -> None:
        path = self.table.selected()[0].path
        reveal(path if os.path.lexists(path) else os.path.dirname(path))

    def _on_copy(self) -> None:
        QGuiApplication.clipboard().setText(as_text(self._chosen()))

    def _lay_out(self) -> None:
        note = QLabel(
            self.tr(
                "These files are left alone and stop nothing. They are tried again when they "
                "change, or when you ask."
            ),
            wordWrap=True,
        )
        note.setProperty("role", "secondary")
        head = QHBoxLayout()
        head.addWidget(self._title, 1)
        for widget in (self._kinds, self.retry, self.show_file, self.copy):
            head.addWidget(widget)
        full = QWidget()
        column = QVBoxLayout(full)
        column.setContentsMargins(18, 16, 18, 12)
        column.setSpacing(10)
        column.addLayout(head)
        column.addWidget(note)
        column.addWidget(self.table, 1)
        self._stack = QStackedWidget()
        self._stack.addWidget(self._empty)
        self._stack.addWidget(full)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self._stack)
