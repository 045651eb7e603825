# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QByteArray, QMimeData, QPointF, Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication, QImage
from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot

from imgdupe.gui.views.main_window import MainWindow
from tests.helpers.windows import child


@pytest.fixture
def window(qtbot: QtBot, tmp_path: Path) -> MainWindow:
    window = MainWindow(tmp_path / "window.ini")
    qtbot.addWidget(window)
    window.show()
    return window


def _drop(window: MainWindow, mime: QMimeData) -> None:
    copy, left, none = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier(0)
    enter = QDragEnterEvent(QPointF(400, 300).toPoint(), copy, mime, left, none)
    window.dragEnterEvent(enter)
    assert enter.isAccepted()
    assert window._overlay.isVisible()
    window.dropEvent(QDropEvent(QPointF(400, 300), copy, mime, left, none))
    assert not window._overlay.isVisible()


def test_folders_and_files_can_be_dropped_anywhere(qtbot: QtBot, window: MainWindow) -> None:
    mime = QMimeData()
    mime.setData("text/uri-list", QByteArray(b"file:///photos/caf%E9\r\nfile:///x.jpg\r\n"))
    with qtbot.waitSignal(window.paths_dropped) as dropped:
        _drop(window, mime)
    assert dropped.args == [[b"/photos/caf\xe9", b"/x.jpg"]]


def test_a_picture_can_be_dropped(qtbot: QtBot, window: MainWindow) -> None:
    mime = QMimeData()
    mime.setImageData(QImage(4, 4, QImage.Format.Format_RGB32))
    with qtbot.waitSignal(window.picture_dropped):
        _drop(window, mime)


def test_texts_are_not_accepted(window: MainWindow) -> None:
    mime = QMimeData()
    mime.setText("hello")
    event = QDragEnterEvent(
        QPointF(400, 300).toPoint(),
        Qt.DropAction.CopyAction,
        mime,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier(0),
    )
    event.ignore()
    window.dragEnterEvent(event)
    assert not event.isAccepted()


def test_a_copied_picture_is_pasted(qtbot: QtBot, window: MainWindow) -> None:
    picture = QImage(4, 4, QImage.Format.Format_RGB32)
    picture.fill(0xFF112233)
    QGuiApplication.clipboard().setImage(picture)
    with qtbot.waitSignal(window.picture_dropped):
        window.paste()


def test_a_web_address_is_not_fetched_but_explained(window: MainWindow) -> None:
    QGuiApplication.clipboard().setText("https://example.org/a.jpg")
    window.paste()
    assert "never uses the network" in window.banners.banners()[0].label.text()


def test_view_and_size_come_back(qtbot: QtBot, tmp_path: Path) -> None:
    first = MainWindow(tmp_path / "window.ini")
    first.resize(820, 600)
    first.show_view("history")
    first.close()
    second = MainWindow(tmp_path / "window.ini")
    qtbot.addWidget(second)
    assert second.view == "history"
    assert (second.width(), second.height()) == (820, 600)
    first.deleteLater()


def test_a_view_that_was_remembered_and_is_no_more_is_the_groups(
    qtbot: QtBot, tmp_path: Path
) -> None:
    (tmp_path / "window.ini").write_text("[General]\nview=map\ngeometry=rubbish\n")
    window = MainWindow(tmp_path / "window.ini")
    qtbot.addWidget(window)
    assert window.view == "groups"


def test_pages_take_the_place_of_preparing(qtbot: QtBot, window: MainWindow) -> None:
    page = QLabel("the groups")
    window.set_page("groups", page)
    assert window.pages.currentWidget() is page
    window.show_view("search")
    assert window.pages.currentWidget() is window._preparing


def test_trouble_offers_one_way_on(qtbot: QtBot, window: MainWindow) -> None:
    pressed: list[bool] = []
    window.show_trouble("Busy", "Close the other one.", "Try again", lambda: pressed.append(True))
    window._preparing.button.click()
    assert pressed == [True]


def test_messages_replace_their_older_selves_and_go(qtbot: QtBot, window: MainWindow) -> None:
    pressed: list[bool] = []
    window.notify("one", key="k")
    window.notify("two", "error", "Undo", lambda: pressed.append(True), key="k")
    window.notify("three")
    assert [each.label.text() for each in window.banners.banners()] == ["two", "three"]
    child(window.banners.banners()[0], QPushButton).click()
    assert pressed == [True]
    assert [each.label.text() for each in window.banners.banners()] == ["three"]
    window.banners.clear("three")
    assert window.banners.banners() == []
