# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
from __future__ import annotations

from dataclasses import fields, replace
from pathlib import Path

import pytest
from PySide6.QtWidgets import QDialogButtonBox, QLabel, QLineEdit, QRadioButton
from pytestqt.qtbot import QtBot

from imgdupe.catalog.paths import Paths
from imgdupe.catalog.settings import Settings
from imgdupe.gui.dialogs.path_list import FolderList, TextList
from imgdupe.gui.dialogs.settings import SettingsDialog
from imgdupe.gui.dialogs.settings_pages import PairShown
from imgdupe.keeping import KeeperRule
from imgdupe.records import Strictness
from tests.helpers.groups import jpeg
from tests.helpers.windows import button, child, click, write

FULL = Settings(
    folders=("/photos",),
    excludes=("*.tmp", "_old"),
    protected=("/photos/originals",),
    preferred=("/photos/\udcff",),
    strictness=Strictness.LOOSE,
    theme="light",
    workers=3,
    include_hidden=True,
    keep_awake=False,
    hints_seen=("welcome",),
    ignored=("/photos/web",),
    keeper_order=(KeeperRule.OLDEST, KeeperRule.RAW),
    model="/models/mine",
)
PATHS = Paths(Path("/nowhere"), Path("/nowhere"), Path("/nowhere"), Path("/nowhere"))
# Kept elsewhere: the library's own page, and hints that were shown once.
NOT_SHOWN = {"folders", "hints_seen"}


@pytest.mark.parametrize("settings", [Settings(), FULL])
def test_unchanged_settings_come_back_as_they_were(qtbot: QtBot, settings: Settings) -> None:
    dialog = SettingsDialog(settings, PATHS)
    qtbot.addWidget(dialog)
    assert dialog.values() == settings


def test_every_field_can_be_changed(qtbot: QtBot) -> None:
    dialog = SettingsDialog(replace(FULL, hints_seen=(), folders=()), PATHS)
    qtbot.addWidget(dialog)
    for group in (dialog.matching.strictness, dialog.appearance.theme):
        next(each for each in group.buttons() if not each.isChecked()).setChecked(True)
    for box in (dialog.scanning.hidden, dialog.scanning.awake):
        box.toggle()
    dialog.scanning.workers.setValue(7)
    for each in (
        dialog.scanning.excludes,
        dialog.keeping.preferred,
        dialog.removing.protected,
        dialog.removing.ignored,
    ):
        each.add("/more")
    dialog.keeping.rules.down.click()
    dialog.model.choose("/models/other")
    changed = dialog.values()
    same = {
        field.name
        for field in fields(Settings)
        if getattr(changed, field.name) == getattr(FULL, field.name)
    }
    assert same <= NOT_SHOWN


def test_nothing_is_saved_before_save(qtbot: QtBot) -> None:
    dialog = SettingsDialog(Settings(), PATHS)
    saved: list[Settings] = []
    dialog.saved.connect(saved.append)
    dialog.open()
    child(dialog, QDialogButtonBox).button(QDialogButtonBox.StandardButton.Cancel).click()
    assert saved == []
    again = SettingsDialog(Settings(), PATHS)
    again.saved.connect(saved.append)
    again.open()
    strict = next(each for each in again.findChildren(QRadioButton) if each.text() == "Strict")
    strict.click()
    child(again, QDialogButtonBox).button(QDialogButtonBox.StandardButton.Save).click()
    assert saved == [Settings(strictness=Strictness.STRICT)]


def test_words_are_added_typed_or_taken_away(qtbot: QtBot) -> None:
    words = TextList(("a",), "Words", "such as")
    qtbot.addWidget(words)
    field = child(words, QLineEdit)
    write(field, " b ")
    assert words.values() == ("a", "b")
    click(button(words, "Add"))
    assert words.values() == ("a", "b")
    assert field.text() == ""
    words._list.setCurrentRow(0)
    click(button(words, "Remove"))
    assert words.values() == ("b",)


def test_folders_keep_bytes_that_are_no_text(qtbot: QtBot) -> None:
    folders = FolderList(("/caf\udce9",), "Folders")
    qtbot.addWidget(folders)
    assert folders.values() == ("/caf\udce9",)
    assert folders._list.item(0).text() == "/caf�"


def test_the_example_follows_the_strictness(qtbot: QtBot) -> None:
    dialog = SettingsDialog(Settings(), PATHS)
    qtbot.addWidget(dialog)
    dialog.open()
    dialog.open_page("matching")
    page = dialog.matching
    assert page._words.text() == ""
    page.show_examples(
        {
            Strictness.NORMAL: PairShown(jpeg(), jpeg(), "76 % edited"),
            Strictness.LOOSE: PairShown(None, jpeg(), "51 % edited"),
        }
    )
    assert page._words.text().endswith("76 % edited")
    assert page._pictures[0].isVisible()
    button(dialog, "Loose").click()
    assert page._words.text().endswith("51 % edited")
    button(dialog, "Strict").click()
    assert not page._pictures[0].isVisible()


def test_storage_and_model_tell_what_is_there(qtbot: QtBot, tmp_path: Path) -> None:
    (tmp_path / "catalog.db").write_bytes(bytes(3_000_000))
    dialog = SettingsDialog(Settings(), replace(PATHS, data=tmp_path))
    qtbot.addWidget(dialog)
    texts = [each.text() for each in dialog.findChildren(QLabel)]
    assert "Library  ·  3.00 MB" in texts
    assert any("256 numbers each" in text for text in texts)
    dialog.model.choose(str(tmp_path))
    assert any("card.json" in each.text() for each in dialog.model.findChildren(QLabel))
    assert dialog.values().model == str(tmp_path)
