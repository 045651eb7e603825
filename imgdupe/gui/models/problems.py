# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""The files without a result, and their reasons in words. Main thread."""

from __future__ import annotations

import os
from collections.abc import Iterable

from PySide6.QtCore import QCoreApplication

from imgdupe.gui import formatting
from imgdupe.gui.models.tables import Column, TableModel
from imgdupe.records import Problem, ProblemKind

translate = QCoreApplication.translate


def reason(kind: ProblemKind) -> str:
    """Why a file has no result, in a word or two."""
    return {
        ProblemKind.NOT_FOUND: translate("problem", "Not found"),
        ProblemKind.NO_ACCESS: translate("problem", "No permission"),
        ProblemKind.NOT_AN_IMAGE: translate("problem", "Not a picture"),
        ProblemKind.UNSUPPORTED: translate("problem", "Unknown format"),
        ProblemKind.TRUNCATED: translate("problem", "Incomplete file"),
        ProblemKind.DAMAGED: translate("problem", "Damaged file"),
        ProblemKind.TOO_LARGE: translate("problem", "Too large"),
        ProblemKind.TOO_SLOW: translate("problem", "Took too long"),
        ProblemKind.ONLINE_ONLY: translate("problem", "Online only"),
        ProblemKind.CHANGED: translate("problem", "Changed while reading"),
        ProblemKind.CRASHED: translate("problem", "Crashed the reader"),
        ProblemKind.OTHER: translate("problem", "Unreadable"),
    }[kind]


class ProblemsModel(TableModel[Problem]):
    """Reason, name, folder, details."""

    def __init__(self) -> None:
        super().__init__(
            (
                Column(translate("problem", "Reason"), lambda row: reason(row.kind)),
                Column(
                    translate("problem", "File"),
                    lambda row: formatting.path(os.path.basename(row.path)),
                    tip=lambda row: formatting.path(row.path),
                ),
                Column(
                    translate("problem", "Folder"),
                    lambda row: formatting.home_path(os.path.dirname(row.path)),
                    tip=lambda row: formatting.path(row.path),
                ),
                Column(translate("problem", "Details"), lambda row: row.detail),
            )
        )


def as_text(problems: Iterable[Problem]) -> str:
    """One line per file, for pasting elsewhere."""
    return "\n".join(
        f"{reason(each.kind)}\t{formatting.path(each.path)}\t{each.detail}" for each in problems
    )
