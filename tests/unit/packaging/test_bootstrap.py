# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""The README's commands on machines that this one is not: bare, without root, without apt."""

from __future__ import annotations

import importlib.util
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from tests.helpers.source import REPOSITORY, imports_of

SCRIPT = REPOSITORY / "packaging" / "bootstrap.py"


@pytest.fixture
def bootstrap(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    spec = importlib.util.spec_from_file_location("imgdupe_bootstrap", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    monkeypatch.setattr(module, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(module, "STAMP", tmp_path / ".venv" / "imgdupe-stamp")
    return module


class Machine:
    """Stands for the system: which programs it has, who the user is, what was run on it."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, bootstrap: ModuleType) -> None:
        self.programs = {"apt-get", "sudo"}
        self.uid = 0
        self.terminal = False
        self.newer_names: set[str] = set()
        self.failing: set[str] = set()
        self.ran: list[list[str]] = []
        monkeypatch.setattr(bootstrap.shutil, "which", self._which)
        monkeypatch.setattr(bootstrap.os, "geteuid", lambda: self.uid, raising=False)
        monkeypatch.setattr(bootstrap.sys.stdin, "isatty", lambda: self.terminal, raising=False)
        monkeypatch.setattr(bootstrap.subprocess, "run", self._run)

    def _which(self, name: str) -> str | None:
        return f"/usr/bin/{name}" if name in self.programs else None

    def _run(self, command: list[Any], **_: object) -> subprocess.CompletedProcess[bytes]:
        words = [str(word) for word in command]
        self.ran.append(words)
        if words[:2] == ["apt-cache", "show"]:
            there = words[2] in self.newer_names
            return subprocess.CompletedProcess(words, 0 if there else 100, b"x" if there else b"")
        return subprocess.CompletedProcess(words, int(bool(self.failing & set(words))), b"")


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch, bootstrap: ModuleType) -> Machine:
    return Machine(monkeypatch, bootstrap)


def test_needs_nothing_but_the_standard_library() -> None:
    assert {each.module.split(".")[0] for each in imports_of(SCRIPT)} <= sys.stdlib_module_names


@pytest.mark.parametrize(
    ("argv", "expected"),
    [
        ([], ("", False, [])),
        (["run"], ("run", False, [])),
        (["run", "--yes"], ("run", True, [])),
        (["test", "-y", "-k", "walk"], ("test", True, ["-k", "walk"])),
        (["run", "--yes", "remove", "--yes"], ("run", True, ["remove", "--yes"])),
        (["run", "remove", "--yes"], ("run", False, ["remove", "--yes"])),
    ],
)
def test_arguments(bootstrap: ModuleType, argv: list[str], expected: object) -> None:
    assert bootstrap.split_arguments(argv) == expected


@pytest.mark.parametrize("version", [(3, 11), (3, 12), (3, 13)])
def test_supported_pythons(bootstrap: ModuleType, version: tuple[int, int]) -> None:
    bootstrap.check_python(version)


@pytest.mark.parametrize("version", [(3, 10), (3, 14)])
def test_other_pythons_are_told_so(bootstrap: ModuleType, version: tuple[int, int]) -> None:
    with pytest.raises(bootstrap.Stop, match=r"needs 3\.11 to 3\.13"):
        bootstrap.check_python(version)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="system packages are for Linux")
def test_missing_libraries_become_packages(bootstrap: ModuleType) -> None:
    assert bootstrap.missing_packages(lambda library: library != "libEGL.so.1") == ["libegl1"]
    assert bootstrap.missing_packages(lambda _: True) == []


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="system packages are for Linux")
def test_missing_venv_becomes_a_package(
    bootstrap: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    find_spec: Callable[[str], object] = importlib.util.find_spec
    monkeypatch.setattr(
        bootstrap.importlib.util,
        "find_spec",
        lambda name: None if name == "ensurepip" else find_spec(name),
    )
    assert bootstrap.missing_packages(lambda _: True) == [
        f"python{sys.version_info[0]}.{sys.version_info[1]}-venv"
    ]


def test_the_loader_is_really_asked(bootstrap: ModuleType) -> None:
    assert not bootstrap.can_load("libthere-is-no-such-library.so.77")


def test_root_installs_at_once(bootstrap: ModuleType, machine: Machine) -> None:
    machine.newer_names = {"libglib2.0-0t64"}
    bootstrap.System(yes=True).install(["libegl1", "libglib2.0-0"])
    installing = machine.ran[-1]
    assert installing[0] == "env"
    assert installing[-2:] == ["libegl1", "libglib2.0-0t64"]
    assert ["apt-get", "update", "-q"] in machine.ran


def test_a_user_goes_through_sudo(bootstrap: ModuleType, machine: Machine) -> None:
    machine.uid = 1000
    bootstrap.System(yes=True).install(["libegl1"])
    assert machine.ran[-1][:2] == ["sudo", "-n"]
    assert machine.ran[-1][-1] == "libegl1"


def test_apt_is_updated_once(bootstrap: ModuleType, machine: Machine) -> None:
    system = bootstrap.System(yes=True)
    system.install(["libegl1"])
    system.install(["g++"])
    assert sum("update" in command for command in machine.ran) == 1


def test_nothing_is_installed_unasked(bootstrap: ModuleType, machine: Machine) -> None:
    with pytest.raises(bootstrap.Stop, match=r"sudo apt-get install .* libegl1"):
        bootstrap.System(yes=False).install(["libegl1"])
    assert machine.ran == []


@pytest.mark.parametrize(("answer", "installed"), [("", True), ("y", True), ("n", False)])
def test_the_answer_decides(
    bootstrap: ModuleType,
    machine: Machine,
    monkeypatch: pytest.MonkeyPatch,
    answer: str,
    installed: bool,
) -> None:
    machine.terminal = True
    monkeypatch.setattr("builtins.input", lambda _: answer)
    if installed:
        bootstrap.System(yes=False).install(["libegl1"])
    else:
        with pytest.raises(bootstrap.Stop):
            bootstrap.System(yes=False).install(["libegl1"])
    assert bool(machine.ran) is installed


@pytest.mark.parametrize(
    ("programs", "uid", "text"),
    [(set(), 0, "names as on Debian"), ({"apt-get"}, 1000, "needs root, and there is no sudo")],
)
def test_what_cannot_be_installed_is_named(
    bootstrap: ModuleType, machine: Machine, programs: set[str], uid: int, text: str
) -> None:
    machine.programs, machine.uid = programs, uid
    with pytest.raises(bootstrap.Stop, match=text) as stop:
        bootstrap.System(yes=True).install(["libegl1"])
    assert "libegl1" in str(stop.value)


def test_a_failing_apt_stops(bootstrap: ModuleType, machine: Machine) -> None:
    machine.failing = {"libegl1"}
    with pytest.raises(bootstrap.Stop, match="apt-get failed"):
        bootstrap.System(yes=True).install(["libegl1"])


def test_hnswlib_is_compiled_for_every_processor(
    bootstrap: ModuleType, machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    machine.failing = {"import hnswlib", ":all:"}  # not there yet, and no wheel
    built: list[tuple[tuple[str, ...], dict[str, str]]] = []
    monkeypatch.setattr(bootstrap, "pip", lambda *words, **env: built.append((words, env)))
    bootstrap.install_hnswlib(bootstrap.System(yes=True))
    if sys.platform.startswith("linux"):
        assert any("g++" in command for command in machine.ran)
    ((words, settings),) = built
    assert "--no-cache-dir" in words
    assert settings == {"HNSWLIB_NO_NATIVE": "1"}


def test_a_wheel_of_hnswlib_needs_no_compiler(
    bootstrap: ModuleType, machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    machine.failing = {"import hnswlib"}
    monkeypatch.setattr(bootstrap, "pip", lambda *_, **__: pytest.fail("compiled for nothing"))
    bootstrap.install_hnswlib(bootstrap.System(yes=True))
    assert not any("g++" in command for command in machine.ran)


def _finish(bootstrap: ModuleType, extra: str) -> None:
    python: Path = bootstrap.venv_python()
    python.parent.mkdir(parents=True)
    python.touch()
    bootstrap.STAMP.write_text(f"{bootstrap.fingerprint()} {extra}\n", encoding="utf-8")


@pytest.mark.parametrize(
    ("made_for", "wanted", "good"),
    [("", "", True), ("test", "test", True), ("test", "", True), ("", "test", False)],
)
def test_a_finished_environment_is_kept(
    bootstrap: ModuleType, made_for: str, wanted: str, good: bool
) -> None:
    assert not bootstrap.stamped(wanted)
    _finish(bootstrap, made_for)
    assert bootstrap.stamped(wanted) is good


def test_new_dependencies_make_it_stale(
    bootstrap: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _finish(bootstrap, "test")
    (tmp_path / "pyproject.toml").write_text("[project]\n", encoding="utf-8")
    monkeypatch.setattr(bootstrap, "ROOT", tmp_path)
    assert not bootstrap.stamped("test")


def test_another_python_makes_it_stale(
    bootstrap: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    _finish(bootstrap, "test")
    monkeypatch.setattr(bootstrap, "python_name", lambda: "python3.99")
    assert not bootstrap.stamped("test")


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="other systems have a screen")
@pytest.mark.parametrize(
    ("variable", "expected"), [("DISPLAY", True), ("WAYLAND_DISPLAY", True), ("NONE", False)]
)
def test_where_a_window_can_open(
    bootstrap: ModuleType, monkeypatch: pytest.MonkeyPatch, variable: str, expected: bool
) -> None:
    monkeypatch.delenv("DISPLAY", raising=False)
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    monkeypatch.setenv(variable, ":0")
    assert bootstrap.has_screen() is expected


@pytest.mark.parametrize("broken", ["ruff", "mypy", "pytest", None])
def test_one_failing_check_fails_the_command(
    bootstrap: ModuleType,
    machine: Machine,
    capfd: pytest.CaptureFixture[str],
    broken: str | None,
) -> None:
    machine.failing = {broken} if broken else set()
    assert bootstrap.test([]) == (1 if broken else 0)
    assert [command[2] for command in machine.ran] == ["ruff", "ruff", "mypy", "pytest"]
    assert ("failed" in capfd.readouterr().out) is bool(broken)


def test_readme_and_ci_name_the_same_commands() -> None:
    readme = (REPOSITORY / "README.md").read_text(encoding="utf-8")
    commands = set(re.findall(r"python3 (packaging/bootstrap\.py \w+)", readme))
    assert commands == {"packaging/bootstrap.py run", "packaging/bootstrap.py test"}
    ci = (REPOSITORY / ".ci" / "run").read_text(encoding="utf-8")
    assert "python3 packaging/bootstrap.py test --yes" in ci
