# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""A report for the developers tells what happened and no name of a folder or picture."""

from __future__ import annotations

import json
import os
import sys
import zipfile
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from imgdupe.engine.session import Session
from imgdupe.errors import UserError
from imgdupe.gui.jobs import Jobs
from imgdupe.gui.problem_report import Veil, write_report
from imgdupe.gui.reporting import Reporting
from imgdupe.gui.views.main_window import MainWindow

_SECRETS = ("anna", "Lisbon", "tram", "divorce", "NAS")


@pytest.mark.parametrize(
    "line",
    [
        "WARNING x: /home/anna/My Pictures/Lisbon trip/tram 1.jpg: truncated",
        "OSError: [Errno 2] No such file: '/media/NAS/divorce papers/a b.pdf'",
        'cannot read "/photos/Lisbon/tram.CR3", trying again',
        "tram.jpeg cannot be read; Lisbon-2.HEIC neither",
        r"C:\Users\anna\Pictures\Lisbon\tram.jpg is gone",
        "moved /photos/tram dir/x.tif to /photos/.Trash-0/files/tram.tif",
        "file:///home/anna/tram.png dropped",
    ],
)
def test_no_name_shows_through(line: str) -> None:
    text = Veil([b"/photos", b"/home/anna/My Pictures"]).over(line)
    assert not [each for each in _SECRETS if each in text], text
    assert "<path " in text


def test_what_is_no_path_stays() -> None:
    veil = Veil([b"/photos"])
    ours = Path(__file__).resolve().parents[2] / "imgdupe" / "gui" / "feed.py"
    text = f'File "{ours}", line 72, in _look\n212 photos/s, 3 of 5 (60 %)\n{sys.prefix}/lib/x.py'
    assert veil.over(text) == (
        'File "{imgdupe}/imgdupe/gui/feed.py", line 72, in _look\n212 photos/s, 3 of 5 (60 %)\n'
        "{python}/lib/x.py"
    )
    assert veil.over("/photos/a.jpg") == veil.over("/photos/a.jpg")
    assert veil.over("/photos/a.jpg") != Veil([b"/photos"]).over("/photos/a.jpg")


def test_the_report_of_a_library(qtbot: QtBot, jobs: Jobs, tmp_path: Path) -> None:
    with Session.open(tmp_path / "data") as session:
        odd = os.fsencode(tmp_path) + b"/tram \xe9.jpg"
        (session.paths.log / "imgdupe.log").write_bytes(
            b"INFO x: scanned " + odd + b"\nINFO done\n"
        )
        window = MainWindow(tmp_path / "window.ini")
        qtbot.addWidget(window)
        target = tmp_path / "report.zip"
        Reporting(session, jobs, window).write(target)
        qtbot.waitUntil(lambda: bool(window.banners.banners()), timeout=60_000)
        assert "Nothing was sent anywhere" in window.banners.banners()[0].label.text()
        with zipfile.ZipFile(target) as report:
            about = json.loads(report.read("about.json"))
            log = report.read("imgdupe.log").decode()
        assert about["counts"]["photos"] == 0
        assert about["settings"]["theme"] == "dark"
        assert "tram" not in log
        assert "INFO done" in log
        with pytest.raises(UserError, match="Choose another place"):
            write_report(session, tmp_path / "nowhere" / "report.zip")
