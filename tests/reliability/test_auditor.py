# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""The auditor sees each way of breaking the law; else its silence would mean nothing."""

from __future__ import annotations

import ast
import os
from pathlib import Path

import pytest

from tests.helpers.source import REPOSITORY, imports_of, tree_of
from tests.reliability import auditor
from tests.reliability.scenes import Stage, record, request, write


@pytest.fixture
def removed(stage: Stage) -> Stage:
    """One photo in the trash, everything in order."""
    victim, keeper = stage.pair()
    stage.add("bystander.jpg", b"bystander")
    assert stage.remove(request(record(victim), record(keeper))).moved
    assert auditor.audit(stage.root, stage.data, stage.before) == []
    return stage


def complaint(stage: Stage) -> str:
    return "\n".join(auditor.audit(stage.root, stage.data, stage.before))


def test_a_lost_picture(removed: Stage) -> None:
    (removed.lib / "bystander.jpg").unlink()
    assert "lost for good" in complaint(removed)
    assert "not under its name" in complaint(removed)


def test_a_missing_keeper(removed: Stage) -> None:
    keeper = removed.lib / "originals" / "x.jpg"
    keeper.rename(removed.lib / "originals" / "y.jpg")
    assert "the keeper is not in the library" in complaint(removed)
    assert "appeared" in complaint(removed)


def test_an_emptied_trash_and_a_stranger_in_it(removed: Stage) -> None:
    slot = removed.trash / "files" / "x.jpg"
    slot.rename(slot.with_name("stranger.jpg"))
    assert "a row without its file" in complaint(removed)
    assert "in the trash without a row" in complaint(removed)
    assert "an info file without a file" in complaint(removed)


def test_changed_bytes_times_and_modes(removed: Stage) -> None:
    bystander = removed.lib / "bystander.jpg"
    os.utime(bystander, (1, 1))
    assert "changed" in complaint(removed)


def test_a_wrong_info_file(removed: Stage) -> None:
    info = removed.trash / "info" / "x.jpg.trashinfo"
    info.write_bytes(info.read_bytes().replace(b"copies", b"elsewhere"))
    assert "says" in complaint(removed)


def test_an_open_row(removed: Stage) -> None:
    lines = removed.data / "removals.jsonl"
    lines.write_bytes(lines.read_bytes().splitlines(keepends=True)[0])
    assert "open row" in complaint(removed)


def test_a_new_file(removed: Stage) -> None:
    write(removed.lib / "new.jpg", b"new")
    assert "appeared" in complaint(removed)


def test_the_auditor_shares_no_code_with_the_program() -> None:
    path = Path(REPOSITORY / "tests" / "reliability" / "auditor.py")
    modules = {each.module.split(".")[0] for each in imports_of(path)}
    assert not modules & {"imgdupe", "tests"}
    assert ast.get_docstring(tree_of(path))
