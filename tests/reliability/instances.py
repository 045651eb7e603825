# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""Races of two to five instances for one library, as a program: `… RACES`, JSON on stdout.

Each instance opens what a session opens, behind the library's lock, writes, and may be killed while
it holds it. A marker that only one may create tells whether two were inside at once.
"""

from __future__ import annotations

import contextlib
import json
import os
import random
import signal
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from imgdupe.catalog.catalog import Catalog
from imgdupe.catalog.decisions import Decisions
from imgdupe.catalog.lock import LibraryLock
from imgdupe.catalog.paths import Paths, resolve
from imgdupe.errors import LibraryBusy
from imgdupe.records import Verdict
from imgdupe.removal.journal import Journal
from imgdupe.removal.recover import recover
from tests.reliability.scenes import memory

_WON, _BUSY = 10, 11


def race(folder: Path, seed: int) -> list[str]:
    """One race; violations in words."""
    dice = random.Random(seed)
    paths = resolve(folder / "app")
    # What a killed instance left: the number of a process that lives now and is no imgdupe.
    (paths.data / "library.lock").write_text(f"{os.getppid()}\n")
    count = dice.randrange(2, 6)
    begin = time.monotonic() + 0.05
    numbers = [_fork(lambda n=n: _run(paths, folder, seed * 10 + n, begin)) for n in range(count)]  # type: ignore[misc]
    statuses = [os.waitpid(number, 0)[1] for number in numbers]
    ends = [-os.WTERMSIG(s) if os.WIFSIGNALED(s) else os.WEXITSTATUS(s) for s in statuses]
    wrong = [f"race {seed}: an instance ended with {end}" for end in ends if not _is_fair(end)]
    if not any(end in (_WON, -signal.SIGKILL) for end in ends):
        wrong.append(f"race {seed}: nobody won")
    (folder / "inside").unlink(missing_ok=True)  # left by one that was killed inside
    last = os.waitpid(_fork(lambda: _run(paths, folder, 1, 0.0, steady=True)), 0)[1]
    if os.waitstatus_to_exitcode(last) != _WON:
        wrong.append(f"race {seed}: the library cannot be opened afterwards")
    return wrong


def _is_fair(end: int) -> bool:
    return end in (_WON, _BUSY, -signal.SIGKILL)


def _fork(work: Callable[[], int]) -> int:
    pid = os.fork()
    if pid == 0:
        try:
            os._exit(work())
        except BaseException:  # noqa: BLE001 - the child must end here, whatever happened
            import traceback

            traceback.print_exc()
            os._exit(1)
    return pid


def _run(paths: Paths, folder: Path, seed: int, begin: float, *, steady: bool = False) -> int:
    dice = random.Random(seed)
    time.sleep(max(0.0, begin - time.monotonic()))
    lock = LibraryLock(paths.data)
    try:
        lock.acquire()
    except LibraryBusy:
        return _BUSY
    os.close(os.open(folder / "inside", os.O_CREAT | os.O_EXCL))  # an error here: two are inside
    journal = Journal(paths.data)
    recover(journal)
    with Catalog.open(paths) as catalog:
        catalog.put_root(b"/photos/%d" % seed, online=True)
        if not steady and dice.random() < 0.2:
            (folder / "inside").unlink()
            os.kill(os.getpid(), signal.SIGKILL)
        decisions = Decisions(paths.data)
        decisions.set_verdicts({(b"/photos/%d" % seed, bytes(16)): Verdict.KEEP})
        decisions.close()
        time.sleep(dice.random() * 0.02)
    journal.close()
    (folder / "inside").unlink()
    lock.release()
    return _WON


def main() -> None:
    races = int(sys.argv[1])
    with tempfile.TemporaryDirectory(dir=memory()) as folder:
        wrong: list[str] = []
        for seed in range(races):
            place = Path(folder) / str(seed)
            (place / "app").mkdir(parents=True)
            with contextlib.chdir(place):
                wrong += race(place, seed)
    print(json.dumps({"races": races, "violations": wrong}))


if __name__ == "__main__":
    main()
