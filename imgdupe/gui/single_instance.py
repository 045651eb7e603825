# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""One window per library: a second start hands its folders to the first and ends.

Main thread. A local socket that only this user may open, named after the library's folder. The
library's own lock is what keeps two processes from writing; this is only politeness.
"""

from __future__ import annotations

import hashlib
import logging
import os
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtNetwork import QLocalServer, QLocalSocket

_log = logging.getLogger(__name__)
_WAIT_MS = 500
_CAP_BYTES = 1 << 20


def name_for(data: Path) -> str:
    """The socket's name: this user's window of the library in `data`."""
    user = str(os.getuid()) if hasattr(os, "getuid") else os.environ.get("USERNAME", "")
    text = f"{user}:{os.path.realpath(data)}"
    return (
        "imgdupe-"
        + hashlib.blake2b(text.encode(errors="surrogateescape"), digest_size=8).hexdigest()
    )


def hand_over(name: str, folders: Sequence[bytes]) -> bool:
    """Give the folders to a running window; False if there is none."""
    socket = QLocalSocket()
    socket.connectToServer(name)
    if not socket.waitForConnected(_WAIT_MS):
        return False
    socket.write(encode(folders))
    socket.flush()
    while socket.bytesToWrite() and socket.waitForBytesWritten(_WAIT_MS):
        pass
    socket.disconnectFromServer()
    return True


def encode(folders: Sequence[bytes]) -> bytes:
    """One path per line in hexadecimal, so that any byte may stand in a name."""
    return b"".join(folder.hex().encode() + b"\n" for folder in folders)


def decode(message: bytes) -> list[bytes]:
    """The reverse; lines that are no hexadecimal are dropped."""
    found = []
    for line in message.splitlines():
        try:
            found.append(bytes.fromhex(line.decode("ascii")))
        except ValueError:
            _log.info("A second start sent something else than a path")
    return [path for path in found if path]


class SingleInstance(QObject):
    """Listens for later starts; `asked` brings their folders (empty: only show the window)."""

    asked = Signal(object)

    def __init__(self, name: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._on_connection)
        if not self._server.listen(name):
            # Nobody answered there, so it is what a killed window left behind.
            QLocalServer.removeServer(name)
            if not self._server.listen(name):
                _log.info("No hand-over from later starts: %s", self._server.errorString())

    def close(self) -> None:
        self._server.close()

    def _on_connection(self) -> None:
        while (socket := self._server.nextPendingConnection()) is not None:
            # A later start writes a few lines and hangs up at once; nobody else comes here.
            if socket.state() != QLocalSocket.LocalSocketState.UnconnectedState:
                socket.waitForDisconnected(_WAIT_MS)
            received = bytes(socket.read(_CAP_BYTES).data())
            socket.deleteLater()
            self.asked.emit(decode(received))
