# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""The menu's "Report a problem…": asks where to, and says what is in the file. Main thread."""

from __future__ import annotations

import os
from datetime import datetime
from pathlib import Path

from PySide6.QtCore import QObject, QStandardPaths
from PySide6.QtWidgets import QFileDialog

from imgdupe.engine.session import Session
from imgdupe.gui import desktop, formatting
from imgdupe.gui.jobs import Done, Failed, JobResult, Jobs
from imgdupe.gui.problem_report import write_report
from imgdupe.gui.views.main_window import MainWindow


class Reporting(QObject):
    """Nothing is sent anywhere; the user attaches the file where he likes."""

    def __init__(self, session: Session, jobs: Jobs, window: MainWindow) -> None:
        super().__init__(window)
        self._session = session
        self._jobs = jobs
        self._window = window

    def ask(self) -> QFileDialog:
        """Where the report is to be written."""
        documents = QStandardPaths.StandardLocation.DocumentsLocation
        name = datetime.now().astimezone().strftime("imgdupe-report-%Y-%m-%d.zip")
        dialog = QFileDialog(self._window, self.tr("Save a report for the developers"))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("zip")
        dialog.setDirectory(QStandardPaths.writableLocation(documents))
        dialog.selectFile(name)
        dialog.fileSelected.connect(lambda file: self.write(Path(file)))
        dialog.open()
        return dialog

    def write(self, target: Path) -> None:
        """Write it in a job."""
        session = self._session
        self._jobs.start(
            "report",
            lambda *_: write_report(session, target),
            lambda result: self._on_written(target, result),
        )

    def _on_written(self, target: Path, result: JobResult[None]) -> None:
        path = os.fsencode(target)

        def show() -> None:
            desktop.reveal(path)

        if isinstance(result, Done):
            text = self.tr(
                "The report is in {0}. It holds the log, figures and settings; no picture, and "
                "paths only as hashes. Nothing was sent anywhere."
            )
            self._window.notify(
                text.format(formatting.home_path(path)),
                button=self.tr("Show in folder"),
                action=show,
                key="report",
            )
        elif isinstance(result, Failed):
            self._window.notify(str(result.error), "error", key="report")
