# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""What can be undone of the marks: one change, done and taken back as a whole. Main thread."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol

from PySide6.QtGui import QUndoCommand

from imgdupe.records import Group, PhotoRecord, Verdict


@dataclass(frozen=True, slots=True)
class Change:
    """What a step sets; None takes an entry away."""

    verdicts: dict[PhotoRecord, Verdict | None] = field(default_factory=dict)
    keepers: dict[str, bytes | None] = field(default_factory=dict)
    emptied: dict[str, bool] = field(default_factory=dict)


class Doer(Protocol):
    """What carries the changes out: the marks."""

    def apply(self, change: Change) -> None: ...

    def part(self, group: Group, *, apart: bool) -> None: ...


class Step(QUndoCommand):
    """One change of marks."""

    def __init__(self, marks: Doer, text: str, before: Change, after: Change) -> None:
        super().__init__(text)
        self._marks = marks
        self._before = before
        self._after = after

    def redo(self) -> None:
        self._marks.apply(self._after)

    def undo(self) -> None:
        self._marks.apply(self._before)


class Parting(Step):
    """The photos of a group are not duplicates (`apart`), or are again."""

    def __init__(
        self,
        marks: Doer,
        text: str,
        changes: tuple[Change, Change],
        group: Group,
        *,
        apart: bool,
    ) -> None:
        super().__init__(marks, text, *changes)
        self._group = group
        self._apart = apart

    def redo(self) -> None:
        super().redo()
        self._marks.part(self._group, apart=self._apart)

    def undo(self) -> None:
        super().undo()
        self._marks.part(self._group, apart=not self._apart)
