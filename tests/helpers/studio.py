# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""The real window over a library of its own, driven as a person drives it."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QByteArray, QMimeData, QPointF, Qt
from PySide6.QtGui import QDropEvent
from pytestqt.qtbot import QtBot

from imgdupe.engine.scan import ScanReport
from imgdupe.gui.desktop import file_uri
from imgdupe.gui.jobs import Jobs
from imgdupe.gui.shell import Shell
from imgdupe.gui.views.main_window import MainWindow
from imgdupe.gui.workspace import Workspace
from imgdupe.records import Group

LONG_MS = 120_000


class Studio:
    """A window over a library of its own; may be closed and opened again."""

    def __init__(self, qtbot: QtBot, folder: Path) -> None:
        self.qtbot = qtbot
        self.folder = folder
        self.reports: list[ScanReport | None] = []
        self.open()

    def open(self, folders: tuple[bytes, ...] = ()) -> None:
        """Start as the program does, but for the event loop."""
        self.window = MainWindow(self.folder / "window.ini")
        self.jobs = Jobs(self.window)
        self.crashes: list[str] = []
        self.jobs.crashed.connect(self.crashes.append)
        self.shell = Shell(self.window, self.jobs, self.folder / "data", folders)
        self.window.show()
        self.shell.open()

    @property
    def workspace(self) -> Workspace:
        """The workspace, as soon as the library is open."""
        self.wait(lambda: self.shell.workspace is not None)
        assert self.shell.workspace is not None
        return self.shell.workspace

    def wait(self, condition: Callable[[], bool]) -> None:
        self.qtbot.waitUntil(condition, timeout=LONG_MS)
        assert self.crashes == []

    def drop(self, *paths: Path | bytes) -> None:
        """Drop files or folders on the window, as a file manager does."""
        self.workspace.scans.finished.connect(self.reports.append)
        mime = QMimeData()
        uris = "\r\n".join(file_uri(os.fsencode(path)) for path in paths)
        mime.setData("text/uri-list", QByteArray(uris.encode()))
        self.window.dropEvent(
            QDropEvent(
                QPointF(300, 300),
                Qt.DropAction.CopyAction,
                mime,
                Qt.MouseButton.LeftButton,
                Qt.KeyboardModifier.NoModifier,
            )
        )

    def settle(self) -> list[Group]:
        """Wait until nothing runs and the newest groups are shown; those groups."""
        workspace = self.workspace
        session = workspace.session

        def still() -> bool:
            workspace.feed.refresh()
            shown = workspace.feed.shown == (session.generation, session.settings)
            return shown and not workspace.scans.running and not self.jobs.busy

        self.wait(still)
        assert workspace.snapshot is not None
        return workspace.snapshot.groups

    def scan(self, *paths: Path) -> list[Group]:
        """Drop folders and wait for the end."""
        before = len(self.reports)
        self.drop(*paths)
        self.wait(lambda: len(self.reports) > before)
        return self.settle()

    @property
    def report(self) -> ScanReport:
        """What the last scan said."""
        last = self.reports[-1]
        assert last is not None
        return last

    def close(self) -> float:
        """Close the window; how long that took, in seconds."""
        started = time.monotonic()
        self.window.close()
        took = time.monotonic() - started
        assert self.crashes == []
        self.window.deleteLater()
        return took
