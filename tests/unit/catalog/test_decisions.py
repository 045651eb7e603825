# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""Verdicts and not-duplicates: durable, and on a content, not on a name."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from imgdupe.catalog.decisions import Decisions
from imgdupe.records import Verdict

A, B, C = (bytes([number]) * 16 for number in (1, 2, 3))


@pytest.fixture
def decisions(tmp_path: Path) -> Iterator[Decisions]:
    opened = Decisions(tmp_path)
    yield opened
    opened.close()


def test_verdicts_are_set_changed_and_taken_back(decisions: Decisions) -> None:
    decisions.set_verdicts({(b"/a", A): Verdict.REMOVE, (b"/\xff", B): Verdict.KEEP})
    assert decisions.verdicts() == {b"/a": Verdict.REMOVE, b"/\xff": Verdict.KEEP}
    decisions.set_verdicts({(b"/a", A): Verdict.KEEP, (b"/\xff", B): None})
    assert decisions.verdicts() == {b"/a": Verdict.KEEP}


def test_a_verdict_does_not_pass_to_another_picture_of_that_name(decisions: Decisions) -> None:
    decisions.set_verdicts({(b"/a", A): Verdict.REMOVE, (b"/b", B): Verdict.KEEP})
    assert decisions.verdicts({b"/a": C, b"/b": B}) == {b"/b": Verdict.KEEP}


def test_not_duplicates_are_all_pairs(decisions: Decisions) -> None:
    decisions.add_not_duplicates([C, A, B, A])
    assert decisions.not_duplicates() == {(A, B), (A, C), (B, C)}
    decisions.drop_not_duplicates([B, A])
    assert decisions.not_duplicates() == {(A, C), (B, C)}


def test_the_generation_counts_what_changes_groups(decisions: Decisions) -> None:
    before = decisions.generation
    decisions.set_verdicts({(b"/a", A): Verdict.KEEP})
    assert decisions.generation == before
    decisions.add_not_duplicates([A, B])
    assert decisions.generation == before + 1


def test_decisions_survive_damage_of_their_file(tmp_path: Path) -> None:
    decisions = Decisions(tmp_path)
    decisions.add_not_duplicates([A, B])
    decisions.close()
    Decisions(tmp_path).close()
    file = tmp_path / "decisions.db"
    file.write_bytes(file.read_bytes()[:5000])
    decisions = Decisions(tmp_path)
    assert decisions.not_duplicates() == {(A, B)}
    assert "file of your decisions was damaged" in decisions.notices[0]
    decisions.close()
