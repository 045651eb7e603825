# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""What can go wrong, brought about in a real window; for tests and for pictures.

Each function takes the workspace and a way to wait. Where the trouble cannot be had for real (a
full disk), the session is made to fail with the very error that the disk would give.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from pathlib import Path
from unittest import mock

from imgdupe.app import tell_of_crash
from imgdupe.catalog.faults import explain_os
from imgdupe.gui.dialogs.remove import RemoveDialog
from imgdupe.gui.workspace import Workspace
from imgdupe.records import Group, Problem, ProblemKind, Stage
from imgdupe.removal.execute import BatchResult
from imgdupe.removal.plan import Refusal

Wait = Callable[[Callable[[], bool]], None]


def disk_full(work: Workspace, wait: Wait) -> None:
    """A scan finds no room for its catalog."""
    full = explain_os(OSError(errno.ENOSPC, "No space left"), work.session.paths.data)
    with mock.patch.object(work.session, "scan", side_effect=full):
        work.scans.scan([b"/photos"])
        wait(lambda: not work.scans.running and not work.jobs.busy)


def crashed_last_time(work: Workspace, _wait: Wait) -> None:
    """The last run ended by a fatal signal."""
    tell_of_crash(work.window, work.session.paths)


def no_permission(work: Workspace, wait: Wait) -> None:
    """Files that may not be read, are online only, or are too large."""
    problems = [
        Problem(b"/photos/private/IMG_1.JPG", Stage.DECODE, ProblemKind.NO_ACCESS, "not readable"),
        Problem(b"/photos/private", Stage.WALK, ProblemKind.NO_ACCESS, "the folder is not yours"),
        Problem(b"/cloud/IMG_2.HEIC", Stage.WALK, ProblemKind.ONLINE_ONLY, "only in the cloud"),
        Problem(b"/photos/wall.tif", Stage.DECODE, ProblemKind.TOO_LARGE, "it needs 3 GB"),
    ]
    with mock.patch.object(work.session, "problems", return_value=problems):
        work.window.show_view("problems")
        work.problems.refresh()
        wait(lambda: len(work.problems.table.shown()) == len(problems))


def trash_failed(work: Workspace, group: Group, wait: Wait) -> RemoveDialog:
    """The trash takes nothing: nothing is removed, and the dialog says so."""
    going = [each.photo for each in group.members[1:]]
    assert work.marks.remove(going)
    reason = "the trash on its drive cannot be written"
    refused = tuple(Refusal(each.path, reason) for each in going)
    stopped = "Three files in a row could not be moved, so the rest was left alone."
    result = BatchResult("b1", (), refused, (), stopped)
    dialog = RemoveDialog(work.session, work.jobs, work.thumbs, work.marks.removals(), work.window)
    dialog.open()
    wait(dialog.remove_button.isEnabled)
    with mock.patch.object(work.session, "remove", return_value=result):
        dialog.remove_button.click()
        wait(dialog.close_button.isVisible)
    dialog.summary.kept.button.click()
    return dialog


def damage_catalog(data: Path) -> None:
    """Overwrite the middle of a closed library's catalog, as a power cut on a failing disk does."""
    catalog = data / "catalog.db"
    size = catalog.stat().st_size
    with catalog.open("r+b") as file:
        file.seek(size // 3)
        file.write(os.urandom(size // 3))
    catalog.with_name("catalog.db-wal").touch()
