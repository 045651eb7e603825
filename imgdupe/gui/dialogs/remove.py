# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""S6: one look at everything that is to go, then the removal, then what came of it.

Main thread; planning, removing and undoing run in jobs. The set is frozen when the dialog opens:
marks that change meanwhile do not reach it. It moves nothing that it did not show before.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import IntEnum

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from imgdupe.engine.session import Session
from imgdupe.gui import formatting, icons
from imgdupe.gui.dialogs.remove_review import Choices, Expander, ReviewPage
from imgdupe.gui.jobs import Done, Failed, Job, JobResult, Jobs
from imgdupe.gui.thumbnails import Thumbnails
from imgdupe.removal.execute import BatchResult
from imgdupe.removal.plan import Plan, RemovalRequest
from imgdupe.removal.undo import UndoResult

_SIZE_PX = (740, 640)
_POLL_MS = 100


class _State(IntEnum):
    """The pages of the stack, in its order."""

    REVIEW = 0
    WORK = 1
    SUMMARY = 2


class _Tally:
    """What the job's thread leaves for the timer to read; no QObject."""

    def __init__(self, total: int) -> None:
        self.done = 0
        self.total = total

    def note(self, done: int, total: int) -> None:
        self.done, self.total = done, total


class RemoveDialog(QDialog):
    """`removed` brings a `BatchResult` that moved something, `undone` the `UndoResult` after it."""

    removed = Signal(object)
    undone = Signal(object)

    def __init__(
        self,
        session: Session,
        jobs: Jobs,
        thumbs: Thumbnails,
        requests: Sequence[RemovalRequest],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._session = session
        self._jobs = jobs
        self._requests = tuple(requests)
        self._plan: Plan | None = None
        self._asked: frozenset[bytes] = frozenset()
        self._work: Job | None = None
        self._undoing = False
        self._gone = False
        self._tally = _Tally(0)
        self._timer = QTimer(self)
        self._timer.setInterval(_POLL_MS)
        self._timer.timeout.connect(self._show_progress)
        self.setWindowTitle(self.tr("Remove"))
        self.resize(*_SIZE_PX)
        self.review = ReviewPage(requests, thumbs)
        self.review.changed.connect(self._replan)
        self.summary = SummaryPage()
        self._make_buttons()
        self._lay_out()
        self.finished.connect(self._on_finished)
        self._go(_State.REVIEW)
        self._replan()

    # -- planning ---------------------------------------------------------------------------------

    def _replan(self) -> None:
        session, requests, choices = self._session, self._requests, self.review.choices()
        self._plan = None
        self._update_button()
        self._jobs.start(
            "plan",
            lambda *_: session.plan_removal(
                requests,
                whole_groups=choices.whole,
                large=choices.large,
                fallback_volumes=choices.fallback,
                merge_metadata=choices.merge,
            ),
            lambda result: self._on_planned(choices, result),
        )

    def _on_planned(self, choices: Choices, result: JobResult[Plan]) -> None:
        if self._gone or choices != self.review.choices():
            return
        if not isinstance(result, Done):
            self._fail(result, self.tr("This could not be checked. Nothing was removed."))
            return
        plan = result.value
        paths = frozenset(item.victim.path for item in plan.items)
        if choices.large and not paths <= self._asked:
            self.review.ask_again()
        else:
            self.review.show_plan(plan, choices)
            if not choices.large:
                self._asked = paths
        if self.review.choices() != choices:
            self._replan()
            return
        self._plan = plan
        self._update_button()

    def _update_button(self) -> None:
        plan = self._plan
        ready = plan is not None and bool(plan.items) and not plan.needs_confirmation
        self.remove_button.setEnabled(ready)
        if plan is not None:
            count = formatting.number(len(plan.items))
            aside = any(item.fallback for item in plan.items)
            text = self.tr("Move {0}") if aside else self.tr("Move {0} to Trash")
            self.remove_button.setText(text.format(count) if plan.items else self.tr("Move"))
        role = "danger" if self.review.emptied.agreed.isChecked() else "primary"
        if self.remove_button.property("role") != role:
            self.remove_button.setProperty("role", role)
            self.remove_button.style().polish(self.remove_button)

    # -- removing ---------------------------------------------------------------------------------

    def _on_remove(self) -> None:
        plan, session = self._plan, self._session
        if plan is None or self._work is not None:
            return
        tally = self._tally = _Tally(len(plan.items))
        self._go(_State.WORK)
        self._show_progress()
        self._timer.start()
        self._work = self._jobs.start(
            "remove",
            lambda control, _: session.remove(plan, control, tally.note),
            lambda result: self._on_removed(plan, result),
        )

    def _show_progress(self) -> None:
        done, total = self._tally.done, self._tally.total
        self.bar.setRange(0, max(total, 1))
        self.bar.setValue(done)
        self._count.setText(
            self.tr("{0} of {1}").format(formatting.number(done), formatting.photos(total))
        )

    def _on_stop(self) -> None:
        if self._work is not None:
            self._work.cancel()
            self.stop_button.setEnabled(False)
            self._headline.setText(self.tr("Stopping after the photo at hand…"))

    def _on_removed(self, plan: Plan, result: JobResult[BatchResult]) -> None:
        self._timer.stop()
        self._work = None
        if not isinstance(result, Done):
            text = self.tr("The removal broke off. History shows what was moved.")
            self._fail(result, text)
            return
        self._batch = result.value.batch
        self.summary.show_removal(plan, result.value)
        self._go(_State.SUMMARY)
        self.undo_button.setVisible(bool(result.value.moved))
        if result.value.moved:
            self.removed.emit(result.value)

    def _on_undo(self) -> None:
        session, batch = self._session, self._batch
        self._undoing = True
        self.undo_button.setEnabled(False)
        self.close_button.setEnabled(False)
        self._jobs.start("undo", lambda *_: session.undo(batch), self._on_undone)

    def _on_undone(self, result: JobResult[UndoResult]) -> None:
        self._undoing = False
        self.close_button.setEnabled(True)
        if not isinstance(result, Done):
            self._fail(result, self.tr("Bringing back broke off. History shows what is back."))
            return
        self.summary.show_undo(result.value)
        self.undo_button.setVisible(False)
        self.undone.emit(result.value)

    def _fail(self, result: JobResult[object], otherwise: str) -> None:
        """`otherwise`: what to say if it was no fault of the environment."""
        text = str(result.error) if isinstance(result, Failed) else otherwise
        self.summary.show_error(text)
        self._go(_State.SUMMARY)
        self.undo_button.setVisible(False)

    # -- the window -------------------------------------------------------------------------------

    def reject(self) -> None:
        """Escape, Cancel and the window's own button; a removal under way is stopped first."""
        if self._work is not None:
            self._on_stop()
        elif not self._undoing:
            super().reject()

    def _on_finished(self) -> None:
        self._gone = True
        self.deleteLater()

    def _go(self, state: _State) -> None:
        self._pages.setCurrentIndex(state)
        for button, home in self._homes.items():
            button.setVisible(home is state)
        first = {
            _State.REVIEW: self.cancel_button,
            _State.WORK: self.stop_button,
            _State.SUMMARY: self.close_button,
        }[state]
        first.setDefault(True)
        first.setFocus()

    def _make_buttons(self) -> None:
        self.cancel_button = QPushButton(self.tr("Cancel"))
        self.cancel_button.clicked.connect(self.reject)
        self.remove_button = QPushButton(self.tr("Move"))
        self.remove_button.setProperty("role", "primary")
        self.remove_button.clicked.connect(self._on_remove)
        self.stop_button = QPushButton(self.tr("Stop"))
        self.stop_button.clicked.connect(self._on_stop)
        self.undo_button = QPushButton(self.tr("Undo"))
        self.undo_button.clicked.connect(self._on_undo)
        self.close_button = QPushButton(self.tr("Close"))
        self.close_button.clicked.connect(self.accept)
        icons.put(self.stop_button, "stop")
        icons.put(self.undo_button, "undo")
        self._homes = {
            self.cancel_button: _State.REVIEW,
            self.remove_button: _State.REVIEW,
            self.stop_button: _State.WORK,
            self.undo_button: _State.SUMMARY,
            self.close_button: _State.SUMMARY,
        }
        for button in self._homes:
            # Enter is for the default button alone: it must never reach the one that removes.
            button.setAutoDefault(False)

    def _lay_out(self) -> None:
        self._headline = QLabel(self.tr("Moving…"))
        self._headline.setProperty("role", "title")
        self.bar = QProgressBar(textVisible=False)
        self.bar.setAccessibleName(self.tr("Photos moved"))
        self._count = QLabel()
        self._count.setProperty("role", "secondary")
        work = QWidget()
        column = QVBoxLayout(work)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        for widget in (self._headline, self.bar, self._count):
            column.addWidget(widget)
        column.addStretch(1)
        self._pages = QStackedWidget()
        for page in (self.review, work, self.summary):
            self._pages.addWidget(page)
        row = QHBoxLayout()
        row.addStretch(1)
        for button in self._homes:
            row.addWidget(button)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(20, 18, 20, 16)
        outer.setSpacing(14)
        outer.addWidget(self._pages, 1)
        outer.addLayout(row)


class SummaryPage(QWidget):
    """What came of it: counts, the reasons of what stayed, or why nothing was done."""

    def __init__(self) -> None:
        super().__init__()
        self.title = QLabel(wordWrap=True)
        self.title.setProperty("role", "title")
        self.note = QLabel(wordWrap=True)
        self.note.setProperty("role", "warning")
        self.merged = QLabel(wordWrap=True)
        self.merged.setProperty("role", "secondary")
        self.merged.hide()
        self.kept = Expander()
        self.restored = Expander()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        for widget in (self.title, self.merged, self.note, self.kept, self.restored):
            column.addWidget(widget)
        column.addStretch(1)

    def show_removal(self, plan: Plan, result: BatchResult) -> None:
        """A batch that came to its end or was stopped."""
        moved, kept, back = len(result.moved), result.refused, result.restored
        aside = any(item.fallback for item in plan.items)
        text = self.tr("{0} moved away") if aside else self.tr("{0} moved to the trash")
        self.title.setText(
            text.format(formatting.photos(moved)) if moved else self.tr("Nothing was removed")
        )
        planned = {item.victim.path for item in plan.items}
        reached = {each.path for each in result.moved} | {each.path for each in (*kept, *back)}
        note = result.stopped or ""
        merged = self.tr("Metadata was merged into {0}.")
        self.merged.setText(merged.format(formatting.photos(len(result.rewritten))))
        self.merged.setVisible(bool(result.rewritten))
        if missed := len(planned - reached):
            left = self.tr("{0} were not reached and stay.").format(formatting.photos(missed))
            note = f"{note} {left}".strip()
        self._set_note(note)
        self.kept.show_refusals(
            self.tr("Kept where they are: {0}").format(formatting.photos(len(kept))), kept
        )
        self.restored.show_refusals(
            self.tr("Brought back at once: {0}").format(formatting.photos(len(back))), back
        )

    def show_undo(self, result: UndoResult) -> None:
        """After everything was brought back, or nearly so."""
        self.title.setText(
            self.tr("{0} brought back").format(formatting.photos(len(result.restored)))
        )
        self._set_note("")
        self.merged.hide()
        self.kept.show_refusals(
            self.tr("Still in the trash: {0}").format(formatting.photos(len(result.failed))),
            result.failed,
        )
        self.restored.show_refusals("", ())

    def show_error(self, text: str) -> None:
        """Nothing more can be done here."""
        self.title.setText(self.tr("That did not work"))
        self._set_note(text)
        self.merged.hide()
        self.kept.show_refusals("", ())
        self.restored.show_refusals("", ())

    def _set_note(self, text: str) -> None:
        self.note.setText(text)
        self.note.setVisible(bool(text))
