# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""From the empty window to the opened library, and back to a clean end.

Main thread; opening runs in a job, so that the window is there at once. Imports the engine and the
views late: they bring numpy and the network's runtime.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QMessageBox

from imgdupe import __version__
from imgdupe.control import RunControl
from imgdupe.errors import LibraryBusy
from imgdupe.gui.dialogs.keys import KeysDialog
from imgdupe.gui.jobs import Done, Failed, JobResult, Jobs
from imgdupe.gui.views.main_window import MainWindow

if TYPE_CHECKING:
    from imgdupe.engine.session import Session
    from imgdupe.gui.workspace import Workspace


class Shell(QObject):
    """Owns the session and closes it."""

    def __init__(
        self, window: MainWindow, jobs: Jobs, data_dir: Path | None, folders: Sequence[bytes]
    ) -> None:
        super().__init__(window)
        self.workspace: Workspace | None = None
        self._window = window
        self._jobs = jobs
        self._data_dir = data_dir
        self._folders = list(folders)
        window.closing.connect(self.close)
        window.actions_.keys.triggered.connect(self._show_keys)
        window.actions_.about.triggered.connect(self._show_about)

    def open(self) -> None:
        """Open the library in a job."""
        data_dir = self._data_dir
        self._jobs.start("open", lambda control, _: _open(data_dir, control), self._on_opened)

    def take(self, folders: Sequence[bytes]) -> None:
        """Folders or pictures from the command line or a second start."""
        if self.workspace is None:
            self._folders += folders
        elif folders:
            self.workspace.take_paths(list(folders))

    def close(self) -> None:
        """Stop all jobs, within five seconds, and let go of the library."""
        stopped = self._jobs.shutdown()
        if self.workspace is not None and stopped:
            self.workspace.close()

    def _on_opened(self, result: JobResult[Session]) -> None:
        if isinstance(result, Done):
            from imgdupe.gui.workspace import Workspace

            self.workspace = Workspace(result.value, self._jobs, self._window)
            self._window.show_view(self._window.view)
            folders, self._folders = self._folders, []
            self.take(folders)
        else:
            self._show_trouble(result)

    def _show_trouble(self, result: JobResult[Session]) -> None:
        title = self.tr("The library cannot be opened")
        text = self.tr("No photo was touched. The log says more.")
        if isinstance(result, Failed):
            text = str(result.error)
            if isinstance(result.error, LibraryBusy):
                title = self.tr("Another imgdupe is using this library")
        self._window.show_trouble(title, text, self.tr("Try again"), self.open)

    def _show_keys(self) -> None:
        KeysDialog(self._window).open()

    def _show_about(self) -> None:
        text = self.tr(
            "<h3>imgdupe {0}</h3><p>Finds every copy of every picture and removes what you decide, "
            "so that it can be undone.</p><p>MIT licence. Pictures never leave this computer.</p>"
        )
        box = QMessageBox(self._window)
        box.setWindowTitle(self.tr("About imgdupe"))
        box.setText(text.format(__version__))
        box.open()


def _open(data_dir: Path | None, control: RunControl) -> Session:
    """In a job. A window that was closed meanwhile lets go of the library at once."""
    from imgdupe.engine.session import Session

    session = Session.open(data_dir)
    if control.cancelled:
        session.close()
    control.checkpoint()
    return session
