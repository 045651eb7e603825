# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""S7: every removal, and the way back. Nothing here removes anything.

Main thread; reading the journal and bringing files back run in jobs.
"""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from imgdupe.engine.session import Session
from imgdupe.gui import formatting, icons
from imgdupe.gui.desktop import reveal
from imgdupe.gui.jobs import Done, Failed, JobResult, Jobs
from imgdupe.gui.models.history import (
    RemovedModel,
    headline,
    is_gone,
    state_line,
    undoable,
    waiting,
    when,
)
from imgdupe.gui.views.empty import EmptyState
from imgdupe.gui.views.table import Table
from imgdupe.removal.journal import Batch, BatchItem
from imgdupe.removal.undo import UndoResult


class HistoryView(QWidget):
    """`undone` brings an `UndoResult`, `failed` a text."""

    undone = Signal(object)
    failed = Signal(str)

    def __init__(self, session: Session, jobs: Jobs, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._jobs = jobs
        self._batches: list[Batch] = []
        self._busy = False
        self._list = QListWidget()
        self._list.setAccessibleName(self.tr("Removals"))
        self._list.currentRowChanged.connect(self._on_chosen)
        self._model = RemovedModel()
        self.table: Table[BatchItem] = Table(self._model, self.tr("Photos of this removal"))
        self.table.size_columns([150, 190, 80, 130, 300], 4)
        self.table.selectionModel().selectionChanged.connect(self._update_buttons)
        self._title = QLabel()
        self._title.setProperty("role", "title")
        self._note = QLabel(wordWrap=True)
        self._note.setProperty("role", "secondary")
        self.undo_all = QPushButton(self.tr("Undo all"))
        self.undo_all.setProperty("role", "primary")
        self.undo_all.clicked.connect(lambda: self._undo(None))
        self.undo_selected = QPushButton(self.tr("Undo selected"))
        self.undo_selected.clicked.connect(self._on_undo_selected)
        icons.put(self.undo_selected, "undo")
        self.show_trash = QPushButton(self.tr("Show in trash"))
        self.show_trash.clicked.connect(self._on_show)
        icons.put(self.show_trash, "reveal")
        self._lay_out()
        self._update_buttons()

    # -- content ----------------------------------------------------------------------------------

    def refresh(self) -> None:
        """Read the journal in a job."""
        self._jobs.start("history", lambda *_: self._session.history(), self._on_history)

    def _on_history(self, result: JobResult[list[Batch]]) -> None:
        if isinstance(result, Done):
            self.set_batches(result.value)
        elif isinstance(result, Failed):
            self.failed.emit(str(result.error))

    def set_batches(self, batches: list[Batch]) -> None:
        """Show these, the newest first; the chosen one stays chosen."""
        chosen = self._batch()
        self._batches = batches
        self._stack.setCurrentIndex(1 if batches else 0)
        self._list.blockSignals(True)
        self._list.clear()
        for batch in batches:
            text = f"{when(batch)}\n{headline(batch)}, {state_line(batch)}"
            self._list.addItem(QListWidgetItem(text))
        self._list.blockSignals(False)
        names = [batch.id for batch in batches]
        row = names.index(chosen.id) if chosen and chosen.id in names else 0
        self._list.setCurrentRow(row if batches else -1)
        self._on_chosen()

    def _batch(self) -> Batch | None:
        row = self._list.currentRow()
        return self._batches[row] if 0 <= row < len(self._batches) else None

    def _on_chosen(self) -> None:
        batch = self._batch()
        self._model.set_rows(batch.items if batch else [])
        self._title.setText(headline(batch) if batch else "")
        self._note.setText(self._note_for(batch) if batch else "")
        self._note.setProperty("role", "warning" if batch and waiting(batch) else "secondary")
        self._note.style().polish(self._note)
        self._update_buttons()

    def _note_for(self, batch: Batch) -> str:
        if needing := waiting(batch):
            return self.tr(
                "{0} could not be put back without you and wait in the trash, where they are safe. "
                "The list says what is in the way: move that elsewhere, then press Undo selected."
            ).format(formatting.photos(len(needing)))
        gone = [item for item in undoable(batch) if is_gone(item)]
        if gone:
            return self.tr(
                "{0} can no longer be brought back: the trash was emptied, or its volume is not "
                "there now."
            ).format(formatting.photos(len(gone)))
        if not undoable(batch):
            return self.tr("There is nothing left to bring back.")
        return self.tr("Everything can be brought back until the trash is emptied.")

    def _update_buttons(self) -> None:
        batch = self._batch()
        chosen = self.table.selected()
        self.undo_all.setEnabled(not self._busy and bool(batch and undoable(batch)))
        back = [each for each in chosen if each.undoable and not is_gone(each)]
        self.undo_selected.setEnabled(not self._busy and bool(back))
        self.show_trash.setEnabled(len(chosen) == 1 and chosen[0].trash_path is not None)

    # -- the way back -----------------------------------------------------------------------------

    def _on_undo_selected(self) -> None:
        self._undo([item.path for item in self.table.selected() if item.undoable])

    def _undo(self, paths: list[bytes] | None) -> None:
        batch = self._batch()
        if batch is not None and not self._busy:
            self.undo(batch.id, paths)

    def undo(self, batch_id: str, paths: list[bytes] | None = None) -> None:
        """Bring a batch or some of its photos back, in a job."""
        self._busy = True
        self._update_buttons()
        self._jobs.start("undo", lambda *_: self._session.undo(batch_id, paths), self._on_undone)

    def _on_undone(self, result: JobResult[UndoResult]) -> None:
        self._busy = False
        if isinstance(result, Done):
            self.undone.emit(result.value)
        elif isinstance(result, Failed):
            self.failed.emit(str(result.error))
        self.refresh()

    def _on_show(self) -> None:
        path = self.table.selected()[0].trash_path
        if path is not None:
            reveal(path)

    # -- layout -----------------------------------------------------------------------------------

    def _lay_out(self) -> None:
        self._list.setProperty("role", "batches")
        self._list.setMinimumWidth(210)
        self._list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._list.setWordWrap(True)
        empty = EmptyState(
            "history",
            self.tr("Nothing was removed yet"),
            self.tr("Every removal is written down here before it happens, and can be undone."),
        )
        splitter = QSplitter(Qt.Orientation.Horizontal)
        splitter.addWidget(self._list)
        splitter.addWidget(self._details())
        splitter.setStretchFactor(1, 1)
        splitter.setSizes([280, 900])
        splitter.setChildrenCollapsible(False)
        self._stack = QStackedWidget()
        self._stack.addWidget(empty)
        self._stack.addWidget(splitter)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self._stack)

    def _details(self) -> QWidget:
        details = QWidget()
        head = QHBoxLayout()
        head.addWidget(self._title, 1)
        for button in (self.show_trash, self.undo_selected, self.undo_all):
            head.addWidget(button)
        column = QVBoxLayout(details)
        column.setContentsMargins(18, 16, 18, 12)
        column.setSpacing(10)
        column.addLayout(head)
        column.addWidget(self._note)
        column.addWidget(self.table, 1)
        return details
