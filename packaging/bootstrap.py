#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""The README's two commands, from a bare `python3` to a running program or a finished test.

    python3 packaging/bootstrap.py run  [--yes] [arguments of imgdupe]
    python3 packaging/bootstrap.py test [--yes] [arguments of pytest]

Both make `.venv` beside the source, once; later runs only look whether it still fits. What is
missing from the system (Qt's libraries, venv, a compiler where hnswlib has no wheel) is installed
with apt after asking; `--yes` answers for machines. Where there is no apt, what is missing is
named. Standard library only, because nothing else is there yet; touches nothing outside the
source folder but the packages it asked for.
"""

from __future__ import annotations

import ctypes
import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Callable, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
STAMP = VENV / "imgdupe-stamp"
PYTHONS = ((3, 11), (3, 13))
# What the wheels of PySide6 and Pillow load from the system, and who brings it on Debian/Ubuntu.
LIBRARIES = {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libwayland-cursor.so.0": "libwayland-cursor0",
    "libwayland-egl.so.1": "libwayland-egl1",
}
CHECKS = (
    ("ruff check", ["-m", "ruff", "check"]),
    ("ruff format", ["-m", "ruff", "format", "--check"]),
    ("mypy", ["-m", "mypy"]),
)


class Stop(Exception):  # noqa: N818  it ends the run, and its text says what to do
    """Something that the person at the machine has to do first."""


def main(argv: Sequence[str]) -> int:
    """Do one of the two commands; the exit status is that of imgdupe or of the tests."""
    command, yes, rest = split_arguments(argv)
    if command not in {"run", "test"}:
        print(__doc__)
        return 0 if command in {"", "help", "-h", "--help"} else 2
    try:
        check_python(sys.version_info[:2])
        prepare("test" if command == "test" else "", yes=yes)
    except Stop as stop:
        print(f"\nimgdupe: {stop}", file=sys.stderr)
        return 1
    return test(rest) if command == "test" else run(rest)


def split_arguments(argv: Sequence[str]) -> tuple[str, bool, list[str]]:
    """(command, --yes given, the rest); a `--yes` behind the first other word is imgdupe's own."""
    command, *rest = [*argv] or [""]
    yes = bool(rest) and rest[0] in {"--yes", "-y"}
    return command, yes, rest[1:] if yes else rest


def check_python(version: tuple[int, int]) -> None:
    """Stop where this Python is too old or too new."""
    oldest, newest = PYTHONS
    if not oldest <= version <= newest:
        raise Stop(
            f"this is Python {version[0]}.{version[1]}, and imgdupe needs {oldest[0]}.{oldest[1]} "
            f"to {newest[0]}.{newest[1]}. Start this file with one of them, for example:\n"
            "  python3.12 packaging/bootstrap.py run"
        )


def prepare(extra: str, *, yes: bool) -> None:
    """Bring the system's packages and `.venv` up to date; quick when they are."""
    system = System(yes=yes)
    system.install(missing_packages())
    if stamped(extra):
        return
    make_venv()
    install_hnswlib(system)
    say("installing imgdupe and what it needs (a few minutes the first time)")
    pip("install", "--quiet", "--editable", f".[{extra}]" if extra else ".")
    STAMP.write_text(f"{fingerprint()} {extra}\n", encoding="utf-8")


def missing_packages(loads: Callable[[str], bool] | None = None) -> list[str]:
    """The Debian packages that are still to be installed before pip can start; Linux only."""
    if not sys.platform.startswith("linux"):
        return []
    loads = loads or can_load
    packages = [package for library, package in LIBRARIES.items() if not loads(library)]
    if importlib.util.find_spec("ensurepip") is None:
        packages.insert(0, f"{python_name()}-venv")
    return packages


def can_load(library: str) -> bool:
    """Whether the system's loader finds this library."""
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def python_name() -> str:
    """`python3.11`: how this interpreter and its packages are called."""
    return f"python{sys.version_info[0]}.{sys.version_info[1]}"


class System:
    """The system's package manager, asked at most once per question and never behind one's back."""

    def __init__(self, *, yes: bool) -> None:
        """`yes`: do not ask."""
        self.yes = yes
        self.updated = False

    def install(self, packages: Sequence[str]) -> None:
        """Install these packages with apt; Stop where that cannot be done or is not wanted."""
        if not packages:
            return
        names = " ".join(packages)
        if not shutil.which("apt-get"):
            raise Stop(f"please install what provides these (names as on Debian): {names}")
        by_hand = f"  sudo apt-get install --no-install-recommends {names}"
        say(f"the system lacks: {names}")
        if not self.yes and not ask("Install them now with apt-get?"):
            raise Stop(f"these packages are needed first:\n{by_hand}")
        if not self.updated:
            # A broken third-party source fails the update and does no harm to the rest.
            subprocess.run([*self._become_root(by_hand), "apt-get", "update", "-q"], check=False)
            self.updated = True
        command = ["apt-get", "install", "-q", "-y", "--no-install-recommends"]
        quiet = ["env", "DEBIAN_FRONTEND=noninteractive"]
        names_here = [name_here(package) for package in packages]
        done = subprocess.run(
            [*self._become_root(by_hand), *quiet, *command, *names_here], check=False
        )
        if done.returncode != 0:
            raise Stop(f"apt-get failed (see above). By hand:\n{by_hand}")

    def _become_root(self, by_hand: str) -> list[str]:
        if os.geteuid() == 0:
            return []
        if not shutil.which("sudo"):
            raise Stop(f"installing packages needs root, and there is no sudo. As root:\n{by_hand}")
        return ["sudo"] if sys.stdin.isatty() else ["sudo", "-n"]


def name_here(package: str) -> str:
    """Newer Debian and Ubuntu call some libraries `…t64`."""
    newer = f"{package}t64"
    found = subprocess.run(["apt-cache", "show", newer], capture_output=True, check=False)
    return newer if found.returncode == 0 and found.stdout else package


def ask(question: str) -> bool:
    """Yes or no from the terminal; without one, the answer is no."""
    if not sys.stdin.isatty():
        return False
    return input(f"{question} [Y/n] ").strip().lower() in {"", "y", "yes", "j", "ja"}


def fingerprint() -> str:
    """Changes when the dependencies, this script or the Python version do."""
    digest = hashlib.sha256(python_name().encode())
    for path in (ROOT / "pyproject.toml", Path(__file__)):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def stamped(extra: str) -> bool:
    """Whether `.venv` was finished for just this; one made for the tests also runs the program."""
    try:
        made, _, made_for = STAMP.read_text(encoding="utf-8").rstrip("\n").partition(" ")
    except OSError:
        return False
    return made == fingerprint() and extra in {"", made_for} and venv_python().exists()


def venv_python() -> Path:
    """The interpreter inside `.venv`."""
    return VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def make_venv() -> None:
    """Make `.venv` with pip, or make it anew where it is broken or of another Python."""
    version = "import pip, sys; print('python%d.%d' % sys.version_info[:2])"
    if venv_python().exists():
        found = subprocess.run(
            [venv_python(), "-c", version], capture_output=True, text=True, check=False
        )
        if found.returncode == 0 and found.stdout.strip() == python_name():
            return
    say(f"making the environment in {VENV}")
    done = subprocess.run([sys.executable, "-m", "venv", "--clear", str(VENV)], check=False)
    if done.returncode != 0:
        raise Stop("the environment could not be made (see above)")


def install_hnswlib(system: System) -> None:
    """Its releases are source only; where no wheel fits, compile it for every CPU.

    Its own build asks for `-march=native`, whose result dies on older machines: that is switched
    off, and pip's cache, where such a build may lie, is not asked.
    """
    if is_installed("hnswlib"):
        return
    wheel_only = ["install", "--quiet", "--no-cache-dir", "--only-binary", ":all:", "hnswlib"]
    if pip_succeeds(*wheel_only):
        return
    compiler = ["g++"] if not any(map(shutil.which, ("c++", "g++", "clang++"))) else []
    headers = Path(sysconfig.get_paths()["include"], "Python.h").exists()
    if sys.platform.startswith("linux"):
        system.install(compiler + ([] if headers else [f"{python_name()}-dev"]))
    say("compiling hnswlib (about a minute)")
    pip("install", "--quiet", "--no-cache-dir", "hnswlib", HNSWLIB_NO_NATIVE="1")


def is_installed(module: str) -> bool:
    """Whether the environment can import it."""
    command = [str(venv_python()), "-c", f"import {module}"]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


def pip(*arguments: str, **settings: str) -> None:
    """Run the environment's pip with the user's own pip settings; Stop where it fails."""
    command = [str(venv_python()), "-m", "pip", *arguments]
    done = subprocess.run(command, cwd=ROOT, env={**os.environ, **settings}, check=False)
    if done.returncode != 0:
        raise Stop(
            "pip failed (see above). Without network, or with another package index, set pip up "
            "first (pip config). On Windows, hnswlib needs the Microsoft C++ Build Tools; on "
            "macOS, `xcode-select --install`."
        )


def pip_succeeds(*arguments: str) -> bool:
    """The same, quietly, where failing is an answer."""
    command = [str(venv_python()), "-m", "pip", *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, check=False).returncode == 0


def has_screen() -> bool:
    """Whether a window can open here."""
    if os.name == "nt" or sys.platform == "darwin":
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def run(arguments: Sequence[str]) -> int:
    """Start imgdupe: the window, or the command line where there is no screen."""
    if not arguments and not has_screen():
        say("there is no screen here, so here is the command line:")
        arguments = ["--help"]
    command = [str(venv_python()), "-P", "-m", "imgdupe", *arguments]
    if os.name != "nt":
        os.execv(command[0], command)
    return subprocess.run(command, check=False).returncode


def test(arguments: Sequence[str]) -> int:
    """Style, types, then every test, offscreen; 0 only if all of them pass."""
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}

    def passes(step: Sequence[str]) -> bool:
        command = [str(venv_python()), *step]
        return subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode == 0

    failed = []
    for name, step in CHECKS:
        say(name)
        if not passes(step):
            failed.append(name)
    say("pytest")
    if not passes(["-m", "pytest", *arguments]):
        failed.append("pytest")
    if failed:
        say(f"failed: {', '.join(failed)}")
    return 1 if failed else 0


def say(text: str) -> None:
    """One line of progress, in order with what the tools print."""
    print(f"imgdupe: {text}", flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
