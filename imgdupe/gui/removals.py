# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""From what is marked to what is gone, and back: opens S6 and says what came of it. Main thread."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QObject, Signal

from imgdupe.engine.session import Session
from imgdupe.gui import formatting
from imgdupe.gui.dialogs.remove import RemoveDialog
from imgdupe.gui.jobs import Jobs
from imgdupe.gui.marks import Marks
from imgdupe.gui.thumbnails import Thumbnails
from imgdupe.gui.undoing import Undoing
from imgdupe.gui.views.main_window import MainWindow
from imgdupe.records import PhotoRecord
from imgdupe.removal.execute import BatchResult
from imgdupe.removal.undo import UndoResult

_MOST_NAMED = 3


class Removals(QObject):
    """`changed`: files went or came back; `failed` brings a text."""

    changed = Signal()
    failed = Signal(str)

    def __init__(
        self,
        session: Session,
        jobs: Jobs,
        thumbs: Thumbnails,
        marks: Marks,
        window: MainWindow,
    ) -> None:
        super().__init__(window)
        self._session = session
        self._jobs = jobs
        self._thumbs = thumbs
        self._marks = marks
        self._window = window
        self.undoing = Undoing(session, jobs, marks, self)
        self.undoing.undone.connect(self._say_back)
        self.undoing.failed.connect(self.failed)
        self.undoing.removal_wanted.connect(self.review)

    def review(self) -> None:
        """S6 for everything that is marked."""
        requests = self._marks.removals()
        if not requests:
            text = self.tr("No photo is marked for removal.")
            self._window.notify(text, key="removal")
            return
        photos = [each.victim for each in requests]
        dialog = RemoveDialog(self._session, self._jobs, self._thumbs, requests, self._window)
        dialog.removed.connect(lambda result: self._on_removed(photos, result))
        dialog.undone.connect(self.on_back)
        dialog.open()

    def _on_removed(self, photos: Sequence[PhotoRecord], result: BatchResult) -> None:
        gone = {moved.path for moved in result.moved}
        self.undoing.add_removal(result.batch, [each for each in photos if each.path in gone])
        self.changed.emit()
        self._window.notify(
            self.tr("{0} moved to the trash.").format(formatting.photos(len(gone))),
            button=self.tr("Undo"),
            action=lambda: self.undoing.undo_batch(result.batch),
            key="removal",
        )

    def on_back(self, result: UndoResult) -> None:
        """Files came back by another way than Ctrl+Z."""
        self.undoing.came_back(result)
        self._say_back(result)

    def _say_back(self, result: UndoResult) -> None:
        self.changed.emit()
        text = self.tr("{0} brought back.").format(formatting.photos(len(result.restored)))
        for refusal in result.failed[:_MOST_NAMED]:
            text += f"\n{formatting.home_path(refusal.path)}: {refusal.reason}"
        if len(result.failed) > _MOST_NAMED:
            more = formatting.files(len(result.failed) - _MOST_NAMED)
            text += "\n" + self.tr("and {0} more that stay in the trash").format(more)
        self._window.notify(text, "warning" if result.failed else "info", key="removal")
