# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""The pages of the settings that change something. Main thread."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from PySide6.QtCore import Qt
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLabel, QSpinBox

from imgdupe.catalog.settings import Settings, Theme
from imgdupe.gui.dialogs.page_parts import Choice, Page, heading, hint
from imgdupe.gui.dialogs.path_list import FolderList, TextList
from imgdupe.gui.dialogs.rule_list import RuleList
from imgdupe.records import Strictness

_MOST_WORKERS = 256
_EXAMPLE_PX = 150
_THEMES: dict[str, Theme] = {"dark": "dark", "light": "light", "system": "system"}


class ScanningPage(Page):
    """What is read, and how."""

    def __init__(self, settings: Settings) -> None:
        super().__init__(self.tr("Scanning"))
        self.excludes = TextList(
            settings.excludes, self.tr("Patterns left out"), self.tr("such as *.tmp or _old")
        )
        self.hidden = QCheckBox(self.tr("Look into hidden folders too"))
        self.hidden.setChecked(settings.include_hidden)
        self.awake = QCheckBox(self.tr("Keep the computer awake during a scan"))
        self.awake.setChecked(settings.keep_awake)
        self.workers = QSpinBox()
        self.workers.setRange(0, _MOST_WORKERS)
        self.workers.setSpecialValueText(self.tr("one per processor core"))
        self.workers.setValue(settings.workers)
        self.workers.setMinimumWidth(200)
        self.workers.setAccessibleName(self.tr("Pictures read at the same time"))
        workers = QHBoxLayout()
        label = QLabel(self.tr("Pictures read at the same time"))
        label.setBuddy(self.workers)
        workers.addWidget(label)
        workers.addWidget(self.workers)
        workers.addStretch(1)
        self.column.addWidget(hint(self.tr("Files and folders whose names match are left out:")))
        self.column.addWidget(self.excludes, 1)
        self.column.addWidget(self.hidden)
        self.column.addWidget(self.awake)
        self.column.addLayout(workers)

    def changed(self, settings: Settings) -> Settings:
        return replace(
            settings,
            excludes=self.excludes.values(),
            include_hidden=self.hidden.isChecked(),
            keep_awake=self.awake.isChecked(),
            workers=self.workers.value(),
        )


@dataclass(frozen=True, slots=True)
class PairShown:
    """An example: thumbnails as JPEG bytes (None: none to be had), and what the pair is."""

    left: bytes | None
    right: bytes | None
    words: str


class MatchingPage(Page):
    """How sure a pair must be, with the least sure pair of the library as the example."""

    def __init__(self, settings: Settings) -> None:
        super().__init__(self.tr("Matching"))
        self._examples: Mapping[Strictness, PairShown] = {}
        self.column.addWidget(
            hint(
                self.tr(
                    "How sure imgdupe must be before photos become a group. Identical files are "
                    "always found. Changing this needs no new scan."
                )
            )
        )
        self.strictness = Choice(self.column, self._rows(), settings.strictness)
        self.strictness.buttonToggled.connect(lambda _button, _on: self._show_example())
        self._pictures = (QLabel(), QLabel())
        self._words = hint("")
        row = QHBoxLayout()
        for picture in self._pictures:
            picture.setFixedSize(_EXAMPLE_PX * 3 // 2, _EXAMPLE_PX)
            picture.setAlignment(Qt.AlignmentFlag.AlignCenter)
            row.addWidget(picture)
        row.addStretch(1)
        self.column.addSpacing(8)
        self.column.addWidget(self._words)
        self.column.addLayout(row)
        self.column.addStretch(1)

    def show_examples(self, examples: Mapping[Strictness, PairShown]) -> None:
        """Pairs of the user's own library, once they are found."""
        self._examples = examples
        self._show_example()

    def changed(self, settings: Settings) -> Settings:
        return replace(settings, strictness=Strictness(self.strictness.value()))

    def _show_example(self) -> None:
        example = self._examples.get(Strictness(self.strictness.value()))
        for label, data in zip(
            self._pictures, (example.left, example.right) if example else (), strict=False
        ):
            picture = QPixmap()
            if data is not None and picture.loadFromData(data):
                label.setPixmap(self._fitted(picture))
        for label in self._pictures:
            label.setVisible(example is not None)
        self._words.setText(
            self.tr("The least sure pair of your library that this calls copies: {0}").format(
                example.words
            )
            if example
            else ""
        )

    def _fitted(self, picture: QPixmap) -> QPixmap:
        ratio = self.devicePixelRatioF()
        fitted = picture.scaled(
            self._pictures[0].size() * ratio,
            Qt.AspectRatioMode.KeepAspectRatio,
            Qt.TransformationMode.SmoothTransformation,
        )
        fitted.setDevicePixelRatio(ratio)
        return fitted

    def _rows(self) -> tuple[tuple[str, str, str], ...]:
        return (
            (
                Strictness.STRICT,
                self.tr("Strict"),
                self.tr("Only what is almost certainly the same picture. Misses heavy edits."),
            ),
            (
                Strictness.NORMAL,
                self.tr("Normal"),
                self.tr("Resized, re-saved, cropped, turned and toned copies; few strangers."),
            ),
            (
                Strictness.LOOSE,
                self.tr("Loose"),
                self.tr("Doubtful pairs too. More to find, and more to look through."),
            ),
        )


class KeeperPage(Page):
    """Which photo of a group is suggested to stay."""

    def __init__(self, settings: Settings) -> None:
        super().__init__(self.tr("Keeper rules"))
        self.rules = RuleList(settings.keeper_order)
        self.preferred = FolderList(settings.preferred, self.tr("Preferred folders"))
        self.column.addWidget(
            hint(
                self.tr(
                    "Suggested to stay is the photo that… The first rule that tells photos apart "
                    "decides. A damaged photo is never suggested over a sound one."
                )
            )
        )
        self.column.addWidget(self.rules, 3)
        self.column.addWidget(heading(self.tr("Preferred folders")))
        self.column.addWidget(self.preferred, 2)

    def changed(self, settings: Settings) -> Settings:
        return replace(settings, keeper_order=self.rules.order(), preferred=self.preferred.values())


class RemovingPage(Page):
    """What never goes, and where the rest goes."""

    def __init__(self, settings: Settings) -> None:
        super().__init__(self.tr("Removing"))
        self.protected = FolderList(settings.protected, self.tr("Protected folders"))
        self.ignored = FolderList(settings.ignored, self.tr("Ignored folders"))
        self.column.addWidget(
            hint(
                self.tr(
                    "Photos go to the system's trash, or to a folder on their own drive where it "
                    "has none; imgdupe deletes nothing. Every removal can be undone in the history "
                    "until the trash is emptied."
                )
            )
        )
        self.column.addWidget(heading(self.tr("Protected folders")))
        self.column.addWidget(hint(self.tr("Nothing in here is ever removed, whatever is marked.")))
        self.column.addWidget(self.protected, 1)
        self.column.addWidget(heading(self.tr("Ignored folders")))
        self.column.addWidget(hint(self.tr("Photos in here take no part in the groups.")))
        self.column.addWidget(self.ignored, 1)

    def changed(self, settings: Settings) -> Settings:
        return replace(settings, protected=self.protected.values(), ignored=self.ignored.values())


class AppearancePage(Page):
    """How the window looks."""

    def __init__(self, settings: Settings) -> None:
        super().__init__(self.tr("Appearance"))
        rows = (
            ("dark", self.tr("Dark"), self.tr("Neutral greys that leave the photos alone.")),
            ("light", self.tr("Light"), self.tr("For bright rooms.")),
            ("system", self.tr("As the system"), self.tr("Follows the desktop's own choice.")),
        )
        self.theme = Choice(self.column, rows, settings.theme)
        self.column.addStretch(1)

    def changed(self, settings: Settings) -> Settings:
        return replace(settings, theme=_THEMES[self.theme.value()])
