# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""The window's process: logging, hooks, one instance, theme, window, event loop.

Called once, on the main thread, by the command line. Imports neither numpy nor the engine before
the window is on the screen.
"""

from __future__ import annotations

import faulthandler
import logging
import os
import platform
import signal
import sys
from collections.abc import Sequence
from logging.handlers import RotatingFileHandler
from pathlib import Path

from PySide6.QtCore import (
    QLocale,
    QMessageLogContext,
    QtMsgType,
    qInstallMessageHandler,
    qVersion,
)
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QApplication, QMessageBox

from imgdupe import __version__, resources
from imgdupe.catalog.paths import Paths, resolve
from imgdupe.errors import UserError
from imgdupe.gui import single_instance, theme
from imgdupe.gui.dialogs.crash import CrashReporter
from imgdupe.gui.gc_guard import GcGuard
from imgdupe.gui.jobs import Jobs
from imgdupe.gui.shell import Shell
from imgdupe.gui.single_instance import SingleInstance
from imgdupe.gui.views.main_window import MainWindow

_LOG_BYTES = 1_000_000
_LOG_FILES = 5
_HARMLESS = (
    "This plugin does not support propagateSizeHints",
    "This plugin does not support raise",
)
_LEVELS = {
    QtMsgType.QtDebugMsg: logging.DEBUG,
    QtMsgType.QtInfoMsg: logging.INFO,
    QtMsgType.QtWarningMsg: logging.WARNING,
    QtMsgType.QtCriticalMsg: logging.ERROR,
    QtMsgType.QtFatalMsg: logging.CRITICAL,
}
_log = logging.getLogger(__name__)


def run_window(folders: Sequence[bytes], data_dir: Path | None) -> int:
    """Open the window, scan these folders, return the exit status when it was closed.

    With a window of the same library open already, that one takes the folders over.
    """
    app = make_application()
    try:
        paths = resolve(data_dir)
    except UserError as error:
        QMessageBox.critical(None, "imgdupe", str(error))
        return 1
    name = single_instance.name_for(paths.data)
    if single_instance.hand_over(name, folders):
        return 0
    crashed_before = start_logging(paths)
    guard = GcGuard()
    window = MainWindow(paths.config / "window.ini")
    theme.apply(app, str(window.memory.value("theme", "dark")))
    jobs = Jobs(window)
    reporter = CrashReporter(paths.log, window)
    reporter.install()
    jobs.crashed.connect(reporter.show)
    shell = Shell(window, jobs, data_dir, folders)
    instance = SingleInstance(name, window)
    instance.asked.connect(shell.take)
    instance.asked.connect(lambda _folders: window.raise_up())
    if crashed_before:
        _tell_of_crash(window, paths)
    _close_on_signals(window)
    window.show()
    shell.open()
    status = app.exec()
    instance.close()
    guard.stop()
    return status


def make_application() -> QApplication:
    """The QApplication with the program's name, icon and number formats."""
    app = QApplication(sys.argv[:1])
    app.setApplicationName("imgdupe")
    app.setApplicationDisplayName("imgdupe")
    app.setApplicationVersion(__version__)
    app.setDesktopFileName("imgdupe")
    app.setWindowIcon(QIcon(str(resources.path("icons", "imgdupe.svg"))))
    if QLocale.system().language() == QLocale.Language.C:
        QLocale.setDefault(QLocale(QLocale.Language.English, QLocale.Country.UnitedStates))
    return app


def start_logging(paths: Paths) -> bool:
    """Log to rotating files, Qt's messages and fatal signals too; True if the last run crashed."""
    handler = RotatingFileHandler(
        paths.log / "imgdupe.log", maxBytes=_LOG_BYTES, backupCount=_LOG_FILES - 1, encoding="utf-8"
    )
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    root = logging.getLogger()
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    qInstallMessageHandler(_log_qt)
    crash_file = paths.log / "crash.log"
    crashed_before = crash_file.exists() and crash_file.stat().st_size > 0
    if crashed_before:
        _log.error("The last run crashed:\n%s", crash_file.read_text(errors="replace"))
    # Kept open for the life of the process: a dying one can only write, not open.
    faulthandler.enable(crash_file.open("w"))
    _log.info(
        "imgdupe %s, Python %s, Qt %s, %s",
        __version__,
        platform.python_version(),
        qVersion(),
        platform.platform(),
    )
    return crashed_before


def _log_qt(kind: QtMsgType, _context: QMessageLogContext, message: str) -> None:
    if message not in _HARMLESS:
        logging.getLogger("qt").log(_LEVELS[kind], "%s", message)


def _tell_of_crash(window: MainWindow, paths: Paths) -> None:
    text = window.tr(
        "imgdupe ended unexpectedly last time. No photo was harmed; a scan goes on where it was. "
        "The log is in {0}"
    )
    window.notify(text.format(os.fspath(paths.log)), "warning", key="crash")


def _close_on_signals(window: MainWindow) -> None:
    """Ctrl+C in the terminal and a polite kill end the program as closing the window does."""
    for each in (signal.SIGINT, signal.SIGTERM):
        signal.signal(each, lambda *_: window.close())
