# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""A small removal and its undo under every fault: killed at each call, each call failing.

Run as a program, so that the forks come from a process with one thread:
`python -m tests.reliability.campaign {kill,every,events,nested,errors} [--step N]`, JSON on stdout.
"""

from __future__ import annotations

import argparse
import errno
import json
import os
import shutil
import signal
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from imgdupe.errors import UserError
from imgdupe.library.packets import with_packet
from imgdupe.library.xmp import Xmp
from imgdupe.library.xmp_edit import EMPTY, edited
from imgdupe.records import Kind
from imgdupe.removal.journal import Journal
from imgdupe.removal.plan import RemovalRequest
from imgdupe.removal.recover import recover
from imgdupe.removal.undo import undo
from tests.reliability import auditor, tracer
from tests.reliability.scenes import make_plan, record, request, run, write
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


TOLD = Xmp(rating=3, keywords=("tram",), caption="Line 28")


def jpeg(body: bytes, packet: bytes | None = None) -> bytes:
    """What has the structure of a JPEG: enough for metadata, and small."""
    quiet = b"\xff\xda\0\x08\x01\x01\0\0\x3f\0" + body + b"\xff\xd9"
    bare = b"\xff\xd8\xff\xe0\0\x10JFIF\0\x01\x01\0\0\x01\0\x01\0\0" + quiet
    return bare if packet is None else with_packet(bare, packet) or b""


@dataclass(frozen=True, slots=True)
class Scene:
    """A library of nine files in a home of its own: two victims, one with companions.

    `merging`: what the second victim alone says is merged into its keeper, a JPEG, and what a third
    says into a new sidecar.
    """

    root: Path
    merging: bool = False

    @property
    def data(self) -> Path:
        return self.root / "data"

    def build(self) -> None:
        """Make it afresh."""
        shutil.rmtree(self.root, ignore_errors=True)
        self.data.mkdir(parents=True)
        lib = self.root / "lib"
        for name in (b"b/caf\xe9 (1).jpg", b"a/original.jpg"):
            path = Path(os.fsdecode(os.path.join(os.fsencode(lib), name)))
            write(path, b"one picture" * 500)
        for name in (b"b/caf\xe9 (1).xmp", b"b/caf\xe9 (1).MOV"):
            write(Path(os.fsdecode(os.path.join(os.fsencode(lib), name))), b"belongs to " + name)
        large = jpeg(b"large" * 400)
        auditor.remember_jpeg(large)
        write(lib / "a" / "large.jpg", large)
        write(lib / "c" / "small.jpg", jpeg(b"small" * 100, edited(EMPTY, TOLD)))
        write(lib / "c" / "other.dng", b"II*\0 other" + edited(EMPTY, TOLD))
        write(lib / "a" / "raw.dng", b"II*\0 raw")
        write(lib / "c" / "bystander.jpg", b"nobody touches this")

    def path(self, name: bytes) -> bytes:
        return os.path.join(os.fsencode(self.root), b"lib", name)

    def act(self) -> None:
        """Remove both victims, then take it back. Trouble that is told to people is no crash."""
        try:
            journal = Journal(self.data)
            first = record(
                self.path(b"b/caf\xe9 (1).jpg"),
                [self.path(b"b/caf\xe9 (1).xmp"), self.path(b"b/caf\xe9 (1).MOV")],
            )
            planned = make_plan(
                journal,
                request(first, record(self.path(b"a/original.jpg"))),
                request(
                    record(self.path(b"c/small.jpg")),
                    record(self.path(b"a/large.jpg")),
                    Kind.RESIZED,
                ),
                *self.third(),
                merge_metadata=self.merging,
            )
            run(planned, journal)
            undo(journal, None, None)
        except (UserError, OSError):
            return

    def third(self) -> list[RemovalRequest]:
        """A RAW, whose keeper has no file yet that could take what it says."""
        if not self.merging:
            return []
        victim, keeper = record(self.path(b"c/other.dng")), record(self.path(b"a/raw.dng"))
        return [request(victim, keeper, Kind.RESIZED)]

    def restart(self) -> None:
        """What every start does."""
        journal = Journal(self.data)
        recover(journal)
        journal.close()


def survey(scene: Scene, fault: Callable[[int], Fault], step: int, name: str) -> Iterator[str]:
    """Strike at every step-th point until the work gets through untouched; violations in words."""
    at = 1
    while True:
        scene.build()
        before = auditor.look(scene.root, scene.data)
        outcome = tracer.run(scene.act, fault(at))
        yield from _judge(scene, before, outcome, f"{name} at call {at}")
        if outcome.calls < at:
            return
        at += step


def _judge(scene: Scene, before: auditor.Seen, outcome: Outcome, where: str) -> Iterator[str]:
    """Count the point, restart without faults, and hold the law against what is there."""
    yield ""
    if outcome.crashed:
        yield f"{where}: crashed with {outcome.status}"
    if _in_child(scene.restart) != 0:
        yield f"{where}: the restart crashed"
    for wrong in auditor.audit(scene.root, scene.data, before):
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
    yield from survey(scene, Fault, step, "killed")


def every(scene: Scene, step: int) -> Iterator[str]:
    """SIGKILL at every file system call at all, those that only read included."""
    yield from survey(scene, lambda at: Fault(at, tracer.EVERY), step, "killed")


def events(scene: Scene, step: int) -> Iterator[str]:
    """SIGKILL at every event that Python itself reports; runs where nothing can be traced."""
    at = 1
    while True:
        scene.build()
        before = auditor.look(scene.root, scene.data)
        status = _in_child(lambda at=at: _act_and_die(scene, at))  # type: ignore[misc]
        yield from _judge(scene, before, Outcome(at, status), f"killed at event {at}")
        if status == 0:
            return
        at += step


def _act_and_die(scene: Scene, at: int) -> None:
    left = at
    wanted = ("open", "os.", "ctypes.call", "ctypes.dlsym", "sqlite3.", "shutil.")

    def count(event: str, _arguments: tuple[object, ...]) -> None:
        nonlocal left
        if event.startswith(wanted):
            left -= 1
            if left == 0:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(count)
    scene.act()


def nested(scene: Scene, step: int) -> Iterator[str]:
    """Killed in the middle, and the recovery killed at every call too."""
    scene.build()
    calls = tracer.run(scene.act, Fault(1 << 30)).calls
    for first in range(1, calls + 1, step):
        at = 0
        while True:
            at += 1
            scene.build()
            before = auditor.look(scene.root, scene.data)
            tracer.run(scene.act, Fault(first))
            outcome = tracer.run(scene.restart, Fault(at))
            yield from _judge(scene, before, outcome, f"killed at {first}, restart at {at}")
            if outcome.calls < at:
                break


def errors(scene: Scene, step: int) -> Iterator[str]:
    """Each kind of failure at every call that can fail so."""
    for name, (number, names, on) in ERRORS.items():
        yield from survey(
            scene,
            lambda at, number=number, names=names, on=on: Fault(  # type: ignore[misc]
                at, names, error=number, on=on
            ),
            step,
            name,
        )


CAMPAIGNS: dict[str, Callable[[Scene, int], Iterator[str]]] = {
    "kill": kill,
    "every": every,
    "events": events,
    "nested": nested,
    "errors": errors,
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("which", choices=CAMPAIGNS)
    parser.add_argument("--merging", action="store_true", help="merge metadata while removing")
    parser.add_argument("--step", type=int, default=1, help="strike at every STEP-th point only")
    arguments = parser.parse_args()
    memory = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None  # a kill needs no real disk
    with tempfile.TemporaryDirectory(dir=memory) as folder:
        scene = Scene(Path(folder) / "scene", arguments.merging)
        os.environ["HOME"] = str(scene.root)
        os.environ["XDG_DATA_HOME"] = str(scene.root / ".local" / "share")
        answers = list(CAMPAIGNS[arguments.which](scene, arguments.step))
    violations = [answer for answer in answers if answer]
    print(json.dumps({"points": answers.count(""), "violations": violations}))


if __name__ == "__main__":
    main()
