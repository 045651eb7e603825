# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""Decode children that misbehave on purpose, by the name of the file they are given."""

from __future__ import annotations

import os
import re
import time
from multiprocessing.connection import Connection

from imgdupe.engine import worker
from imgdupe.engine.worker import Limits
from imgdupe.records import FoundFile


def serve(connection: Connection, limits: Limits) -> None:
    """The real child, but misled by names.

    `hang*` hangs, `wait*` waits a second, `busy*` computes forever in a call that Python cannot
    interrupt, `crash*` aborts, `once*` aborts the first time, `killed*` dies as if for lack of
    memory, and `bug*` runs into a mistake of ours.
    """
    real = worker.fingerprint

    def fingerprint(path: bytes, *others: object) -> object:
        name = os.path.basename(path)
        if name.startswith(b"hang"):
            time.sleep(3600)
        if name.startswith(b"wait"):
            time.sleep(1.0)
        if name.startswith(b"busy"):
            re.match(r"(a+)+$", "a" * 100 + "b")
        if name.startswith(b"crash") or (name.startswith(b"once") and _first_time(path)):
            os.abort()
        if name.startswith(b"killed"):
            os.kill(os.getpid(), 9)
        if name.startswith(b"bug"):
            raise ZeroDivisionError("on purpose")
        return real(path, *others)  # type: ignore[arg-type]

    worker.fingerprint = fingerprint  # type: ignore[assignment]
    worker.serve(connection, limits)


def refuse(_connection: Connection, _limits: Limits) -> None:
    """A child that dies before it is ready."""


def echo_pid(connection: Connection, _limits: Limits) -> None:
    """A child that answers every file with its process id, as bytes."""
    connection.send(worker.READY)
    try:
        while True:
            connection.recv()
            connection.send(str(os.getpid()).encode())
    except EOFError:
        pass


def found(path: bytes) -> FoundFile:
    """The file as the walk would find it."""
    status = os.stat(path)
    return FoundFile(path, status.st_size, status.st_mtime_ns, status.st_dev, status.st_ino)


def _first_time(path: bytes) -> bool:
    try:
        os.close(os.open(path + b".seen", os.O_CREAT | os.O_EXCL))
    except FileExistsError:
        return False
    return True
