# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""How the commands speak: one JSON document or lines on stdout, progress on stderr."""

from __future__ import annotations

import json
import os
import sys
import threading
from typing import Any, Self

from imgdupe.progress import Counters, Phase, Progress

_REDRAW_S = 0.2
_UNITS = ("bytes", "KB", "MB", "GB", "TB")
_MINUTE_S = 60


def print_json(document: dict[str, Any]) -> None:
    """One document; names that are not UTF-8 stay readable as escapes."""
    print(json.dumps(document, indent=1))


def printable(path: bytes) -> str:
    """A path for the terminal; bytes that are not UTF-8 become visible escapes."""
    return path.decode("utf-8", "backslashreplace")


def size_text(size: int) -> str:
    """Bytes for people: 3.1 MB (decimal units, as file managers show them)."""
    value, unit = float(size), _UNITS[0]
    for unit in _UNITS:
        if value < 1000 or unit == _UNITS[-1]:
            break
        value /= 1000
    return f"{size} bytes" if unit == _UNITS[0] else f"{value:.1f} {unit}"


def duration_text(seconds: float) -> str:
    """Seconds for people: 2 min 16 s."""
    minutes, rest = divmod(round(seconds), _MINUTE_S)
    hours, minutes = divmod(minutes, _MINUTE_S)
    if hours:
        return f"{hours} h {minutes} min"
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"


def progress_line(progress: Progress) -> str:
    """One line: what is done of what, the rate, the time left, the problems."""
    if progress.phase is Phase.MATCHING:
        return f"Matching {progress.found} photos …"
    if progress.total is None:
        return f"Finding photos: {progress.found} so far, {progress.done} fingerprinted"
    parts = [f"{progress.done} / {progress.total} photos", f"{progress.per_second:.0f} photos/s"]
    if progress.seconds_left is not None:
        parts.append(f"{duration_text(progress.seconds_left)} left")
    if progress.problems:
        parts.append(f"{progress.problems} unreadable")
    return _bar(progress) + "  " + "   ".join(parts)


def _bar(progress: Progress, width: int = 24) -> str:
    share = progress.done / progress.total if progress.total else 1.0
    filled = int(width * min(share, 1.0))
    return "#" * filled + "-" * (width - filled)


class TerminalProgress:
    """Redraws one line on stderr while a job runs; silent where stderr is no terminal."""

    def __init__(self, counters: Counters) -> None:
        self._counters = counters
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._draw, name="progress", daemon=True)

    def __enter__(self) -> Self:
        if sys.stderr.isatty():
            self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        if self._thread.is_alive():
            self._thread.join()
            sys.stderr.write("\r\x1b[K")

    def _draw(self) -> None:
        while not self._ended.wait(_REDRAW_S):
            columns = os.get_terminal_size(sys.stderr.fileno()).columns
            line = progress_line(self._counters.snapshot())[: max(columns - 1, 20)]
            sys.stderr.write(f"\r\x1b[K{line}")
            sys.stderr.flush()
