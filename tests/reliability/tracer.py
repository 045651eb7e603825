# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""Runs a function in a forked child, stops it at its n-th file system call, and kills it there,
or lets that call fail. The same as `strace -e inject=…`, without a start of Python per point.

Linux. Failing calls need x86-64 registers. Only for single-threaded processes.
"""

from __future__ import annotations

import ctypes
import functools
import os
import platform
import signal
import struct
import sys
import traceback
from collections.abc import Callable, Collection
from dataclasses import dataclass

_TRACEME, _POKEUSER, _SYSCALL = 0, 6, 24
_SETOPTIONS, _GET_SYSCALL_INFO = 0x4200, 0x420E
_OPTIONS = 1 | 0x100000  # TRACESYSGOOD, EXITKILL
_ENTRY, _EXIT = 1, 2
_ORIG_RAX, _RAX = 15 * 8, 10 * 8
_NUMBERS = {
    "x86_64": "0 read 1 write 2 open 3 close 4 stat 5 fstat 6 lstat 17 pread64 18 pwrite64 72 fcntl"
    " 74 fsync 75 fdatasync 77 ftruncate 82 rename 83 mkdir 84 rmdir 86 link 87 unlink"
    " 217 getdents64 257 openat 258 mkdirat 262 newfstatat 263 unlinkat 264 renameat 265 linkat"
    " 316 renameat2",
    "aarch64": "25 fcntl 34 mkdirat 35 unlinkat 37 linkat 38 renameat 46 ftruncate 56 openat"
    " 57 close 61 getdents64 63 read 64 write 67 pread64 68 pwrite64 79 newfstatat 80 fstat"
    " 82 fsync 83 fdatasync 276 renameat2",
}


def _names(table: str) -> dict[int, str]:
    words = table.split()
    return dict(zip(map(int, words[::2]), words[1::2], strict=True))


NAMES = _names(_NUMBERS.get(platform.machine(), ""))
CHANGING = frozenset(
    {"write", "pwrite64", "open", "openat", "fsync", "fdatasync", "ftruncate", "rename"}
    | {"mkdir", "rmdir", "link", "unlink", "mkdirat", "unlinkat", "linkat", "renameat", "renameat2"}
)
"""Calls after which the disk, or what is known of it, may differ: the points worth a kill."""
EVERY = frozenset(NAMES.values())

SYNCING = frozenset({"fsync", "fdatasync"})
Witness = Callable[[int, int], None]
"""Told (process id, descriptor) after each sync that succeeded, while the child stands still."""

CRASHED = 70


@dataclass(frozen=True, slots=True)
class Outcome:
    """How many calls of the chosen names were made, and how the child ended (waitpid's status)."""

    calls: int
    status: int

    @property
    def was_killed(self) -> bool:
        return os.WIFSIGNALED(self.status) and os.WTERMSIG(self.status) == signal.SIGKILL

    @property
    def crashed(self) -> bool:
        return not self.was_killed and self.status != 0


@dataclass(frozen=True, slots=True)
class Fault:
    """At the `at`-th call (from 1) of `names`: kill, or fail with `error`.

    `on`: every later one too.
    """

    at: int
    names: Collection[str] = CHANGING
    error: int | None = None
    on: bool = False


def can_trace() -> bool:
    """This machine lets a process trace its child."""
    if not sys.platform.startswith("linux") or not NAMES:
        return False
    try:
        return run(lambda: None, Fault(1 << 30)).status == 0
    except OSError:
        return False


def can_fail() -> bool:
    """Calls can be made to fail here."""
    return platform.machine() == "x86_64" and can_trace()


@functools.cache
def _library() -> ctypes.CDLL:
    library = ctypes.CDLL(None, use_errno=True)
    library.ptrace.argtypes = [ctypes.c_long, ctypes.c_long, ctypes.c_void_p, ctypes.c_void_p]
    library.ptrace.restype = ctypes.c_long
    return library


def _ptrace(request: int, pid: int, address: int = 0, data: int = 0) -> int:
    answer = int(_library().ptrace(request, pid, address, data))
    if answer < 0:
        raise OSError(ctypes.get_errno(), "ptrace")
    return answer


def run(work: Callable[[], None], fault: Fault, witness: Witness | None = None) -> Outcome:
    """Run `work` in a child under the fault; an exception in it ends the child with CRASHED."""
    pid = os.fork()
    if pid == 0:
        _be_child(work)
    os.waitpid(pid, 0)
    try:
        _ptrace(_SETOPTIONS, pid, 0, _OPTIONS)
        return _Trace(pid, fault, witness).follow()
    except BaseException:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
        raise


def _be_child(work: Callable[[], None]) -> None:
    status = CRASHED
    try:
        _ptrace(_TRACEME, 0)
        os.kill(os.getpid(), signal.SIGSTOP)
        work()
        status = 0
    except BaseException:  # noqa: BLE001 - the child must end here, whatever happened
        traceback.print_exc()
    finally:
        os._exit(status)


class _Trace:
    """Counts the calls of one child and strikes."""

    def __init__(self, pid: int, fault: Fault, witness: Witness | None) -> None:
        self._pid = pid
        self._fault = fault
        self._witness = witness
        self._synced: int | None = None
        self._wanted = {number for number, name in NAMES.items() if name in fault.names}
        self._calls = 0
        self._failing = False
        self._killed = False
        self._info = ctypes.create_string_buffer(88)

    def follow(self) -> Outcome:
        deliver = 0
        while True:
            if not self._killed:
                _ptrace(_SYSCALL, self._pid, 0, deliver)
            _, status = os.waitpid(self._pid, 0)
            if not os.WIFSTOPPED(status):
                return Outcome(self._calls, status)
            deliver = os.WSTOPSIG(status)
            if deliver == signal.SIGTRAP | 0x80:
                deliver = 0
                self._at_call()

    def _at_call(self) -> None:
        address = ctypes.addressof(self._info)
        _ptrace(_GET_SYSCALL_INFO, self._pid, len(self._info), address)
        kind = self._info.raw[0]
        if kind == _EXIT and self._failing:
            _ptrace(_POKEUSER, self._pid, _RAX, -(self._fault.error or 0))
            self._failing = False
        if kind == _EXIT and self._synced is not None and self._info.raw[32] == 0:
            if self._witness is not None:
                self._witness(self._pid, self._synced)
            self._synced = None
        if kind != _ENTRY:
            return
        number, first = struct.unpack_from("QQ", self._info, 24)
        self._synced = first if NAMES.get(number) in SYNCING else None
        if number not in self._wanted:
            return
        self._calls += 1
        if self._calls == self._fault.at or (self._fault.on and self._calls > self._fault.at):
            if self._fault.error is None:
                os.kill(self._pid, signal.SIGKILL)
                self._killed = True
            else:
                _ptrace(_POKEUSER, self._pid, _ORIG_RAX, -1)
                self._failing = True
