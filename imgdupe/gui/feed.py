# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""Keeps the window's groups fresh.

Main thread. Asks the session's generation once a second and derives the groups in a job when it
changed, never two at once; now and then looks which folders are there.
"""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QObject, QTimer, Signal

from imgdupe.catalog.catalog import LibraryCounts, Root
from imgdupe.engine.session import Session
from imgdupe.gui import gc_guard
from imgdupe.gui.jobs import Done, Failed, JobResult, Jobs
from imgdupe.gui.models.folders import FolderRow, roles_of, summarise
from imgdupe.library import roots as library_roots
from imgdupe.records import Group

_POLL_MS = 1000
_LOOK_EVERY = 10


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The library at one moment. `parted`: what was called not duplicates."""

    groups: list[Group]
    parted: list[Group]
    counts: LibraryCounts
    roots: list[Root]
    folders: list[FolderRow]
    reclaimable_bytes: int


class Feed(QObject):
    """`changed` carries a `Snapshot`; `roots_changed` folders that went or came back."""

    changed = Signal(object)
    roots_changed = Signal(object)
    failed = Signal(str)

    def __init__(self, session: Session, jobs: Jobs, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._jobs = jobs
        self.shown: object = None
        """The stamp of the library whose groups were sent out last."""
        self._busy = False
        self._looking = False
        self._ticks = 0
        self._timer = QTimer(self)
        self._timer.setInterval(_POLL_MS)
        self._timer.timeout.connect(self._on_tick)
        self._timer.start()

    def stop(self) -> None:
        """Look no more; before the session closes."""
        self._timer.stop()

    def refresh(self) -> None:
        """Look now; does nothing while the last look is under way or nothing changed."""
        stamp = (self._session.generation, self._session.settings)
        if self._busy or stamp == self.shown:
            return
        self._busy = True
        session = self._session
        self._jobs.start("groups", lambda *_: (stamp, _look(session)), self._on_groups)

    def _on_tick(self) -> None:
        self.refresh()
        self._ticks += 1
        if self._ticks % _LOOK_EVERY == 0:
            self.look_at_roots()

    def _on_groups(self, result: JobResult[tuple[object, Snapshot]]) -> None:
        self._busy = False
        if isinstance(result, Done):
            self.shown, snapshot = result.value
            self.changed.emit(snapshot)
            gc_guard.spare_records()
        elif isinstance(result, Failed):
            # Said once; the next change of the library tries again.
            self.shown = (self._session.generation, self._session.settings)
            self.failed.emit(str(result.error))
        else:
            self._timer.stop()

    def look_at_roots(self) -> None:
        """Ask in a job which folders are there: an unplugged drive may take its time."""
        if self._looking:
            return
        self._looking = True
        session = self._session

        def work(*_: object) -> list[bytes]:
            return [
                root.path
                for root in session.roots()
                if library_roots.is_online(root.path, had_photos=root.photos > 0) != root.online
            ]

        self._jobs.start("look at folders", work, self._on_roots)

    def _on_roots(self, result: JobResult[list[bytes]]) -> None:
        self._looking = False
        if isinstance(result, Done) and result.value:
            self.roots_changed.emit(result.value)


def _look(session: Session) -> Snapshot:
    """In a job: everything that the window shows of the library."""
    groups, roots, settings = session.groups(), session.roots(), session.settings
    folders = summarise(roots, groups, roles_of(settings))
    reclaimable = sum(group.reclaimable_bytes for group in groups)
    return Snapshot(groups, session.parted(), session.counts(), roots, folders, reclaimable)
