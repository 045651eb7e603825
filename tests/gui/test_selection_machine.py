# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""Marking in any order, with undo, regrouping and restarts between: a group keeps its last copy.

Nothing moves here; what the window would hand to the removal is looked at after every step.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from imgdupe.gui.marks import Marks
from imgdupe.records import Group, Kind, Verdict
from tests.helpers.groups import PlayedSession, PlayedSettings, group, photo

PHOTOS = [photo(f"/{'ab'[number % 2]}/{number}.jpg", number) for number in range(1, 9)]
AWAY = replace(PHOTOS[-1], offline=True)
KINDS = [Kind.IDENTICAL, Kind.RESIZED, Kind.EDITED, Kind.SIMILAR]
places = st.integers(0, 7)
ALL = [*PHOTOS[:-1], AWAY]
photos = st.integers(0, 7)
groupings = st.lists(
    st.tuples(st.lists(photos, min_size=2, max_size=5, unique=True), st.sampled_from(KINDS)),
    min_size=1,
    max_size=4,
)


class Selection(RuleBasedStateMachine):
    """`emptied`: groups whose every photo the user agreed to lose, in so many words."""

    def __init__(self) -> None:
        super().__init__()
        self.session = PlayedSession(settings=PlayedSettings(protected=("/a",)))
        self.groups: list[Group] = []
        self.agreed = False
        self.start([([0, 1, 2], Kind.RESIZED), ([2, 3, 4, 5], Kind.SIMILAR)])

    def start(self, made: list[tuple[list[int], Kind]]) -> None:
        self.marks = Marks(self.session)
        self.regroup(made)

    @rule(made=groupings)
    def restart(self, made: list[tuple[list[int], Kind]]) -> None:
        """The program ends and comes up again with what was stored; agreements are not stored."""
        self.agreed = False
        self.marks.deleteLater()
        self.start(made)

    @rule(made=groupings)
    def regroup(self, made: list[tuple[list[int], Kind]]) -> None:
        """A scan found other groups."""
        self.groups = [group([ALL[n] for n in members], kind) for members, kind in made]
        self.marks.set_groups(self.groups)

    def teardown(self) -> None:
        self.marks.deleteLater()

    def of(self, place: int) -> Group:
        return self.groups[place % len(self.groups)]

    @rule(each=photos)
    def keep(self, each: int) -> None:
        self.marks.keep([ALL[each]])

    @rule(each=st.lists(photos, max_size=5))
    def remove(self, each: list[int]) -> None:
        self.marks.remove([ALL[n] for n in each])

    @rule(each=photos)
    def undecide(self, each: int) -> None:
        self.marks.undecide([ALL[each]])

    @rule(place=places, which=places)
    def keep_this(self, place: int, which: int) -> None:
        of = self.of(place)
        self.marks.keep_this_remove_rest(of, of.members[which % len(of.members)].photo)

    @rule()
    def accept(self) -> None:
        self.marks.accept(self.groups)

    @rule(place=places)
    def next_keeper(self, place: int) -> None:
        self.marks.next_keeper(self.of(place))

    @rule(place=places)
    def part(self, place: int) -> None:
        self.marks.not_duplicates(self.of(place))

    @rule(place=places)
    def whole_group(self, place: int) -> None:
        self.agreed |= self.marks.remove_whole_group(self.of(place))

    @rule()
    def undo(self) -> None:
        self.marks.undo_stack.undo()

    @rule()
    def redo(self) -> None:
        self.marks.undo_stack.redo()

    @invariant()
    def something_stays(self) -> None:
        """Without the user's word for a whole group, each photo goes for one that stays.

        A keeper on a drive that is away is refused by the plan.
        """
        requests = self.marks.removals()
        victims = {each.victim.path for each in requests}
        assert not victims & {each.keeper.path for each in requests if each.keeper is not None}
        assert AWAY.path not in victims
        if not self.agreed:
            assert all(each.keeper is not None for each in requests)
            for of in self.groups:
                assert any(m.photo.path not in victims for m in of.members if not m.photo.offline)

    @invariant()
    def marks_are_stored(self) -> None:
        said = {path: verdict for path, verdict in self.marks.verdicts().items() if verdict}
        assert self.session.stored == said
        assert set(said.values()) <= {Verdict.KEEP, Verdict.REMOVE}


@pytest.mark.usefixtures("qapp")
@pytest.mark.parametrize(
    ("examples", "steps"), [(40, 20), pytest.param(1_000, 50, marks=pytest.mark.campaign)]
)
def test_no_series_of_marks_empties_a_group(
    record_property: Callable[[str, object], None], examples: int, steps: int
) -> None:
    run_state_machine_as_test(
        Selection,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            suppress_health_check=list(HealthCheck),
            database=None,
        ),
    )
    record_property("points", examples * steps)
