# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""The project's own source as data: which module imports what, where functions begin and end."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
_LEFT_OUT = {"__pycache__", ".venv", ".git"}


@dataclass(frozen=True, slots=True)
class Import:
    """One imported module: `module` as a dotted name, where it is imported and on which line."""

    importer: str
    module: str
    line: int

    def __str__(self) -> str:
        return f"{self.importer}:{self.line} imports {self.module}"


def python_files(*folders: str) -> list[Path]:
    """Every .py file under these folders of the repository, sorted."""
    found = [path for folder in folders for path in (REPOSITORY / folder).rglob("*.py")]
    return sorted(path for path in found if not _LEFT_OUT.intersection(path.parts))


def name_of(path: Path) -> str:
    """`imgdupe/catalog/paths.py` -> the same text, relative to the repository, with slashes."""
    return path.relative_to(REPOSITORY).as_posix()


@cache
def tree_of(path: Path) -> ast.Module:
    """The parsed file."""
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


def imports_of(path: Path) -> Iterator[Import]:
    """Every import in the file, the late ones inside functions and TYPE_CHECKING included.

    `from imgdupe import records` counts as `imgdupe.records`.
    """
    package = [*path.relative_to(REPOSITORY).parent.parts]
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield Import(name_of(path), alias.name, node.lineno)
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else []
            module = ".".join([*base, *([node.module] if node.module else [])])
            for alias in node.names:
                yield Import(name_of(path), f"{module}.{alias.name}", node.lineno)


def functions_of(path: Path) -> Iterator[tuple[str, int]]:
    """(name, lines) of every function and method in the file, decorators not counted."""
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node.name, (node.end_lineno or node.lineno) - node.lineno + 1


def calls_of(path: Path) -> Iterator[tuple[str, int]]:
    """(dotted name as written, line) of every call in the file, such as `os.replace`."""
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Call):
            yield ast.unparse(node.func), node.lineno
