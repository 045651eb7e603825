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
from dataclasses import dataclass
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
from imgdupe.gui.desktop import reveal
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
    "This plugin does not support grabbing the keyboard",
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
    start_logging(paths)
    crashed = crashed_last_time(paths)
    # Open as long as the process lives: a dying one can only write.
    with _crash_file(paths).open("w") as file:
        faulthandler.enable(file)
        status = _run(app, paths, Start(name, folders, data_dir, crashed))
        faulthandler.disable()
    return status


@dataclass(frozen=True, slots=True)
class Start:
    """What a start was asked for and found. `name`: of the single instance."""

    name: str
    folders: Sequence[bytes]
    data_dir: Path | None
    crashed: bool


def _run(app: QApplication, paths: Paths, start: Start) -> int:
    """Build the window, run the event loop, leave."""
    guard = GcGuard()
    window = MainWindow(paths.config / "window.ini")
    theme.apply(app, str(window.memory.value("theme", "dark")))
    jobs = Jobs(window)
    reporter = CrashReporter(paths.log, window)
    reporter.install()
    jobs.crashed.connect(reporter.show)
    shell = Shell(window, jobs, start.data_dir, start.folders)
    instance = SingleInstance(start.name, window)
    instance.asked.connect(shell.take)
    instance.asked.connect(lambda _folders: window.raise_up())
    if start.crashed:
        tell_of_crash(window, paths)
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


def start_logging(paths: Paths) -> None:
    """Log to rotating files, Qt's messages too."""
    handler = RotatingFileHandler(
        paths.log / "imgdupe.log", maxBytes=_LOG_BYTES, backupCount=_LOG_FILES - 1, encoding="utf-8"
    )
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    root = logging.getLogger()
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    qInstallMessageHandler(_log_qt)
    _log.info(
        "imgdupe %s, Python %s, Qt %s, %s",
        __version__,
        platform.python_version(),
        qVersion(),
        platform.platform(),
    )


def crashed_last_time(paths: Paths) -> bool:
    """Whether a fatal signal ended the last run; its traceback goes to the log."""
    file = _crash_file(paths)
    text = file.read_text(errors="replace") if file.exists() else ""
    if text:
        _log.error("The last run crashed:\n%s", text)
    return bool(text)


def _crash_file(paths: Paths) -> Path:
    return paths.log / "crash.log"


def _log_qt(kind: QtMsgType, _context: QMessageLogContext, message: str) -> None:
    if message not in _HARMLESS:
        logging.getLogger("qt").log(_LEVELS[kind], "%s", message)


def tell_of_crash(window: MainWindow, paths: Paths) -> None:
    """What a crash left, what is safe, and the way to the log."""
    text = window.tr(
        "imgdupe ended unexpectedly last time. No photo was harmed; a scan goes on where it was. "
        "The log is in {0}"
    )

    def show() -> None:
        reveal(os.fsencode(_crash_file(paths)))

    window.notify(
        text.format(os.fspath(paths.log)),
        "warning",
        window.tr("Show the log"),
        show,
        "crash",
    )


def _close_on_signals(window: MainWindow) -> None:
    """Ctrl+C in the terminal and a polite kill end the program as closing the window does."""
    for each in (signal.SIGINT, signal.SIGTERM):
        signal.signal(each, lambda *_: window.close())
