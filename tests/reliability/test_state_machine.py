# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""A life with imgdupe, in any order: files come, change, move and go; some are removed and undone.

Between any two steps the program may be killed and started again. A model knows which contents the
user has; the law is held after every step.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from imgdupe.errors import UserError
from imgdupe.records import Kind, PhotoRecord
from imgdupe.removal.entries import State
from imgdupe.removal.undo import undo
from tests.reliability import auditor
from tests.reliability.scenes import Stage, memory, record, request, run

NAMES = [f"{folder}/{number}.jpg" for folder in "ab" for number in range(4)]
names = st.sampled_from(NAMES)
bodies = st.sampled_from([b"one picture " * 9, b"another picture " * 9, b"a third " * 20])
kinds = st.sampled_from([Kind.IDENTICAL, Kind.IDENTICAL, Kind.RESIZED, Kind.SIMILAR])


class Library(RuleBasedStateMachine):
    """`known`: what the last scan saw; `lost`: contents that the user overwrote or deleted."""

    def __init__(self) -> None:
        super().__init__()
        self._folder = tempfile.TemporaryDirectory(dir=memory())
        self._patch = pytest.MonkeyPatch()
        self.stage = Stage(Path(self._folder.name) / "stage")
        self._patch.setenv("XDG_DATA_HOME", str(self.stage.trash.parent))
        self.known: dict[str, PhotoRecord] = {}
        self.kept: set[str] = set()

    def teardown(self) -> None:
        self.stage.journal.close()
        self._patch.undo()
        self._folder.cleanup()

    def path(self, name: str) -> Path:
        return self.stage.lib / name

    def contents(self) -> set[str]:
        """Every content outside the app's data now, in the library or a trash."""
        seen = auditor.look(self.stage.root, self.stage.data)
        return {digest for path, (digest, _, _) in seen.items() if b"/info/" not in path}

    def user_did(self) -> None:
        """What the user did to their own files is theirs; from here on this is what counts."""
        self.kept = self.contents()

    @initialize(names=st.lists(names, min_size=3, unique=True), data=st.data())
    def begin(self, names: list[str], data: st.DataObject) -> None:
        for name in names:
            self.stage.add(name, data.draw(bodies))
        self.user_did()
        self.scan()

    @rule(name=names, body=bodies)
    def save(self, name: str, body: bytes) -> None:
        """A new file, or one that is saved over in place."""
        self.stage.add(name, body)
        self.user_did()

    @rule(name=names, to=names)
    def rename(self, name: str, to: str) -> None:
        if self.path(name).exists() and not self.path(to).exists():
            self.path(to).parent.mkdir(exist_ok=True)
            self.path(name).rename(self.path(to))

    @rule(name=names)
    def delete(self, name: str) -> None:
        self.path(name).unlink(missing_ok=True)
        self.user_did()

    @rule(name=names, to=names)
    def link(self, name: str, to: str) -> None:
        """A hard link: two names of one file."""
        if self.path(name).exists() and not self.path(to).exists():
            self.path(to).parent.mkdir(exist_ok=True)
            os.link(self.path(name), self.path(to))

    @rule()
    def scan(self) -> None:
        self.known = {
            name: record(os.fsencode(self.path(name))) for name in NAMES if self.path(name).exists()
        }

    @precondition(lambda self: len(self.known) > 1)
    @rule(data=st.data(), protect=st.booleans())
    def remove(self, data: st.DataObject, protect: bool) -> None:
        """Any victims for any keepers, as the last scan knew them."""
        photo = st.sampled_from(sorted(self.known))
        wanted = data.draw(st.lists(st.tuples(photo, photo, kinds), min_size=1, max_size=6))
        requests = [request(self.known[a], self.known[b], kind) for a, b, kind in wanted]
        protected = [os.fsencode(self.stage.lib / "a")] if protect else []
        before = {name for name in NAMES if self.path(name).exists()}
        result = run(self.stage.plan(*requests, protected=protected), self.stage.journal)
        gone = before - {name for name in NAMES if self.path(name).exists()}
        assert {os.fsencode(self.path(name)) for name in gone} == {m.path for m in result.moved}
        assert not (protect and any(name.startswith("a/") for name in gone))
        for moved in result.moved:
            assert moved.keeper is not None
            assert os.path.isfile(moved.keeper)

    @rule()
    def take_back(self) -> None:
        try:
            result = undo(self.stage.journal, None, None)
        except UserError:
            return
        assert result.failed == ()
        for _, back in result.restored:
            assert os.path.isfile(back)

    @rule()
    def restart(self) -> None:
        report = self.stage.restart()
        assert report.needs_user == []

    @invariant()
    def nothing_is_lost(self) -> None:
        assert self.contents() >= self.kept

    @invariant()
    def the_trash_is_what_the_journal_says(self) -> None:
        said = {
            each.trash_path
            for batch in self.stage.journal.history()
            for each in batch.items
            if each.state is State.TRASHED
        }
        files = self.stage.trash / "files"
        there = {os.fsencode(path) for path in files.iterdir()} if files.exists() else set()
        assert there == said


def live(examples: int, steps: int) -> None:
    run_state_machine_as_test(
        Library,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            suppress_health_check=list(HealthCheck),
            database=None,
        ),
    )


@pytest.mark.parametrize(
    ("examples", "steps"), [(25, 20), pytest.param(500, 50, marks=pytest.mark.campaign)]
)
def test_any_life_loses_nothing(points: Callable[[int], None], examples: int, steps: int) -> None:
    live(examples, steps)
    points(examples * steps)


def test_the_model_would_notice(tmp_path: Path) -> None:
    """A picture that goes without a word is seen."""
    machine = Library()
    machine.stage.add("a/0.jpg", b"picture")
    machine.user_did()
    (machine.stage.lib / "a" / "0.jpg").unlink()
    with pytest.raises(AssertionError):
        machine.nothing_is_lost()
    machine.teardown()
