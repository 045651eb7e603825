# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from imgdupe.control import Cancelled, RunControl
from imgdupe.engine import worker
from imgdupe.engine.worker import Limits
from imgdupe.engine.workers import DecodePool
from imgdupe.fingerprint.hashes import file_hash, pixels_hash
from imgdupe.library.decode import load_view
from imgdupe.records import Fingerprint, FoundFile, Problem, ProblemKind
from tests.helpers import children
from tests.helpers.photos import make_photo, save

measures_cpu = pytest.mark.skipif(not worker.MEASURES_CPU, reason="POSIX measures a child's work")
needs_linux = pytest.mark.skipif(sys.platform != "linux", reason="memory limits are Linux's")


def made(folder: Path, *names: str) -> list[FoundFile]:
    paths = [save(make_photo(n, (320, 240)), folder / name) for n, name in enumerate(names)]
    return [children.found(os.fsencode(path)) for path in paths]


def by_name(
    results: Iterator[tuple[FoundFile, Fingerprint | Problem]],
) -> dict[str, ProblemKind | None]:
    """File name to the kind of its problem, None for those with a fingerprint."""
    return {
        os.fsdecode(os.path.basename(file.path)): (
            result.kind if isinstance(result, Problem) else None
        )
        for file, result in results
    }


def test_every_file_has_its_fingerprint(tmp_path: Path) -> None:
    files = made(tmp_path, *(f"{n}.jpg" for n in range(9)))
    with DecodePool(2) as pool:
        results = dict(pool.fingerprint(files))
        again = dict(pool.fingerprint(files))
    assert set(results) == set(files)
    for file, result in results.items():
        assert isinstance(result, Fingerprint)
        assert result.hashes.content == file_hash(file.path)
        assert result.hashes.phash == result.hashes.phash_turns[0]
        assert result.pixels.shape == (224, 224, 3)
        assert result.luma.shape == (64, 64)
        assert result.thumbnail[:2] == b"\xff\xd8"
        direct, second = worker.fingerprint(file.path), again[file]
        assert isinstance(direct, Fingerprint)
        assert isinstance(second, Fingerprint)
        for other in (direct, second):
            assert other.hashes == result.hashes
            assert np.array_equal(other.pixels, result.pixels)


def test_pixel_hashes(tmp_path: Path) -> None:
    picture = make_photo(1, (320, 240))
    png = save(picture, tmp_path / "1.png")
    bmp = save(picture, tmp_path / "2.bmp")
    files = [children.found(os.fsencode(path)) for path in (png, bmp)]
    with DecodePool(1) as pool:
        first, second = (result for _, result in pool.pixel_hash(files))
    assert first == second == pixels_hash(load_view(files[0].path, None))


def test_pixel_hashes_of_changed_files_are_refused(tmp_path: Path) -> None:
    (file,) = made(tmp_path, "1.png")
    os.utime(file.path, ns=(1, 1))
    result = worker.pixel_hash(file.path, file)
    assert isinstance(result, Problem)
    assert result.kind is ProblemKind.CHANGED


def test_misbehaving_files_cost_only_themselves(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    names = ["1.jpg", "hang.jpg", "2.jpg", "crash.jpg", "3.jpg", "once.jpg", "killed.jpg", "4.jpg"]
    files = made(tmp_path, *names, "bug.jpg", *(f"crash-{n}.jpg" for n in range(3)), "5.jpg")
    with DecodePool(2, patience_s=3.0, entry=children.serve) as pool:
        results = by_name(pool.fingerprint(files))
    assert results == {
        **dict.fromkeys(("1.jpg", "2.jpg", "3.jpg", "4.jpg", "5.jpg", "once.jpg")),
        **dict.fromkeys((f"crash-{n}.jpg" for n in range(3)), ProblemKind.CRASHED),
        "crash.jpg": ProblemKind.CRASHED,
        "bug.jpg": ProblemKind.CRASHED,
        "hang.jpg": ProblemKind.TOO_SLOW,
        "killed.jpg": ProblemKind.TOO_LARGE,
    }
    assert "on purpose" in caplog.text  # our own mistakes are logged, with their traceback


def test_a_file_that_never_comes_is_given_up_in_time(tmp_path: Path) -> None:
    files = made(tmp_path, "hang.jpg", "1.jpg")
    with DecodePool(1, patience_s=0.5, entry=children.serve) as pool:
        pool.start()
        assert by_name(pool.fingerprint(files[1:])) == {"1.jpg": None}
        start = time.monotonic()
        (_, result) = next(pool.fingerprint(files[:1]))
        assert time.monotonic() - start < 5
    assert isinstance(result, Problem)
    assert result.kind is ProblemKind.TOO_SLOW
    assert "0.5 seconds" in result.detail


@measures_cpu
def test_computing_is_limited(tmp_path: Path) -> None:
    """Without a second try: the file behind it is tried by the child that takes its place."""
    files = made(tmp_path, "busy.jpg", "1.jpg")
    with DecodePool(1, Limits(0.5, 1 << 30), entry=children.serve) as pool:
        results = dict(pool.fingerprint(files))
    busy, sound = (results[file] for file in files)
    assert isinstance(busy, Problem)
    assert busy.kind is ProblemKind.TOO_SLOW
    assert "0.5 seconds of computing" in busy.detail
    assert isinstance(sound, Fingerprint)


@measures_cpu
def test_waiting_is_no_computing(tmp_path: Path) -> None:
    """A child that the busy machine, or a disk, keeps waiting for longer than the limit."""
    files = made(tmp_path, "wait-1.jpg", "wait-2.jpg")
    with DecodePool(1, Limits(0.5, 1 << 30), entry=children.serve) as pool:
        pool.start()
        assert by_name(pool.fingerprint(files)) == {"wait-1.jpg": None, "wait-2.jpg": None}


@measures_cpu
def test_the_limit_is_for_each_file(tmp_path: Path) -> None:
    files = made(tmp_path, *(f"{n}.jpg" for n in range(40)))
    start = time.process_time()
    for file in files[:8]:
        worker.fingerprint(file.path)
    one = (time.process_time() - start) / 8
    with DecodePool(1, Limits(10 * one, 1 << 30)) as pool:
        assert set(by_name(pool.fingerprint(files)).values()) == {None}


@needs_linux
def test_memory_is_limited(tmp_path: Path) -> None:
    """A solid PNG of 64 MB decoded: more than this child may take, and the next file is fine."""
    Image.new("RGB", (4000, 4000)).save(tmp_path / "large.png")
    files = [children.found(os.fsencode(tmp_path / "large.png")), *made(tmp_path, "1.jpg")]
    with DecodePool(1, Limits(10.0, 40 << 20)) as pool:
        results = by_name(pool.fingerprint(files))
    assert results == {"large.png": ProblemKind.TOO_LARGE, "1.jpg": None}


def test_input_is_taken_as_it_can_be_used(tmp_path: Path) -> None:
    files = made(tmp_path, *(f"{n}.jpg" for n in range(30)))
    taken = 0

    def feed() -> Iterator[FoundFile]:
        nonlocal taken
        for file in files:
            taken += 1
            yield file

    with DecodePool(2) as pool:
        for done, _ in enumerate(pool.fingerprint(feed()), 1):
            assert taken <= done + 6
    assert taken == 30


def test_cancelling(tmp_path: Path) -> None:
    files = made(tmp_path, *(f"{n}.jpg" for n in range(20)))
    control = RunControl()
    with DecodePool(2) as pool:
        results = pool.fingerprint(files, control)
        next(results)
        control.cancel()
        with pytest.raises(Cancelled):
            list(results)
        assert len(by_name(pool.fingerprint(files[:3]))) == 3  # nothing old comes up again


def test_cancelling_a_hanging_file_does_not_wait_for_it(tmp_path: Path) -> None:
    files = made(tmp_path, "1.jpg", "hang.jpg")
    control = RunControl()
    with DecodePool(1, patience_s=60, entry=children.serve) as pool:
        results = pool.fingerprint(files, control)
        next(results)
        control.cancel()
        start = time.monotonic()
        with pytest.raises(Cancelled):
            next(results)
        assert time.monotonic() - start < 10


def test_files_that_go_away_or_change(tmp_path: Path) -> None:
    gone, changed = made(tmp_path, "gone.jpg", "changed.jpg")
    os.unlink(gone.path)
    with open(changed.path, "ab") as file:
        file.write(b"more")
    with DecodePool(1) as pool:
        results = by_name(pool.fingerprint([gone, changed]))
    assert results == {"gone.jpg": ProblemKind.NOT_FOUND, "changed.jpg": ProblemKind.CHANGED}


def test_children_that_never_start_are_an_error(tmp_path: Path) -> None:
    files = made(tmp_path, "1.jpg")
    with DecodePool(1, entry=children.refuse) as pool, pytest.raises(RuntimeError, match="start"):
        list(pool.fingerprint(files))


def test_an_empty_input_starts_nothing() -> None:
    with DecodePool(4, entry=children.refuse) as pool:
        assert list(pool.fingerprint([])) == []


def test_closing_ends_the_children(tmp_path: Path) -> None:
    with DecodePool(2, entry=children.echo_pid) as pool:
        pool.start()
        answers = list(pool.pixel_hash(made(tmp_path, *(f"{n}.jpg" for n in range(6)))))
        pids = {int(answer) for _, answer in answers if isinstance(answer, bytes)}
        assert len(pids) == 2
    for pid in pids:
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)


def test_interrupts_are_the_parents_business(tmp_path: Path) -> None:
    files = made(tmp_path, "1.jpg", "2.jpg")
    with DecodePool(1) as pool:
        results = pool.fingerprint(files)
        next(results)
        (child,) = pool._children
        assert child.process.pid is not None
        os.kill(child.process.pid, signal.SIGINT)
        assert isinstance(next(results)[1], Fingerprint)


def test_children_die_with_the_parent(tmp_path: Path) -> None:
    """The parent is killed without a chance to clean up; its child notices the closed pipe."""
    (file,) = made(tmp_path, "1.jpg")
    code = f"""
import os, sys
from imgdupe.engine.workers import DecodePool
from tests.helpers import children
if __name__ == "__main__":
    pool = DecodePool(1, entry=children.echo_pid)
    ((_, pid),) = pool.pixel_hash([children.found({file.path!r})])
    sys.stdout.write(pid.decode() + "\\n")
    sys.stdout.flush()
    os.kill(os.getpid(), 9)
"""
    script = tmp_path / "parent.py"
    script.write_text(code)
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    # The pipe of stdout closes only when parent and child are both gone.
    done = subprocess.run(
        [sys.executable, script], stdout=subprocess.PIPE, timeout=60, check=False, env=environment
    )
    assert done.returncode == -signal.SIGKILL
    assert int(done.stdout) > 0
