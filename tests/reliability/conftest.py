# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""Every test here gets a stage: a library, a trash and a journal of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.reliability import strikes
from tests.reliability.scenes import Stage


@pytest.fixture
def stage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stage]:
    made = Stage(tmp_path / "stage")
    monkeypatch.setenv("XDG_DATA_HOME", str(made.trash.parent))
    yield made
    made.journal.close()


@pytest.fixture
def mount(tmp_path: Path) -> Iterator[Callable[..., Path]]:
    """mount(folder, *arguments of mount): undone after the test."""
    if not sys.platform.startswith("linux") or os.geteuid() != 0:
        pytest.skip("needs root to mount")
    mounted: list[Path] = []

    def do(folder: Path, *arguments: str) -> Path:
        folder.mkdir(parents=True, exist_ok=True)
        done = subprocess.run(["mount", *arguments, str(folder)], capture_output=True, check=False)
        if done.returncode != 0:
            pytest.skip(f"cannot mount here: {done.stderr.decode().strip()}")
        mounted.append(folder)
        return folder

    yield do
    for folder in reversed(mounted):
        subprocess.run(["umount", "--lazy", str(folder)], check=False, capture_output=True)


@pytest.fixture
def points(record_property: Callable[[str, object], None]) -> Callable[[int], None]:
    """points(n): this test tried n faults; the report adds them up."""
    return lambda count: record_property("points", count)


@pytest.fixture
def strike(points: Callable[[int], None]) -> strikes.Strike:
    """strike(which, scene, step, at_least): a campaign without a violation."""

    def do(which: str, scene: str, *, step: int, at_least: int) -> None:
        count = strikes.strike(which, scene, step=step)
        points(count)
        assert count >= at_least

    return do


@pytest.fixture
def can_trace() -> None:
    if "trace" not in strikes.abilities():
        pytest.skip("a child cannot be traced here")


@pytest.fixture
def can_fail() -> None:
    if "fail" not in strikes.abilities():
        pytest.skip("calls cannot be made to fail here")
