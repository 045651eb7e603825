# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""The process around the window: logs, crash reports, what is told after a crash."""

from __future__ import annotations

import logging
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QTimer, qInstallMessageHandler
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QPlainTextEdit, QWidget
from pytestqt.qtbot import QtBot

from imgdupe import app
from imgdupe.catalog.paths import Paths, resolve
from imgdupe.gui.dialogs.crash import CrashDialog, CrashReporter
from imgdupe.gui.views.main_window import MainWindow
from tests.helpers.windows import button, child


@pytest.fixture
def paths(tmp_path: Path) -> Iterator[Paths]:
    """The log goes to a folder of the test's own, and everything is put back afterwards."""
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    hooks = sys.excepthook, threading.excepthook
    yield resolve(tmp_path)
    sys.excepthook, threading.excepthook = hooks
    qInstallMessageHandler(None)
    for handler in set(root.handlers) - set(handlers):
        root.removeHandler(handler)
        handler.close()
    root.setLevel(level)


def test_the_log_says_what_runs(qtbot: QtBot, paths: Paths) -> None:
    app.start_logging(paths)
    assert not app.crashed_last_time(paths)
    text = (paths.log / "imgdupe.log").read_text()
    assert "imgdupe 0." in text
    assert "Python 3." in text


@pytest.mark.expects_logs
def test_a_crash_of_the_last_run_is_noticed(qtbot: QtBot, paths: Paths) -> None:
    (paths.log / "crash.log").write_text("Fatal Python error: Segmentation fault\n")
    app.start_logging(paths)
    assert app.crashed_last_time(paths)
    assert "Segmentation fault" in (paths.log / "imgdupe.log").read_text()
    window = MainWindow(paths.config / "window.ini")
    qtbot.addWidget(window)
    app.tell_of_crash(window, paths)
    assert "ended unexpectedly" in window.banners.banners()[0].label.text()


@pytest.mark.expects_logs
@pytest.mark.no_qt_log
def test_qts_messages_reach_the_log_but_not_the_harmless_ones(paths: Paths, qtbot: QtBot) -> None:
    app.start_logging(paths)
    from PySide6.QtCore import qWarning

    qWarning("a strange thing")
    qWarning(app._HARMLESS[0])
    text = (paths.log / "imgdupe.log").read_text()
    assert "WARNING qt: a strange thing" in text
    assert app._HARMLESS[0] not in text


@pytest.mark.expects_logs
def test_an_exception_in_a_thread_is_reported_once(
    qtbot: QtBot, paths: Paths, caplog: pytest.LogCaptureFixture
) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    reporter = CrashReporter(paths.log, window)
    reporter.install()

    def fail() -> None:
        raise RuntimeError("a bug")

    for _ in range(2):
        worker = threading.Thread(target=fail)
        worker.start()
        worker.join()
    qtbot.waitUntil(lambda: bool(window.findChildren(CrashDialog)))
    assert len(window.findChildren(CrashDialog)) == 1
    assert caplog.text.count("RuntimeError: a bug") == 2
    dialog = child(window, CrashDialog)
    assert "RuntimeError: a bug" in child(dialog, QPlainTextEdit).toPlainText()
    button(dialog, "Copy details").click()
    assert "RuntimeError: a bug" in QGuiApplication.clipboard().text()
    button(dialog, "Go on").click()
    qtbot.waitUntil(lambda: reporter._dialog is None)


def test_signals_close_the_window(qtbot: QtBot, tmp_path: Path) -> None:
    import signal

    before = {each: signal.getsignal(each) for each in (signal.SIGINT, signal.SIGTERM)}
    window = MainWindow(tmp_path / "window.ini")
    qtbot.addWidget(window)
    try:
        app._close_on_signals(window)
        QTimer.singleShot(0, lambda: signal.raise_signal(signal.SIGTERM))
        with qtbot.waitSignal(window.closing):
            pass
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)
