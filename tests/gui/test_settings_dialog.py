# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
from __future__ import annotations

from dataclasses import fields, replace

import pytest
from PySide6.QtWidgets import QDialogButtonBox, QLineEdit, QRadioButton
from pytestqt.qtbot import QtBot

from imgdupe.catalog.settings import Settings
from imgdupe.gui.dialogs.path_list import FolderList, TextList
from imgdupe.gui.dialogs.settings import SettingsDialog
from imgdupe.records import Strictness
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
)
# Kept elsewhere: the library's own page, and hints that were shown once.
NOT_SHOWN = {"folders", "hints_seen"}


@pytest.mark.parametrize("settings", [Settings(), FULL])
def test_unchanged_settings_come_back_as_they_were(qtbot: QtBot, settings: Settings) -> None:
    dialog = SettingsDialog(settings)
    qtbot.addWidget(dialog)
    assert dialog.values() == settings


def test_every_field_can_be_changed(qtbot: QtBot) -> None:
    dialog = SettingsDialog(replace(FULL, hints_seen=(), folders=()))
    qtbot.addWidget(dialog)
    for group in (dialog._strictness, dialog._theme):
        next(each for each in group.buttons() if not each.isChecked()).setChecked(True)
    for box in (dialog._hidden, dialog._awake):
        box.toggle()
    dialog._workers.setValue(7)
    for each in (dialog._excludes, dialog._preferred, dialog._protected):
        each.add("/more")
    changed = dialog.values()
    same = {
        field.name
        for field in fields(Settings)
        if getattr(changed, field.name) == getattr(FULL, field.name)
    }
    assert same <= NOT_SHOWN


def test_nothing_is_saved_before_save(qtbot: QtBot) -> None:
    dialog = SettingsDialog(Settings())
    saved: list[Settings] = []
    dialog.saved.connect(saved.append)
    dialog.open()
    child(dialog, QDialogButtonBox).button(QDialogButtonBox.StandardButton.Cancel).click()
    assert saved == []
    again = SettingsDialog(Settings())
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
