# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""Whatever is asked, in whatever order, with whatever lies: the last copy never goes."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from imgdupe.errors import UserError
from imgdupe.records import Kind, PhotoRecord
from imgdupe.removal.execute import BatchResult
from imgdupe.removal.undo import undo
from tests.reliability import auditor
from tests.reliability.scenes import Stage, memory, record, request, run

FILES = 7
ROUTES = 10  # more numbers than files: the rest are other names of the same files
KINDS = [Kind.IDENTICAL, Kind.IDENTICAL, Kind.SAME_PIXELS, Kind.EDITED, Kind.SIMILAR]


@dataclass(frozen=True, slots=True)
class Wish:
    """One request by numbers; `undo` first takes the last batch back."""

    victim: int
    keeper: int
    kind: Kind


wishes = st.builds(
    Wish, st.integers(0, ROUTES - 1), st.integers(0, ROUTES - 1), st.sampled_from(KINDS)
)
batches = st.lists(
    st.tuples(st.booleans(), st.booleans(), st.lists(wishes, min_size=1, max_size=9)),
    min_size=1,
    max_size=4,
)
layouts = st.lists(st.integers(0, 2), min_size=FILES, max_size=FILES)


@contextmanager
def a_stage() -> Iterator[Stage]:
    with tempfile.TemporaryDirectory(dir=memory()) as folder, pytest.MonkeyPatch.context() as patch:
        stage = Stage(Path(folder) / "stage")
        patch.setenv("XDG_DATA_HOME", str(stage.trash.parent))
        yield stage
        stage.journal.close()


def routes_of(stage: Stage, layout: list[int]) -> list[bytes]:
    """Files of three contents in two folders; a hard link, and names through a linked folder."""
    paths = [
        stage.add(f"{'ab'[number % 2]}/{number}.jpg", b"content %d" % content * 20)
        for number, content in enumerate(layout)
    ]
    (stage.lib / "c").symlink_to(stage.lib / "a")
    hard = os.fsencode(stage.lib / "b" / "hard.jpg")
    os.link(paths[0], hard)
    alias = [os.fsencode(stage.lib / "c" / f"{number}.jpg") for number in (0, 2)]
    return [*paths, hard, *alias]


def contents_in_library(stage: Stage) -> set[str]:
    seen = auditor.look(stage.lib, stage.data)
    return {digest for digest, _time, _mode in seen.values()}


def attack(layout: list[int], plan: list[tuple[bool, bool, list[Wish]]]) -> None:
    with a_stage() as stage:
        routes = routes_of(stage, layout)
        photos = [record(path) for path in routes]
        stage.freeze()
        all_contents = contents_in_library(stage)
        only_identical = True
        for take_back, rescan, wanted in plan:
            if take_back:
                _take_back(stage)
            if rescan:
                photos = [_seen_again(photo) for photo in photos]
            requests = [request(photos[w.victim], photos[w.keeper], w.kind) for w in wanted]
            result = run(stage.plan(*requests), stage.journal)
            only_identical &= all(wish.kind is Kind.IDENTICAL for wish in wanted)
            _check(stage, result)
            if only_identical:
                assert contents_in_library(stage) == all_contents
        assert contents_in_library(stage)
        stage.hold_the_law()


def _seen_again(photo: PhotoRecord) -> PhotoRecord:
    """What a rescan says; a photo that is gone stays as the window last showed it."""
    return record(photo.path) if os.path.exists(photo.path) else photo


def _take_back(stage: Stage) -> None:
    try:
        assert undo(stage.journal, None, None).failed == ()
    except UserError:
        return  # nothing was removed yet


def _check(stage: Stage, result: BatchResult) -> None:
    """Each keeper of this batch stayed, and nothing that moved was one."""
    moved = {each.path for each in result.moved}
    for each in result.moved:
        assert each.keeper is not None
        assert os.path.isfile(each.keeper)
        assert each.keeper not in moved
        assert not os.path.exists(each.path)


@given(layouts, batches)
@settings(max_examples=120, suppress_health_check=list(HealthCheck))
def test_the_last_copy_never_goes(
    layout: list[int], plan: list[tuple[bool, bool, list[Wish]]]
) -> None:
    attack(layout, plan)


def test_a_selection_of_everything_leaves_something() -> None:
    """Everybody is a victim of somebody: around in a ring, all of each other, all of one."""
    ring = [Wish(number, (number + 1) % FILES, Kind.IDENTICAL) for number in range(FILES)]
    everybody = [Wish(a, b, Kind.IDENTICAL) for a in range(ROUTES) for b in range(ROUTES)]
    of_one = [Wish(number, 0, Kind.IDENTICAL) for number in range(ROUTES)]
    for wanted in (ring, everybody, of_one):
        attack([0] * FILES, [(False, False, wanted)] * 2)


def test_chains_over_several_batches_leave_the_last() -> None:
    chain = [(False, False, [Wish(n, n + 1, Kind.SIMILAR)]) for n in range(FILES - 1)]
    attack([0, 1, 2, 0, 1, 2, 0], chain)
    at_once = [wish for _, _, wanted in chain for wish in wanted]
    attack([0, 1, 2, 0, 1, 2, 0], [(False, False, at_once)])


@pytest.mark.campaign
def test_ten_thousand_hostile_batches(points: Callable[[int], None]) -> None:
    count = 0

    @given(layouts, batches)
    @settings(max_examples=5_500, suppress_health_check=list(HealthCheck), database=None)
    def many(layout: list[int], plan: list[tuple[bool, bool, list[Wish]]]) -> None:
        nonlocal count
        count += len(plan)
        attack(layout, plan)

    many()
    points(count)
    assert count >= 10_000
