# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""A home with a scanned library of pairs, in which the real program is started and killed."""

from __future__ import annotations

import contextlib
import json
import os
import random
import select
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from imgdupe.engine.session import Session
from imgdupe.library.xmp import Xmp
from imgdupe.library.xmp_edit import EMPTY, edited
from imgdupe.records import Verdict
from tests.helpers.photos import make_photo
from tests.helpers.source import REPOSITORY
from tests.reliability import auditor

PAIRS = 20
_SIZE = (96, 64)
_LONG_S = 120.0


@dataclass(slots=True)
class Home:
    """Everything lies below `root`; `keep()` remembers it, `back()` makes it so again."""

    root: Path
    window_s: float = 1.0
    _kept: Path = field(init=False)

    def __post_init__(self) -> None:
        self._kept = self.root.with_name(self.root.name + "-kept")

    @property
    def lib(self) -> Path:
        return self.root / "lib"

    @property
    def data(self) -> Path:
        return self.root / "data"

    def original(self, number: int) -> Path:
        return self.lib / "originals" / f"IMG_{number}.jpg"

    def copy(self, number: int) -> Path:
        """Few in each folder, so that the window has nothing more to ask."""
        return self.lib / "copies" / str(number % 4) / f"IMG_{number} (1).jpg"

    def build(self) -> None:
        """Twenty pairs of equal JPEGs, of which one copy has a sidecar that its keeper lacks."""
        (self.root / "home").mkdir(parents=True)
        for number in range(PAIRS):
            for path in (self.original(number), self.copy(number)):
                path.parent.mkdir(parents=True, exist_ok=True)
            make_photo(number, _SIZE).save(self.original(number), quality=90)
            shutil.copy2(self.original(number), self.copy(number))
        self.copy(0).with_suffix(".xmp").write_bytes(
            edited(EMPTY, Xmp(rating=4, keywords=("tram",)))
        )

    def scan(self) -> None:
        assert self.command("scan", str(self.lib))["found"] == 2 * PAIRS

    def keep(self) -> None:
        shutil.copytree(self.root, self._kept)

    def back(self) -> auditor.Seen:
        shutil.rmtree(self.root, ignore_errors=True)
        shutil.copytree(self._kept, self.root)
        return auditor.look(self.root, self.data)

    def environment(self) -> dict[str, str]:
        home = str(self.root / "home")
        own = {"HOME": home, "XDG_DATA_HOME": f"{home}/.local/share", "IMGDUPE_HOME": ""}
        own["QT_QPA_PLATFORM"] = "offscreen"
        return {key: value for key, value in {**os.environ, **own}.items() if value}

    def start(self, *command: str) -> subprocess.Popen[bytes]:
        """A process of its own session, so that its children can be killed with it."""
        return subprocess.Popen(
            [sys.executable, "-m", *command],
            cwd=REPOSITORY,
            env=self.environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
        )

    def command(self, *arguments: str) -> Any:
        process = self.start("imgdupe", *arguments, "--data-dir", str(self.data), "--json")
        output, errors = process.communicate(timeout=_LONG_S)
        assert process.returncode == 0, errors.decode()
        return json.loads(output)


def kill(process: subprocess.Popen[bytes]) -> None:
    """The whole program at once, as a logout or the system does it."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.communicate()


def strike_removal(home: Home, kind: str, dice: random.Random) -> list[str]:
    """Start a removal, kill it at a random moment, start again; violations in words."""
    before = home.back()
    lines = home.data / "removals.jsonl"
    if kind == "window":
        process = home.start("tests.reliability.window_batch", str(home.data))
        _wait_for(process, lambda: _said(process) == b"go\n")
    else:
        process = home.start("imgdupe", *_removal(home))
        _wait_for(process, lines.exists)
    began = time.monotonic()
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(dice.uniform(0, home.window_s))
        home.window_s = max(0.05, time.monotonic() - began)  # so long does it take undisturbed
    kill(process)
    return _after(home, before)


def _wait_for(process: subprocess.Popen[bytes], condition: Callable[[], bool]) -> None:
    """Until it is so; the process must live and come to it in time."""
    deadline = time.monotonic() + _LONG_S
    while not condition():
        if process.poll() is not None or time.monotonic() > deadline:
            kill(process)
            raise AssertionError(f"{process.args!r} did not begin")
        time.sleep(0.002)


def _said(process: subprocess.Popen[bytes]) -> bytes:
    """A line of its output, if there is one."""
    assert process.stdout is not None
    ready, _, _ = select.select([process.stdout], [], [], 0)
    return process.stdout.readline() if ready else b""


def _removal(home: Home) -> list[str]:
    plan = home.root / "home" / "plan.json"
    pairs = [
        {"path": str(home.copy(number)), "keeper": str(home.original(number))}
        for number in range(PAIRS)
    ]
    plan.write_text(json.dumps({"remove": pairs}))
    where = ["--data-dir", str(home.data)]
    return ["remove", "--plan", str(plan), "--merge-metadata", "--yes", *where]


def _after(home: Home, before: auditor.Seen) -> list[str]:
    """Start again, then hold the law; the plan file is the test's own."""
    with Session.open(home.data) as session:
        wrong = [f"open after a start: {each}" for each in session.waiting()]
    (home.root / "home" / "plan.json").unlink(missing_ok=True)
    return wrong + auditor.audit(home.root, home.data, before)


def strike_scan(home: Home, dice: random.Random) -> list[str]:
    """Kill a scan at a random moment, look, and let the next one go on. Nothing is decided anew."""
    before = auditor.look(home.root, home.data)
    process = home.start("imgdupe", "scan", str(home.lib), "--data-dir", str(home.data))
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(dice.uniform(0, home.window_s))
    kill(process)
    with Session.open(home.data) as session:
        wrong = [f"a notice after a kill: {notice}" for notice in session.notices]
        if session.verdicts() != {os.fsencode(home.original(0)): Verdict.KEEP}:
            wrong.append("a decision was lost")
        if session.counts().photos < 1:
            wrong.append("a photo was lost from the catalog")
    if auditor.look(home.root, home.data) != before:
        wrong.append("a scan changed a file")
    return wrong
