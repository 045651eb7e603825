# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""The real window, as a program: marks what is preselected, removes it, takes it back, ends.

`python -m tests.reliability.window_batch DATA`; says "go" when the button is pressed.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from PySide6.QtCore import QTimer

from imgdupe.app import make_application
from imgdupe.gui.dialogs.remove import RemoveDialog
from imgdupe.gui.gc_guard import GcGuard
from imgdupe.gui.jobs import Jobs
from imgdupe.gui.shell import Shell
from imgdupe.gui.views.main_window import MainWindow
from tests.helpers.windows import child, click

Until = Callable[[], bool]


def drive(shell: Shell, window: MainWindow) -> Iterator[Until]:
    """What a person does; yields what is waited for."""
    yield lambda: shell.workspace is not None and shell.workspace.snapshot is not None
    workspace = shell.workspace
    assert workspace is not None
    assert workspace.snapshot is not None
    groups = workspace.snapshot.groups
    workspace.marks.remove([m.photo for group in groups for m in group.members if m.preselected])
    workspace.removals.review()
    dialog = child(window, RemoveDialog)
    yield dialog.remove_button.isEnabled
    print("go", flush=True)
    click(dialog.remove_button)
    yield dialog.undo_button.isVisible
    click(dialog.undo_button)
    yield lambda: not dialog.undo_button.isVisible()


def main() -> int:
    app = make_application()
    guard = GcGuard()
    window = MainWindow(Path(sys.argv[1]) / "window.ini")
    shell = Shell(window, Jobs(window), Path(sys.argv[1]), ())
    window.show()
    shell.open()
    steps = drive(shell, window)
    waiting: list[Until] = [lambda: True]
    timer = QTimer(window)

    def look() -> None:
        if waiting[0]():
            try:
                waiting[0] = next(steps)
            except StopIteration:
                timer.stop()
                app.exit(0)

    timer.timeout.connect(look)
    timer.start(5)
    status = app.exec()
    window.close()
    guard.stop()
    return status


if __name__ == "__main__":
    sys.exit(main())
