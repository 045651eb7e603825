# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""Sizes, headers and the other rules that a reader relies on."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from tests.helpers.source import REPOSITORY, calls_of, functions_of, name_of, python_files, tree_of

MODULE_CAP = 400
FUNCTION_CAP = 50
HEADER = (
    "# SPDX-FileCopyrightText: 2026 The imgdupe authors",
    "# SPDX-License-Identifier: MIT",
)
TEXT_FILES = {
    ".py",
    ".md",
    ".toml",
    ".yaml",
    ".yml",
    ".json",
    ".desktop",
    ".xml",
    ".svg",
    ".ts",
    "",
}
# Written in pieces, so that this file does not find itself.
WORKPLACE = re.compile(
    "|".join([r"(?<![\w.])/" + "work/", r"(?<![\w.])/" + "root/", "/tmp/" + "brief"])
)
UNFINISHED = re.compile("|".join(["TO" + "DO", "FIX" + "ME", "X" + "XX"]))
# Calls that move, remove or change a file; only these places may use them.
TOUCHES = re.compile(
    r"^(os\.(remove|unlink|rename|renames|replace|rmdir|removedirs|truncate|chmod|utime|link)"
    r"|shutil\.(move|rmtree|copy|copy2|copyfile|copytree)"
    r"|.*\.(unlink|rmdir|moveToTrash|rename))$"
)
MAY_TOUCH = (
    "imgdupe/removal/",  # the only code that moves a user's file
    "imgdupe/catalog/",  # its own files, below the data, cache and settings folders
)


def _everywhere() -> list[Path]:
    return python_files("imgdupe", "tests", "packaging")


def _ours() -> list[Path]:
    folders = ("imgdupe", "tests", "packaging", "resources", ".ci")
    found = [path for folder in folders for path in (REPOSITORY / folder).rglob("*")]
    found += [path for path in REPOSITORY.glob("*") if path.name != ".git"]  # a worktree's pointer
    return sorted(
        path
        for path in found
        if path.is_file() and path.suffix in TEXT_FILES and "__pycache__" not in path.parts
    )


@pytest.mark.parametrize("path", _everywhere(), ids=name_of)
def test_modules_are_small_and_carry_their_header(path: Path) -> None:
    lines = path.read_text(encoding="utf-8").splitlines()
    if not lines and path.name == "__init__.py":
        return
    head = lines[1:3] if lines[0].startswith("#!") else lines[:2]
    assert tuple(head) == HEADER
    assert len(lines) <= MODULE_CAP


@pytest.mark.parametrize("path", _everywhere(), ids=name_of)
def test_functions_are_small(path: Path) -> None:
    long = [f"{name}: {lines} lines" for name, lines in functions_of(path) if lines > FUNCTION_CAP]
    assert not long


@pytest.mark.parametrize("path", python_files("imgdupe"), ids=name_of)
def test_modules_say_what_they_are_for(path: Path) -> None:
    tree = tree_of(path)
    if not tree.body and path.name == "__init__.py":
        return
    assert ast.get_docstring(tree)
    assert "from __future__ import annotations" in path.read_text() or path.name == "__init__.py"


def test_no_file_names_a_workplace() -> None:
    found = [
        f"{name_of(path)}:{number}"
        for path in _ours()
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if WORKPLACE.search(line)
    ]
    assert not found


def test_nothing_is_left_for_later() -> None:
    found = [
        f"{name_of(path)}:{number}"
        for path in _everywhere()
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if UNFINISHED.search(line)
    ]
    assert not found


def test_only_removal_touches_the_photographs() -> None:
    found = [
        f"{name_of(path)}:{line} calls {call}"
        for path in python_files("imgdupe")
        if not name_of(path).startswith(MAY_TOUCH)
        for call, line in calls_of(path)
        if TOUCHES.match(call)
    ]
    assert not found
