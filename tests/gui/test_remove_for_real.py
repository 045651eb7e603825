# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""The removal dialog over a scanned library: files move, get metadata, and come back."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from imgdupe.control import RunControl
from imgdupe.engine.session import Session
from imgdupe.gui.dialogs.remove import RemoveDialog
from imgdupe.gui.jobs import Jobs
from imgdupe.gui.thumbnails import Thumbnails
from imgdupe.library.packets import with_packet
from imgdupe.library.xmp import Xmp
from imgdupe.library.xmp_edit import EMPTY, edited
from imgdupe.progress import Counters
from imgdupe.records import Kind
from imgdupe.removal.plan import RemovalRequest
from tests.helpers.library import make_library


@pytest.fixture
def window(qtbot: QtBot) -> QWidget:
    widget = QWidget()
    qtbot.addWidget(widget)
    return widget


def test_what_only_the_copy_says_is_shown_merged_and_taken_back(
    tmp_path: Path, jobs: Jobs, window: QWidget, qtbot: QtBot
) -> None:
    made = make_library(tmp_path / "photos", photos=1, size=(320, 240))
    (pair,) = made.of_kind("identical")
    rated = with_packet(pair.copy.read_bytes(), edited(EMPTY, Xmp(rating=5, keywords=("tram",))))
    assert rated is not None
    pair.copy.write_bytes(rated)
    before = pair.original.read_bytes()
    with Session.open(tmp_path / "data") as session:
        session.scan([bytes(made.folder)], RunControl(), Counters(), workers=1)
        photos = {m.photo.path: m.photo for g in session.groups() for m in g.members}
        keeper, victim = photos[os.fsencode(pair.original)], photos[os.fsencode(pair.copy)]
        asked = RemovalRequest(victim, keeper, Kind.SAME_PIXELS, 1.0)
        thumbs = Thumbnails(session)
        dialog = RemoveDialog(session, jobs, thumbs, [asked], window)
        dialog.open()
        qtbot.waitUntil(dialog.remove_button.isEnabled)
        fields = dialog.review.merge.fields
        assert fields.button.text() == "To be merged: Rating 1, Keywords 1"
        assert "Keywords: tram" in fields.list.item(0).text()
        with qtbot.waitSignal(dialog.removed, timeout=20_000):
            dialog.remove_button.click()
        assert dialog.summary.merged.text() == "Metadata was merged into 1 photo."
        assert pair.original.read_bytes() != before
        with qtbot.waitSignal(dialog.undone):
            dialog.undo_button.click()
        assert pair.original.read_bytes() == before
        assert pair.copy.read_bytes() == rated
        dialog.accept()
        thumbs.close()


def test_with_a_real_library(tmp_path: Path, jobs: Jobs, window: QWidget, qtbot: QtBot) -> None:
    made = make_library(tmp_path / "photos", photos=1, size=(320, 240))
    (pair,) = made.of_kind("identical")
    with Session.open(tmp_path / "data") as session:
        session.scan([bytes(made.folder)], RunControl(), Counters(), workers=1)
        (group,) = [each for each in session.groups() if each.kind is Kind.IDENTICAL]
        keeper, victim = group.members
        asked = RemovalRequest(victim.photo, keeper.photo, victim.kind, victim.probability)
        thumbs = Thumbnails(session)
        dialog = RemoveDialog(session, jobs, thumbs, [asked], window)
        dialog.open()
        qtbot.waitUntil(dialog.remove_button.isEnabled)
        with qtbot.waitSignal(dialog.removed, timeout=20_000):
            dialog.remove_button.click()
        assert {pair.original.exists(), pair.copy.exists()} == {True, False}
        with qtbot.waitSignal(dialog.undone):
            dialog.undo_button.click()
        assert pair.original.read_bytes() == pair.copy.read_bytes()
        dialog.accept()
        thumbs.close()
