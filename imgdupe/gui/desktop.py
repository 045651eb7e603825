# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""What the desktop does for us: show or open a file, tell of a scan's end, stay awake meanwhile.

Main thread. Paths stay bytes: they reach the desktop as percent-encoded URIs, so that a name that
is no UTF-8 arrives whole. Nothing here changes a file.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from urllib.parse import quote_from_bytes

from PySide6.QtCore import QProcess, QTimer, QUrl
from PySide6.QtDBus import QDBus, QDBusConnection, QDBusMessage
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QApplication, QSystemTrayIcon, QWidget

_MANAGER = "org.freedesktop.FileManager1"
_SAVER = "org.freedesktop.ScreenSaver"
_BUS = "imgdupe-awake"
_MESSAGE_MS = 15_000
_WINDOWS_AWAKE = 0x80000000 | 0x00000001  # ES_CONTINUOUS | ES_SYSTEM_REQUIRED
_WINDOWS_USUAL = 0x80000000


def file_uri(path: bytes) -> str:
    """The path as a file URI, byte for byte."""
    text = quote_from_bytes(path.replace(b"\\", b"/") if os.sep == "\\" else path)
    return "file://" + (text if text.startswith("/") else "/" + text)


def open_file(path: bytes) -> bool:
    """Open in the program that the desktop uses for it."""
    return QDesktopServices.openUrl(QUrl.fromEncoded(file_uri(path).encode()))


def reveal(path: bytes) -> bool:
    """Show the file selected in the file manager; where that is not possible, its folder."""
    if sys.platform == "win32":
        subprocess.Popen(["explorer", f"/select,{os.fsdecode(path)}"])
        return True
    if sys.platform == "darwin":
        subprocess.Popen(["open", "-R", path])
        return True
    message = QDBusMessage.createMethodCall(
        _MANAGER, "/org/freedesktop/FileManager1", _MANAGER, "ShowItems"
    )
    message.setArguments([[file_uri(path)], ""])
    bus = QDBusConnection.sessionBus()
    reply = bus.call(message, QDBus.CallMode.Block, 2000) if bus.isConnected() else None
    if reply is not None and reply.type() == QDBusMessage.MessageType.ReplyMessage:
        return True
    return open_file(os.path.dirname(path))


def notify(window: QWidget, title: str, text: str) -> None:
    """A message of the desktop's own, beside the mark on the task bar; none where it has none.

    On Linux through `notify-send`, which every desktop's notifications understand; else from the
    tray, where an icon is shown for as long as the message.
    """
    QApplication.alert(window)
    sender = shutil.which("notify-send")
    if sender is not None:
        arguments = ["--app-name=imgdupe", "--icon=imgdupe", "--", title, text]
        QProcess.startDetached(sender, arguments)
    elif QSystemTrayIcon.isSystemTrayAvailable():
        tray = QSystemTrayIcon(window.windowIcon(), window)
        tray.show()
        tray.showMessage(title, text)
        QTimer.singleShot(_MESSAGE_MS, tray, tray.deleteLater)


class StayAwake:
    """Keeps the computer from going to sleep while `on`; does nothing where it cannot."""

    def __init__(self) -> None:
        self._on = False
        self._helper: subprocess.Popen[bytes] | None = None

    def set(self, on: bool) -> None:
        """Begin or end; calling twice is fine."""
        if on == self._on:
            return
        self._on = on
        if sys.platform == "win32":
            import ctypes

            ctypes.windll.kernel32.SetThreadExecutionState(_WINDOWS_AWAKE if on else _WINDOWS_USUAL)
        elif sys.platform == "darwin":
            self._caffeinate(on)
        else:
            _inhibit(on)

    def _caffeinate(self, on: bool) -> None:
        if on:
            self._helper = subprocess.Popen(["caffeinate", "-i", "-w", str(os.getpid())])
        elif self._helper is not None:
            self._helper.terminate()
            self._helper.wait()
            self._helper = None


def _inhibit(on: bool) -> None:
    """The session's inhibition lasts as long as the connection that asked for it."""
    if not on:
        QDBusConnection.disconnectFromBus(_BUS)
        return
    bus = QDBusConnection.connectToBus(QDBusConnection.BusType.SessionBus, _BUS)
    if not bus.isConnected():
        return
    message = QDBusMessage.createMethodCall(
        _SAVER, "/org/freedesktop/ScreenSaver", _SAVER, "Inhibit"
    )
    message.setArguments(["imgdupe", "Scanning photographs"])
    bus.asyncCall(message)
