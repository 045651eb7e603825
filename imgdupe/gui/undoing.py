# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""One undo for marks and removals: Ctrl+Z takes back whatever came last, also of an earlier day.

Main thread; files come back in a job. Marks are steps of the marks' own stack; a removal is a step
among them that brings its files back first. Below the stack lie the removals of earlier days.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QCoreApplication, QObject, Signal
from PySide6.QtGui import QUndoCommand

from imgdupe.engine.session import Session
from imgdupe.gui import formatting
from imgdupe.gui.jobs import Done, Failed, JobResult, Jobs
from imgdupe.gui.marks import Marks
from imgdupe.records import PhotoRecord
from imgdupe.removal.journal import Batch
from imgdupe.removal.undo import UndoResult


class Removed(QUndoCommand):
    """A removal that was done: its marks are settled, and are there again when it was undone."""

    def __init__(self, marks: Marks, batch: str, photos: Sequence[PhotoRecord]) -> None:
        text = QCoreApplication.translate("undo", "removal of {0}")
        super().__init__(text.format(formatting.photos(len(photos))))
        self.batch = batch
        self.back: frozenset[bytes] = frozenset()
        self.settled = False
        """Its files came back by another way: there is nothing left of it to undo."""
        self._marks = marks
        self._photos = photos

    def redo(self) -> None:
        self._marks.forget(self._photos)

    def undo(self) -> None:
        self._marks.mark_again([each for each in self._photos if each.path in self.back])


class Undoing(QObject):
    """`undone` carries an `UndoResult`; `removal_wanted`: what came back is to be removed again.

    `changed`: what can be undone or redone, and its name, may be another.
    """

    undone = Signal(object)
    failed = Signal(str)
    removal_wanted = Signal()
    changed = Signal()

    def __init__(
        self, session: Session, jobs: Jobs, marks: Marks, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._session = session
        self._jobs = jobs
        self._marks = marks
        self._stack = marks.undo_stack
        self._earlier: list[Batch] = []
        self._busy = False
        self._stack.indexChanged.connect(self._on_index)
        jobs.start("earlier removals", lambda *_: _undoable(session), self._on_earlier)

    @property
    def undo_text(self) -> str | None:
        """What Ctrl+Z takes back; None if there is nothing."""
        if self._stack.canUndo():
            return self._stack.undoText()
        if not self._earlier:
            return None
        batch = self._earlier[0]
        count = sum(item.undoable for item in batch.items)
        when = batch.at[:16].replace("T", " ")
        return self.tr("removal of {0} on {1}").format(formatting.photos(count), when)

    @property
    def redo_text(self) -> str | None:
        """What Ctrl+Shift+Z does again; None if there is nothing."""
        return self._stack.redoText() if self._stack.canRedo() else None

    def add_removal(self, batch: str, photos: Sequence[PhotoRecord]) -> None:
        """These photos went to the trash just now."""
        if photos:
            self._stack.push(Removed(self._marks, batch, photos))

    def undo(self) -> None:
        """Take the last step back; nothing while files are on their way."""
        if self._busy or self.undo_text is None:
            return
        step = self._last()
        while isinstance(step, Removed) and step.settled:
            self._stack.undo()
            step = self._last()
        if isinstance(step, Removed):
            self._bring_back(step.batch, lambda result: self._on_back(step, result))
        elif step is not None:
            self._stack.undo()
        elif self._earlier:
            self._bring_back(self._earlier[0].id, self.came_back)

    def redo(self) -> None:
        """Do the last step again. A removal is shown again before anything goes."""
        if self._busy or not self._stack.canRedo():
            return
        if isinstance(self._stack.command(self._stack.index()), Removed):
            self.removal_wanted.emit()
        else:
            self._stack.redo()

    def came_back(self, result: UndoResult) -> None:
        """Files came back by another way, such as the history's: Ctrl+Z goes on to what is left."""
        for number in range(self._stack.count()):
            step = self._stack.command(number)
            if isinstance(step, Removed) and step.batch == result.batch and not result.failed:
                step.settled = True
        self._earlier = [each for each in self._earlier if each.id != result.batch]
        self.changed.emit()

    def undo_batch(self, batch: str) -> None:
        """Take this removal back, whatever was marked since."""
        step = self._last()
        if isinstance(step, Removed) and step.batch == batch:
            self.undo()
        elif not self._busy:
            self._bring_back(batch, self.came_back)

    def _last(self) -> QUndoCommand | None:
        index = self._stack.index()
        return self._stack.command(index - 1) if index else None

    def _bring_back(self, batch: str, done: Callable[[UndoResult], None]) -> None:
        self._busy = True

        def finish(result: JobResult[UndoResult]) -> None:
            self._busy = False
            if isinstance(result, Done):
                done(result.value)
                self.undone.emit(result.value)
                self.changed.emit()
            elif isinstance(result, Failed):
                self.failed.emit(str(result.error))

        self._jobs.start("undo", lambda *_: self._session.undo(batch), finish)

    def _on_back(self, step: Removed, result: UndoResult) -> None:
        step.back = frozenset(old for old, now in result.restored if old == now)
        self._stack.undo()

    def _on_earlier(self, result: JobResult[list[Batch]]) -> None:
        if isinstance(result, Done):
            self._earlier = result.value
            self.changed.emit()

    def _on_index(self, _index: int) -> None:
        self.changed.emit()


def _undoable(session: Session) -> list[Batch]:
    """In a job: the removals that can be taken back, the newest first."""
    return [batch for batch in session.history() if any(item.undoable for item in batch.items)]
