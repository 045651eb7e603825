# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""Run one command and say what it cost: wall, CPU and memory of it and all its children (POSIX)."""

from __future__ import annotations

import contextlib
import os
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

_SAMPLE_EVERY_S = 0.05
_NO_CACHE = "PYTHONDONTWRITEBYTECODE"
_PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")


@dataclass(frozen=True, slots=True)
class Cost:
    """What one run cost; CPU is user + system of the process and every child it waited for."""

    wall_s: float
    cpu_s: float
    peak_mb: float
    stdout: str


def measure(command: Sequence[str], environment: Mapping[str, str] | None = None) -> Cost:
    """Run to the end; RuntimeError with the end of its messages where it fails.

    `peak_mb` adds the resident pages of the whole process tree (pages that processes share count
    more than once, so it is an upper bound), sampled every 50 ms on Linux; 0 elsewhere. Compiled
    modules are kept, as they are of an installed program.
    """
    inherited = {name: value for name, value in os.environ.items() if name != _NO_CACHE}
    started = time.perf_counter()
    process = subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**inherited, **(environment or {})},
    )
    tree = _Tree(process.pid)
    output: dict[str, bytes] = {}
    readers = [_drain(process, name, output) for name in ("stdout", "stderr")]
    _pid, status, usage = os.wait4(process.pid, 0)
    wall_s = time.perf_counter() - started
    peak_mb = tree.stop()
    for reader in readers:
        reader.join()
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        raise RuntimeError(f"{' '.join(command)}\n{output['stderr'][-2000:].decode()}")
    cpu_s = usage.ru_utime + usage.ru_stime
    return Cost(wall_s, cpu_s, peak_mb, output["stdout"].decode())


def _drain(
    process: subprocess.Popen[bytes], name: str, output: dict[str, bytes]
) -> threading.Thread:
    def read() -> None:
        with getattr(process, name) as stream:
            output[name] = stream.read()

    thread = threading.Thread(target=read)
    thread.start()
    return thread


class _Tree:
    """Samples the memory of a process and its descendants until told to stop."""

    def __init__(self, pid: int) -> None:
        self._pid = pid
        self._peak_bytes = 0
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._watch)
        self._thread.start()

    def stop(self) -> float:
        """The highest sum seen, in MB."""
        self._done.set()
        self._thread.join()
        return self._peak_bytes / 1e6

    def _watch(self) -> None:
        while not self._done.wait(_SAMPLE_EVERY_S):
            now = sum(_resident_bytes(pid) for pid in _descendants(self._pid))
            self._peak_bytes = max(self._peak_bytes, now)


def _descendants(pid: int) -> list[int]:
    found = [pid]
    for parent in found:
        for listing in Path(f"/proc/{parent}/task").glob("*/children"):
            with contextlib.suppress(OSError):  # it ended in between
                found += [int(child) for child in listing.read_text().split()]
    return found


def _resident_bytes(pid: int) -> int:
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * _PAGE_BYTES
    except (OSError, IndexError):
        return 0
