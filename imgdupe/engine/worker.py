# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""What a decode child does: one file in, one fingerprint or problem out, until its pipe closes.

`serve` is the entry of the child process; `fingerprint` and `pixel_hash` may also be called
directly. No Qt, no SQL, no network model in here: a child starts in a fraction of a second and may
be killed at any moment.
"""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import traceback
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import TypeVar, cast

import numpy as np

from imgdupe.fingerprint import hashes
from imgdupe.library import codecs, decode
from imgdupe.library.refusals import MEMORY_TEXT
from imgdupe.library.source import Reader
from imgdupe.records import Fingerprint, FoundFile, Hashes, Problem, ProblemKind, Stage


@dataclass(frozen=True, slots=True)
class Limits:
    """What one file may cost.

    `cpu_s` of computing (POSIX); `bytes` of address space beyond what a child starts with (Linux).
    """

    cpu_s: float
    bytes: int


@dataclass(frozen=True, slots=True)
class Mistake:
    """A bug of ours that a file brought to light: not swallowed, and still the scan goes on."""

    trace: str


Answer = Fingerprint | bytes | Problem
Request = tuple[str, FoundFile]

Result = TypeVar("Result")

READY = "ready"
MEASURES_CPU = hasattr(signal, "setitimer")
OUT_OF_TIME: int | None = -signal.SIGPROF if MEASURES_CPU else None
"""The exit code of a child whose file took more computing than it may."""


def fingerprint(
    path: bytes, expected: FoundFile | None = None, reader: Reader | None = None
) -> Fingerprint | Problem:
    """Everything one decode of the file gives, or why there is nothing.

    `expected`: the file as the walk saw it; a file that changed since is a problem.
    """
    return _guarded(path, lambda: _fingerprint(decode.decode(path, expected, reader)))


def pixel_hash(path: bytes, expected: FoundFile | None = None) -> bytes | Problem:
    """xxh3-128 of the upright 8-bit sRGB pixels at full size; `expected` as in `fingerprint`."""
    return _guarded(path, lambda: hashes.pixels_hash(decode.load_view(path, None, expected)))


def serve(connection: Connection, limits: Limits) -> None:
    """Answer requests until the parent closes its end, or dies."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C is the parent's business
    _silence_codecs()
    _limit_memory(limits.bytes)
    codecs.use_one_thread()
    reader = Reader()
    with contextlib.suppress(EOFError, OSError):  # the parent is gone: nobody waits for an answer
        connection.send(READY)
        while True:
            request = cast("Request", connection.recv())
            with _limited_cpu(limits.cpu_s):
                answer = _answer(request, reader)
            connection.send(answer)


def _answer(request: Request, reader: Reader) -> Answer | Mistake:
    task, file = request
    try:
        if task == "pixel_hash":
            return pixel_hash(file.path, file)
        return fingerprint(file.path, file, reader)
    except Exception:  # noqa: BLE001  it goes to the parent, which logs it as what it is
        return Mistake(traceback.format_exc())


def _guarded(path: bytes, work: Callable[[], Result]) -> Result | Problem:
    try:
        return work()
    except decode.DecodeError as error:
        return Problem(path, Stage.DECODE, error.kind, error.detail)
    except MemoryError:
        return Problem(path, Stage.DECODE, ProblemKind.TOO_LARGE, MEMORY_TEXT)


def _fingerprint(decoded: decode.Decoded) -> Fingerprint:
    turns = hashes.phash_turns(decoded.luma32)
    return Fingerprint(
        metadata=decoded.metadata,
        hashes=Hashes(
            content=hashes.bytes_hash((decoded.content,)),
            scan=None if decoded.scan is None else hashes.bytes_hash(decoded.scan),
            phash=turns[0],
            phash_turns=turns,
            phash256=hashes.phash256(decoded.luma64),
            quality=hashes.quality(decoded.luma64),
        ),
        luma=np.ascontiguousarray(decoded.luma64),
        pixels=np.ascontiguousarray(decoded.pixels),
        thumbnail=decoded.thumbnail,
        damaged=decoded.damaged,
    )


def _silence_codecs() -> None:
    """Send what C libraries print about odd files nowhere; Python still speaks to stderr."""
    sys.stderr = os.fdopen(os.dup(2), "w", buffering=1)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 2)
    os.close(nowhere)


@contextlib.contextmanager
def _limited_cpu(seconds: float) -> Iterator[None]:
    """Have the system end this process, whatever it does, after so much computing (POSIX)."""
    if not MEASURES_CPU:
        yield
        return
    signal.setitimer(signal.ITIMER_PROF, seconds)
    yield
    signal.setitimer(signal.ITIMER_PROF, 0)


def _limit_memory(limit_bytes: int) -> None:
    """Let this process take `limit_bytes` more address space than it has now (Linux)."""
    if sys.platform != "linux":
        return
    import resource

    with open("/proc/self/statm", "rb") as file:
        pages = int(file.read().split()[0])
    most = pages * os.sysconf("SC_PAGE_SIZE") + limit_bytes
    resource.setrlimit(resource.RLIMIT_AS, (most, most))
