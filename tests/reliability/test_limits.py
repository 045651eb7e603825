# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""Disks that are full, files that may not grow, little memory: said, and nothing is lost."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from imgdupe.engine.session import Session
from imgdupe.removal.undo import undo
from tests.helpers.source import REPOSITORY
from tests.reliability import auditor
from tests.reliability.scenes import Stage, memory, record, request, run
from tests.reliability.whole_program import Home

Mount = Callable[..., Path]


def later(*values: Any) -> list[Any]:
    return [pytest.param(value, marks=pytest.mark.campaign) for value in values]


@pytest.fixture(scope="module")
def home() -> Iterator[Home]:
    """A library that no test here may change."""
    with tempfile.TemporaryDirectory(dir=memory()) as folder:
        made = Home(Path(folder) / "home")
        made.build()
        yield made


def scan_under(home: Home, limit: str, data: Path) -> tuple[int, str]:
    """Scan in a shell with this limit; the exit status and what was said."""
    program = f"'{sys.executable}' -m imgdupe scan '{home.lib}' --data-dir '{data}' --workers 1"
    done = subprocess.run(
        ["bash", "-c", f"{limit}; exec {program}"],
        cwd=REPOSITORY,
        env=home.environment(),
        capture_output=True,
        text=True,
        check=False,
        timeout=180,
    )
    return done.returncode, done.stderr


@pytest.mark.needs_root
@pytest.mark.parametrize("size_kb", [400, *later(100, 200, 300, 500, 600, 800, 1_000, 1_500)])
def test_a_full_app_data_volume_stops_a_scan_with_a_message(
    home: Home, tmp_path: Path, mount: Mount, size_kb: int
) -> None:
    before = auditor.look(home.lib, home.data)
    data = mount(tmp_path / "app", "-t", "tmpfs", "tmpfs", "-o", f"size={size_kb}k")
    status, said = scan_under(home, "true", data)
    assert status in (0, 1), said
    assert "Traceback" not in said
    assert status == 0 or "full" in said
    assert auditor.look(home.lib, home.data) == before


@pytest.mark.parametrize("blocks", [64, *later(1, 8, 256, 1_024)])
def test_a_limit_on_the_size_of_files(home: Home, tmp_path: Path, blocks: int) -> None:
    """In units of 1,024 bytes. What was stored before is there when the limit is gone."""
    before = auditor.look(home.lib, home.data)
    status, said = scan_under(home, f"ulimit -f {blocks}", tmp_path)
    assert status in (0, 1), said
    assert "Traceback" not in said
    assert auditor.look(home.lib, home.data) == before
    with Session.open(tmp_path) as session:
        assert session.notices == ()


@pytest.mark.parametrize("megabytes", [700, *later(300, 400, 500, 600, 800, 900, 1_000, 1_200)])
def test_little_memory_ends_a_scan_and_harms_nothing(
    home: Home, tmp_path: Path, megabytes: int
) -> None:
    before = auditor.look(home.lib, home.data)
    status, said = scan_under(home, f"ulimit -v {megabytes * 1024}", tmp_path)
    assert status == 0 or said
    assert auditor.look(home.lib, home.data) == before
    with Session.open(tmp_path) as session:
        assert session.notices == ()


@pytest.mark.needs_root
def test_a_library_volume_of_any_fullness(
    stage: Stage, mount: Mount, points: Callable[[int], None]
) -> None:
    """From no free page to twelve: moved or kept, and nothing in between."""
    volume = mount(stage.lib / "card", "-t", "tmpfs", "tmpfs", "-o", "size=128k")
    body = b"the picture" * 100
    victim, keeper = stage.add("card/a.jpg", body), stage.add("a.jpg", body)
    for pages in range(12):
        filler = volume / "filler"
        with filler.open("wb", buffering=0) as file, contextlib.suppress(OSError):
            while file.write(bytes(4096)):
                pass
        os.truncate(filler, max(0, filler.stat().st_size - 4096 * pages))
        stage.freeze()
        result = run(stage.plan(request(record(victim), record(keeper))), stage.journal)
        assert bool(result.moved) != Path(os.fsdecode(victim)).exists()
        assert result.moved or "full" in (result.stopped or "")
        filler.unlink()
        if result.moved:
            assert undo(stage.journal, None, None).failed == ()
        assert Path(os.fsdecode(victim)).read_bytes() == body
    points(12)
