# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""What the user asks of the library's folders and settings: add, scan, forget, prefer, protect.

Main thread; what may take time runs in jobs. No file of the user's is touched here.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import QObject, Signal

from imgdupe.catalog.settings import Settings
from imgdupe.engine.session import Session
from imgdupe.errors import UserError
from imgdupe.gui.jobs import Failed, JobResult, Jobs
from imgdupe.gui.models.folders import Role
from imgdupe.gui.scanning import Scans
from imgdupe.keeping import KeeperRules


class Library(QObject):
    """`changed`: settings or folders did; `failed` brings a text for the user."""

    changed = Signal()
    failed = Signal(str)

    def __init__(
        self, session: Session, jobs: Jobs, scans: Scans, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._session = session
        self._jobs = jobs
        self._scans = scans

    @property
    def settings(self) -> Settings:
        return self._session.settings

    def keeper_rules(self) -> KeeperRules:
        """By what a keeper is suggested now."""
        return self._session.keeper_rules()

    def save(self, settings: Settings) -> None:
        """Store the settings; they hold from now on."""
        try:
            self._session.save_settings(settings)
        except UserError as error:
            self.failed.emit(str(error))
        self.changed.emit()

    def folders(self) -> list[bytes]:
        """Every folder of the library."""
        # The settings remember the folders even when the catalog had to start anew.
        remembered = map(os.fsencode, self.settings.folders)
        return list(dict.fromkeys([*(root.path for root in self._session.roots()), *remembered]))

    def add(self, folders: Sequence[bytes]) -> None:
        """Take folders in and scan them."""
        names = dict.fromkeys(os.fsdecode(each) for each in folders)
        added = tuple(each for each in names if each not in self.settings.folders)
        if added:
            self.save(replace(self.settings, folders=(*self.settings.folders, *added)))
        self._scans.scan(folders)

    def scan_all(self) -> None:
        """Scan every folder again."""
        self._scans.scan(self.folders())

    def retry(self, paths: Sequence[bytes]) -> None:
        """Scan the folders that hold these files again."""
        roots = self.folders()
        self._scans.scan([root for root in roots if any(_lies_in(path, root) for path in paths)])

    def forget(self, paths: Sequence[bytes]) -> None:
        """Take folders out of the library; their files stay."""
        gone = {os.fsdecode(path) for path in paths}
        kept = tuple(each for each in self.settings.folders if each not in gone)
        self.save(replace(self.settings, folders=kept))
        session = self._session

        def work(*_: object) -> None:
            for path in paths:
                session.forget_root(path)

        self._jobs.start("forget folders", work, self._on_forgotten)

    def _on_forgotten(self, result: JobResult[None]) -> None:
        if isinstance(result, Failed):
            self.failed.emit(str(result.error))
        self.changed.emit()

    def set_role(self, paths: Sequence[bytes], role: Role) -> None:
        """Say what folders mean to the suggestions and to removal."""
        names = {os.fsdecode(path) for path in paths}
        lists = {
            role: tuple(each for each in now if each not in names)
            for role, now in (
                (Role.PREFERRED, self.settings.preferred),
                (Role.PROTECTED, self.settings.protected),
                (Role.IGNORED, self.settings.ignored),
            )
        }
        if role in lists:
            lists[role] += tuple(sorted(names))
        self.save(
            replace(
                self.settings,
                preferred=lists[Role.PREFERRED],
                protected=lists[Role.PROTECTED],
                ignored=lists[Role.IGNORED],
            )
        )


def _lies_in(path: bytes, root: bytes) -> bool:
    return path.startswith(os.path.join(root, b""))
