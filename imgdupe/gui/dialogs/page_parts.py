# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""What the pages of the settings are made of. Main thread."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QButtonGroup, QLabel, QRadioButton, QVBoxLayout, QWidget

from imgdupe.catalog.settings import Settings


class Page(QWidget):
    """One page: a title, and what is below it."""

    def __init__(self, title: str) -> None:
        super().__init__()
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(8)
        label = QLabel(title)
        label.setProperty("role", "title")
        self.column.addWidget(label)

    def changed(self, settings: Settings) -> Settings:
        """The settings as this page stands; most pages change some of them."""
        return settings


class Choice(QButtonGroup):
    """Radio buttons, each with the sentence that explains it."""

    def __init__(
        self, column: QVBoxLayout, rows: Sequence[tuple[str, str, str]], chosen: str
    ) -> None:
        """`rows`: value, name, explanation."""
        super().__init__(column)
        for value, name, text in rows:
            button = QRadioButton(name)
            button.setProperty("value", str(value))
            button.setChecked(value == chosen)
            button.setAccessibleDescription(text)
            self.addButton(button)
            explanation = hint(text)
            explanation.setIndent(28)
            column.addWidget(button)
            column.addWidget(explanation)

    def value(self) -> str:
        """What is chosen."""
        return next(str(each.property("value")) for each in self.buttons() if each.isChecked())


def heading(text: str) -> QLabel:
    """Above a part of a page."""
    label = QLabel(text)
    label.setProperty("role", "heading")
    return label


def hint(text: str) -> QLabel:
    """A sentence or two that explain."""
    label = QLabel(text, wordWrap=True)
    label.setProperty("role", "secondary")
    return label
