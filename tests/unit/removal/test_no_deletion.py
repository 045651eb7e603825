# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""There is no way to delete a photograph: every unlink in the package is named here."""

from __future__ import annotations

import ast
import re
from pathlib import Path

from tests.helpers.source import REPOSITORY, python_files, tree_of

# What destroys a file or its content, in any spelling.
DESTROYS = re.compile(
    r"(^|\.)(unlink|unlinkat|remove|rmtree|removedirs|rmdir|truncate|ftruncate|replace|move)$"
)
ALLOWED = {
    ("alias.py", "is_alias"),  # the probe file it made itself, empty
    ("litter.py", "clear"),  # its own note
    ("litter.py", "sweep"),  # a noted file of ours that holds what was noted
    ("rewrite.py", "_drop_unused"),  # a version that it wrote, while the old one is in place
    ("rewrite.py", "_take_back_new"),  # a sidecar that it wrote, as it wrote it
    ("moves.py", "drop_second_name"),  # the second name of a file, after a look at both
    ("trash.py", "_reserve"),  # the info file it made itself
    ("trash.py", "release"),  # the info file of an empty slot
}
# dataclasses.replace by that name alone; the batch's own step; the trash's way to move
NOT_FILES = {"replace", "batch.remove", "self.move"}


def calls(path: Path) -> list[tuple[str, str]]:
    """(function, call as written) of each call in the file."""
    return [
        (function.name, ast.unparse(node.func))
        for function in ast.walk(tree_of(path))
        if isinstance(function, ast.FunctionDef)
        for node in ast.walk(function)
        if isinstance(node, ast.Call)
    ]


def test_every_call_that_destroys_is_known() -> None:
    found = {
        (path.name, function)
        for path in python_files("imgdupe/removal")
        for function, call in calls(path)
        if DESTROYS.search(call) and call not in NOT_FILES
    }
    assert found == ALLOWED


def test_files_are_opened_for_writing_only_where_they_are_ours() -> None:
    writing = {
        path.name
        for path in python_files("imgdupe/removal")
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Attribute) and node.attr in {"O_WRONLY", "O_RDWR", "O_TRUNC"}
    }
    assert writing == {"alias.py", "rewrite.py", "trash.py"}
    text = {path.name: path.read_text() for path in python_files("imgdupe/removal")}
    opened = {name for name, body in text.items() if re.search(r"open\([^)]*\"[awx]", body)}
    assert opened == {"journal.py", "litter.py"}


def test_renaming_has_one_door() -> None:
    """Nothing but `moves` renames; the journal may set its own damaged database aside."""
    found = {
        path.name
        for path in python_files("imgdupe/removal")
        for _function, call in calls(path)
        if call in {"os.rename", "os.renames", "os.link", "os.symlink", "os.replace"}
    }
    assert found == {"moves.py", "journal.py"}


def test_the_state_machine_is_drawn() -> None:
    drawing = ast.get_docstring(tree_of(REPOSITORY / "imgdupe" / "removal" / "__init__.py")) or ""
    for state in ("PLANNED", "CHECKED", "INTENT", "MOVED", "TRASHED", "UNDOING", "UNDONE"):
        assert state in drawing
    for way_out in ("RESTORED", "VOID", "NEEDS_USER", "refused"):
        assert way_out in drawing
