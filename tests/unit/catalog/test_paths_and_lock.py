# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""Where files are kept, and that one process at a time keeps them."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from imgdupe.catalog.lock import LibraryLock
from imgdupe.catalog.paths import resolve
from imgdupe.errors import LibraryBusy, UserError

HOLD = """
import sys, pathlib
from imgdupe.catalog.lock import LibraryLock
from imgdupe.errors import LibraryBusy
lock = LibraryLock(pathlib.Path(sys.argv[1]))
try:
    lock.acquire()
except LibraryBusy:
    print("busy", flush=True)
else:
    print("held", flush=True)
    sys.stdin.read()
"""


def holder(data: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", HOLD, str(data)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def first_word(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def end(process: subprocess.Popen[str], how: signal.Signals = signal.SIGTERM) -> None:
    process.send_signal(how)
    process.communicate()


def test_everything_lies_below_the_given_folder(tmp_path: Path) -> None:
    paths = resolve(tmp_path / "a" / "b")
    for folder in (paths.data, paths.cache, paths.config, paths.log):
        assert folder.is_dir()
        assert folder.is_relative_to(tmp_path / "a" / "b")


def test_the_environment_names_the_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IMGDUPE_HOME", str(tmp_path / "home"))
    assert resolve(None).data == tmp_path / "home"
    assert resolve(tmp_path / "given").data == tmp_path / "given"


def test_the_platform_has_places(own_home: Path) -> None:
    paths = resolve(None)
    assert len({paths.data, paths.cache, paths.config, paths.log}) == 4
    assert all(folder.is_relative_to(own_home) for folder in (paths.data, paths.cache))


def test_a_file_in_the_way_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(UserError, match=str(tmp_path / "file")):
        resolve(tmp_path / "file" / "below")


def test_a_second_lock_is_refused_and_names_the_first(tmp_path: Path) -> None:
    first, second = LibraryLock(tmp_path), LibraryLock(tmp_path)
    first.acquire()
    with pytest.raises(LibraryBusy, match=f"process {os.getpid()}"):
        second.acquire()
    first.release()
    second.acquire()
    second.release()
    second.release()


def test_a_killed_process_leaves_no_lock(tmp_path: Path) -> None:
    process = holder(tmp_path)
    assert first_word(process) == "held"
    lock = LibraryLock(tmp_path)
    with pytest.raises(LibraryBusy, match=f"process {process.pid}"):
        lock.acquire()
    end(process, signal.SIGKILL)
    lock.acquire()
    lock.release()


def test_a_stale_or_odd_lock_file_means_nothing(tmp_path: Path) -> None:
    (tmp_path / "library.lock").write_bytes(b"\xff not a number \n1\n")
    lock = LibraryLock(tmp_path)
    lock.acquire()
    assert (tmp_path / "library.lock").read_bytes() == b"%d\n" % os.getpid()
    lock.release()


@pytest.mark.parametrize("processes", [2, 4])
def test_of_many_that_start_at_once_one_wins(tmp_path: Path, processes: int) -> None:
    racers = [holder(tmp_path) for _ in range(processes)]
    words = sorted(first_word(racer) for racer in racers)
    assert words == ["busy"] * (processes - 1) + ["held"]
    for racer in racers:
        end(racer)
