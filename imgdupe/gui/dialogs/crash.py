# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""What a bug looks like to the user: said once, with where to find the log.

`CrashReporter` is made on the main thread; its hooks may be called on any thread and bring the
text home by a queued signal. Nothing is sent anywhere.
"""

from __future__ import annotations

import logging
import sys
import threading
import traceback
from pathlib import Path
from types import TracebackType

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from imgdupe.gui.desktop import open_file
from imgdupe.gui.formatting import path as path_text

_log = logging.getLogger(__name__)


class CrashReporter(QObject):
    """Turns unexpected exceptions into a log entry and one dialog."""

    _reported = Signal(str)

    def __init__(self, log_folder: Path, parent: QWidget) -> None:
        super().__init__(parent)
        self._parent = parent
        self._log_folder = log_folder
        self._dialog: CrashDialog | None = None
        self._reported.connect(self.show, Qt.ConnectionType.QueuedConnection)

    def install(self) -> None:
        """Take over the hooks for exceptions that nobody caught."""
        sys.excepthook = self._on_exception
        threading.excepthook = self._on_thread_exception

    def show(self, text: str) -> None:
        """Open the dialog; while one is open, later reports go to the log alone."""
        if self._dialog is not None:
            return
        self._dialog = CrashDialog(text, self._log_folder, self._parent)
        self._dialog.finished.connect(self._on_closed)
        self._dialog.open()

    def _on_closed(self) -> None:
        self._dialog = None

    def _on_exception(
        self, kind: type[BaseException], error: BaseException, trace: TracebackType | None
    ) -> None:
        if issubclass(kind, KeyboardInterrupt):
            sys.__excepthook__(kind, error, trace)
            return
        text = "".join(traceback.format_exception(kind, error, trace))
        _log.critical("Unexpected error\n%s", text)
        self._reported.emit(text)

    def _on_thread_exception(self, args: threading.ExceptHookArgs) -> None:
        if args.exc_value is not None:
            self._on_exception(args.exc_type, args.exc_value, args.exc_traceback)


class CrashDialog(QDialog):
    """What happened, what is safe, where the log is."""

    def __init__(self, text: str, log_folder: Path, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._text = text
        self._log_folder = log_folder
        self.setWindowTitle(self.tr("Something went wrong"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumWidth(620)
        title = QLabel(self.tr("imgdupe made a mistake"))
        title.setProperty("role", "title")
        words = self.tr(
            "Your photos are safe: nothing is removed except by the removal dialog, and what was "
            "begun there is finished or taken back at the next start. You can go on working; if "
            "something looks wrong, start imgdupe again.\n\nThe log is in {0}"
        ).format(path_text(bytes(log_folder)))
        explanation = QLabel(words, wordWrap=True)
        explanation.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        details = QPlainTextEdit(text, readOnly=True)
        details.setAccessibleName(self.tr("Details for the developers"))
        details.setMinimumHeight(180)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 18, 20, 16)
        column.setSpacing(12)
        for widget in (title, explanation, details):
            column.addWidget(widget)
        column.addLayout(self._buttons())

    def _buttons(self) -> QHBoxLayout:
        copy = QPushButton(self.tr("Copy details"))
        copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(self._text))
        folder = QPushButton(self.tr("Open log folder"))
        folder.clicked.connect(lambda: open_file(bytes(self._log_folder)))
        go_on = QPushButton(self.tr("Go on"))
        go_on.setProperty("role", "primary")
        go_on.setDefault(True)
        go_on.clicked.connect(self.accept)
        row = QHBoxLayout()
        row.addWidget(copy)
        row.addWidget(folder)
        row.addStretch(1)
        row.addWidget(go_on)
        return row
