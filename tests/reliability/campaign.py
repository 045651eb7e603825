# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""A scene under every fault: killed at each call, each call failing, interrupted anywhere.

Run as a program, so that the forks come from a process with one thread:
`python -m tests.reliability.campaign {kill,every,cuts,events,interrupts,nested,errors}
[--scene NAME] [--step N]`, JSON on stdout.
"""

from __future__ import annotations

import argparse
import errno
import json
import os
import signal
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Protocol

from tests.reliability import auditor, power_cut, tracer
from tests.reliability.removal_scene import RemovalScene
from tests.reliability.saving_scene import SavingScene
from tests.reliability.scenes import memory
from tests.reliability.tracer import Fault, Outcome

MAKING = frozenset(
    {"write", "pwrite64", "fsync", "fdatasync", "ftruncate", "rename", "renameat2", "mkdir", "link"}
    | {"mkdirat", "linkat", "unlink", "unlinkat"}
)
RENAMING = frozenset({"rename", "renameat", "renameat2", "link", "linkat"})
READING = frozenset({"read", "pread64", "getdents64", "newfstatat", "lstat", "stat", "fstat"})
ERRORS: dict[str, tuple[int, frozenset[str], bool]] = {
    "full disk from here on": (errno.ENOSPC, MAKING - {"unlink", "unlinkat", "rename"}, True),
    "full disk once": (errno.ENOSPC, MAKING - {"unlink", "unlinkat", "rename"}, False),
    "writing fails once": (errno.EIO, MAKING, False),
    "writing fails from here on": (errno.EIO, MAKING, True),
    "reading fails once": (errno.EIO, READING, False),
    "another volume": (errno.EXDEV, RENAMING, True),
    "no such call": (errno.EINVAL, frozenset({"renameat2"}), True),
    "read-only from here on": (errno.EROFS, MAKING, True),
    "no access once": (errno.EACCES, frozenset({"open", "openat", "mkdir", "renameat2"}), False),
}


_STRUCK = 71


class Scene(Protocol):
    """Something that is done once, may be cut short at any call, and started again."""

    @property
    def root(self) -> Path: ...

    @property
    def data(self) -> Path:
        """The app's own folder."""

    def build(self) -> None:
        """Make everything afresh."""

    def act(self) -> None:
        """Do the work. Trouble that is told to people is no crash."""

    def restart(self) -> None:
        """What every start does; an exception is a violation."""

    def look(self) -> auditor.Seen:
        """What is there before the work."""

    def wrong(self, before: auditor.Seen) -> list[str]:
        """Violations after a restart, in words."""


Run = Callable[[Scene, int], Outcome]
"""Do the scene's work under a fault at the n-th call."""


def survey(scene: Scene, run: Run, step: int, name: str) -> Iterator[str]:
    """Strike at every step-th point until the work gets through untouched; violations in words."""
    at = 1
    while True:
        scene.build()
        before = scene.look()
        outcome = run(scene, at)
        yield from _judge(scene, before, outcome, f"{name} at call {at}")
        if outcome.calls < at:
            return
        at += step


def _judge(scene: Scene, before: auditor.Seen, outcome: Outcome, where: str) -> Iterator[str]:
    """Count the point, restart without faults, and hold the law against what is there."""
    yield ""
    if outcome.crashed and os.waitstatus_to_exitcode(outcome.status) != _STRUCK:
        yield f"{where}: crashed with {outcome.status}"
    if _in_child(scene.restart) != 0:
        yield f"{where}: the restart crashed"
    for wrong in scene.wrong(before):
        yield f"{where}: {wrong}"


def _in_child(work: Callable[[], None]) -> int:
    pid = os.fork()
    if pid == 0:
        try:
            work()
        except BaseException:  # noqa: BLE001 - the child must end here, whatever happened
            import traceback

            traceback.print_exc()
            os._exit(1)
        os._exit(0)
    return os.waitpid(pid, 0)[1]


def kill(scene: Scene, step: int) -> Iterator[str]:
    """SIGKILL at every call that changes the disk."""
    yield from survey(scene, lambda scene, at: tracer.run(scene.act, Fault(at)), step, "killed")


def every(scene: Scene, step: int) -> Iterator[str]:
    """SIGKILL at every file system call at all, those that only read included."""

    def run(scene: Scene, at: int) -> Outcome:
        return tracer.run(scene.act, Fault(at, tracer.EVERY))

    yield from survey(scene, run, step, "killed")


def cuts(scene: Scene, step: int) -> Iterator[str]:
    """The power goes at every call that changes the disk."""

    def run(scene: Scene, at: int) -> Outcome:
        return power_cut.cut(scene.act, scene.root, scene.data, at)

    yield from survey(scene, run, step, "power cut")


def events(scene: Scene, step: int) -> Iterator[str]:
    """SIGKILL at every event that Python itself reports; runs where nothing can be traced."""
    yield from _at_events(scene, step, "killed", lambda: os.kill(os.getpid(), signal.SIGKILL))


def interrupts(scene: Scene, step: int) -> Iterator[str]:
    """Ctrl+C, which Python raises anywhere, at every event that Python itself reports."""
    yield from _at_events(scene, step, "interrupted", _interrupt)


def _interrupt() -> None:
    raise KeyboardInterrupt


def _at_events(scene: Scene, step: int, name: str, strike: Callable[[], None]) -> Iterator[str]:
    at = 1
    while True:
        scene.build()
        before = scene.look()
        status = _in_child(lambda at=at: _act_and_strike(scene, at, strike))  # type: ignore[misc]
        yield from _judge(scene, before, Outcome(at, status), f"{name} at event {at}")
        if status == 0:
            return
        at += step


def _act_and_strike(scene: Scene, at: int, strike: Callable[[], None]) -> None:
    """Ends with _STRUCK if the strike came and left the process alive."""
    left = at
    wanted = ("open", "os.", "ctypes.call", "ctypes.dlsym", "sqlite3.", "shutil.")

    def count(event: str, _arguments: tuple[object, ...]) -> None:
        nonlocal left
        if event.startswith(wanted):
            left -= 1
            if left == 0:
                strike()

    sys.addaudithook(count)
    try:
        scene.act()
    except KeyboardInterrupt:
        os._exit(_STRUCK)
    if left <= 0:
        os._exit(_STRUCK)  # whoever cleaned up swallowed it


def nested(scene: Scene, step: int) -> Iterator[str]:
    """Killed in the middle, and the recovery killed at every call too."""
    scene.build()
    calls = tracer.run(scene.act, Fault(1 << 30)).calls
    for first in range(1, calls + 1, step):
        at = 0
        while True:
            at += 1
            scene.build()
            before = scene.look()
            tracer.run(scene.act, Fault(first))
            outcome = tracer.run(scene.restart, Fault(at))
            yield from _judge(scene, before, outcome, f"killed at {first}, restart at {at}")
            if outcome.calls < at:
                break


def errors(scene: Scene, step: int) -> Iterator[str]:
    """Each kind of failure at every call that can fail so."""
    for name, (number, names, on) in ERRORS.items():

        def run(
            scene: Scene,
            at: int,
            names: frozenset[str] = names,
            number: int = number,
            on: bool = on,
        ) -> Outcome:
            return tracer.run(scene.act, Fault(at, names, error=number, on=on))

        yield from survey(scene, run, step, name)


CAMPAIGNS: dict[str, Callable[[Scene, int], Iterator[str]]] = {
    "kill": kill,
    "every": every,
    "cuts": cuts,
    "events": events,
    "interrupts": interrupts,
    "nested": nested,
    "errors": errors,
}


SCENES: dict[str, Callable[[Path], Scene]] = {
    "removal": RemovalScene,
    "merging": lambda root: RemovalScene(root, merging=True),
    "merging at a power cut": lambda root: RemovalScene(root, merging=True, power_cut=True),
    "saving": SavingScene,
    "saving at a power cut": lambda root: SavingScene(root, power_cut=True),
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("which", choices=CAMPAIGNS)
    parser.add_argument("--scene", choices=SCENES, default="removal")
    parser.add_argument("--step", type=int, default=1, help="strike at every STEP-th point only")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=memory()) as folder:
        scene = SCENES[arguments.scene](Path(folder) / "scene")
        os.environ["HOME"] = str(scene.root)
        os.environ["XDG_DATA_HOME"] = str(scene.root / ".local" / "share")
        answers = list(CAMPAIGNS[arguments.which](scene, arguments.step))
    violations = [answer for answer in answers if answer]
    print(json.dumps({"points": answers.count(""), "violations": violations}))


if __name__ == "__main__":
    main()
