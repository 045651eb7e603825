# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QLineEdit, QListWidget, QPlainTextEdit, QSpinBox, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from imgdupe.gui import review_keys
from imgdupe.gui.actions import Actions, key_sheet
from imgdupe.gui.views.main_window import MainWindow
from tests.helpers.windows import child, press

CONTROL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
NONE = Qt.KeyboardModifier.NoModifier
KEYS = [
    ("keys", Qt.Key.Key_Question, SHIFT),
    ("full_screen", Qt.Key.Key_F, NONE),
    ("paste", Qt.Key.Key_V, CONTROL),
    ("undo", Qt.Key.Key_Z, CONTROL),
    ("redo", Qt.Key.Key_Z, CONTROL | SHIFT),
    ("remove", Qt.Key.Key_Delete, CONTROL | SHIFT),
    ("add_folder", Qt.Key.Key_O, CONTROL),
    ("filter", Qt.Key.Key_F, CONTROL),
    ("settings", Qt.Key.Key_Comma, CONTROL),
    ("scan", Qt.Key.Key_F5, NONE),
]


@pytest.fixture
def window(qtbot: QtBot, tmp_path: Path) -> MainWindow:
    window = MainWindow(tmp_path / "window.ini")
    qtbot.addWidget(window)
    page = QWidget()
    column = QVBoxLayout(page)
    for each in (QListWidget(), QLineEdit(), QPlainTextEdit(), QSpinBox()):
        column.addWidget(each)
    window.set_page("groups", page)
    # Only the keys are looked at here; what they do is tested elsewhere.
    window.actions_.full_screen.triggered.disconnect()
    window.show()
    qtbot.waitActive(window).__enter__()
    return window


def _fired(qtbot: QtBot, window: MainWindow, target: QWidget) -> set[str]:
    """The names of the actions whose keys work while `target` has the focus."""
    fired: set[str] = set()
    for name, _, _ in KEYS:
        action: QAction = getattr(window.actions_, name)
        action.triggered.connect(lambda *_, name=name: fired.add(name))
    target.setFocus()
    for _, key, modifiers in KEYS:
        press(target, key, modifiers)
    return fired


def test_every_key_works_over_photos(qtbot: QtBot, window: MainWindow) -> None:
    fired = _fired(qtbot, window, child(window, QListWidget))
    assert fired == {name for name, _, _ in KEYS}


@pytest.mark.parametrize("field", [QLineEdit, QPlainTextEdit, QSpinBox])
def test_no_photo_key_fires_in_a_text_field(
    qtbot: QtBot, window: MainWindow, field: type[QWidget]
) -> None:
    fired = _fired(qtbot, window, child(window, field))
    assert fired <= {"add_folder", "filter", "settings", "scan"}


def test_keys_come_back_after_the_text_field(qtbot: QtBot, window: MainWindow) -> None:
    child(window, QLineEdit).setFocus()
    assert window.actions_.undo.shortcuts() == []
    assert "keys" in _fired(qtbot, window, child(window, QListWidget))


def test_tab_hides_panels_over_photos_and_moves_on_elsewhere(
    qtbot: QtBot, window: MainWindow
) -> None:
    photos, field = child(window, QListWidget), child(window, QLineEdit)
    photos.setFocus()
    press(photos, Qt.Key.Key_Tab)
    assert not window.rail.isVisible()
    press(photos, Qt.Key.Key_Tab)
    assert window.rail.isVisible()
    field.setFocus()
    press(field, Qt.Key.Key_Tab)
    assert window.rail.isVisible()
    assert not field.hasFocus()


def test_views_have_numbers(qtbot: QtBot, window: MainWindow) -> None:
    photos = child(window, QListWidget)
    photos.setFocus()
    press(photos, Qt.Key.Key_4, CONTROL)
    assert window.view == "history"


def test_every_action_has_words(window: MainWindow) -> None:
    texts = [each.text() for each in window.actions() if not each.isSeparator()]
    assert len(texts) > 10
    assert all(texts)


def test_the_sheet_names_every_key_that_does_something(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    actions = Actions(window)
    sheet = " ".join(line.keys for _, lines in key_sheet() for line in lines)
    named = set(sheet.replace(",", " ").replace("…", " ").split())
    arrows = {
        "Left": "←",
        "Right": "→",
        "Up": "↑",
        "Down": "↓",
        "Return": "Enter",
        "PgDown": "PgDn",
    }
    wanted = {
        (prefix, QKeySequence(key).toString())
        for prefix, table in (
            ("", review_keys._PLAIN),
            ("Shift+", review_keys._SHIFTED),
            ("Ctrl+", review_keys._WITH_CTRL),
        )
        for key in table
    }
    missing = [
        prefix + key
        for prefix, key in wanted
        if prefix + arrows.get(key, key) not in named
        # "Ctrl+PgUp PgDn": the second one without its prefix
        and not (prefix + "PgUp" in named and key == "PgDown")
    ]
    assert missing == []
    every = [each for each in vars(actions).values() if isinstance(each, QAction)]
    shortcuts = [key.toString() for each in every for key in each.shortcuts()]
    assert len(shortcuts) > 10
    assert [key for key in shortcuts if key not in sheet and key != "Shift+?"] == []
