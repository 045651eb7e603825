# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""Files of our own that a kill could leave behind: noted before they are made, swept at a start.

Probe files beside photographs and info files of trash slots that the journal does not know yet.
A file is swept only if it holds what was noted, or the beginning of that; never a photograph.
"""

from __future__ import annotations

import contextlib
import json
import os
import stat
from pathlib import Path


class Litter:
    """The notes, in one small file. They need not survive a power cut: litter harms nobody."""

    def __init__(self, note: Path) -> None:
        self._note = note

    def expect(self, path: bytes, text: bytes, *, unless: bytes | None) -> None:
        """A file with this text is about to be made; it is no litter once `unless` exists."""
        line = json.dumps([None if each is None else each.hex() for each in (path, text, unless)])
        with open(self._note, "ab") as file:
            file.write(line.encode() + b"\n")

    def clear(self) -> None:
        """What was expected is accounted for."""
        with contextlib.suppress(OSError):
            self._note.unlink()

    def sweep(self) -> None:
        """Remove what a kill left, then forget it. What cannot be reached is noted for later."""
        try:
            lines = self._note.read_bytes().splitlines()
        except OSError:
            return
        reached = True
        for line in lines:
            try:
                path, text, unless = (bytes.fromhex(each or "") for each in json.loads(line))
            except (ValueError, TypeError):
                continue  # the last line may be torn: its file was not made yet
            try:
                if not (unless and os.path.lexists(unless)) and _holds(path, text):
                    os.unlink(path)
            except OSError:
                reached = False
        if reached:
            self.clear()


def _holds(path: bytes, text: bytes) -> bool:
    """A regular file that holds this text or its beginning, and nothing else. OSError."""
    try:
        status = os.lstat(path)
        if not stat.S_ISREG(status.st_mode) or status.st_size > len(text):
            return False
        with open(path, "rb") as file:
            return text.startswith(file.read(len(text) + 1))
    except (FileNotFoundError, NotADirectoryError):
        return False
