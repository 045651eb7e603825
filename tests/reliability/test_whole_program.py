# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""The whole program, killed at random: through the command line, through the window, in a scan."""

from __future__ import annotations

import os
import random
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from imgdupe.engine.session import Session
from imgdupe.records import Verdict
from tests.helpers.photos import make_photo
from tests.reliability import auditor
from tests.reliability.scenes import memory
from tests.reliability.whole_program import Home, strike_removal, strike_scan


@pytest.fixture(scope="module")
def home() -> Iterator[Home]:
    with tempfile.TemporaryDirectory(dir=memory()) as folder:
        made = Home(Path(folder) / "home")
        made.build()
        made.scan()
        for path in (made.lib / "originals").iterdir():
            auditor.remember_jpeg(path.read_bytes())
        made.keep()
        yield made


@pytest.mark.parametrize("kind", ["command line", "window"])
@pytest.mark.parametrize("kills", [1, pytest.param(100, marks=pytest.mark.campaign)])
def test_a_removal_killed_at_random(
    home: Home, points: Callable[[int], None], kind: str, kills: int
) -> None:
    home.window_s = 1.0
    dice = random.Random(f"{kind} {kills}")
    for number in range(kills):
        assert strike_removal(home, kind, dice) == [], f"kill {number}"
    points(kills)


@pytest.mark.parametrize("kills", [2, pytest.param(200, marks=pytest.mark.campaign)])
def test_a_scan_killed_at_random(points: Callable[[int], None], kills: int) -> None:
    dice = random.Random(kills)
    with tempfile.TemporaryDirectory(dir=memory()) as folder:
        home = Home(Path(folder) / "home", window_s=5.0)
        home.build()
        shutil.rmtree(home.lib / "copies")
        home.command("scan", str(home.lib / "originals"))
        decide(home)
        for number in range(kills):
            for each in range(3):  # there is always something new to be read
                name = home.lib / "new" / f"{number}-{each}.jpg"
                name.parent.mkdir(exist_ok=True)
                make_photo(1_000 + 3 * number + each, (96, 64)).save(name)
            assert strike_scan(home, dice) == [], f"kill {number}"
        count = sum(len(files) for _, _, files in os.walk(home.lib))
        assert home.command("scan", str(home.lib))["found"] == count
        with Session.open(home.data) as session:
            assert session.counts().photos == count
    points(kills)


def decide(home: Home) -> None:
    with Session.open(home.data) as session:
        wanted = os.fsencode(home.original(0))
        photo = session._catalog.photo_at(wanted)
        assert photo is not None
        session.set_verdicts({photo: Verdict.KEEP})
