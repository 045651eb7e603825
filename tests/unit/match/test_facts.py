# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
from __future__ import annotations

from dataclasses import replace

import pytest

from imgdupe.match.facts import Capture, facts_of
from imgdupe.records import Metadata

SHOT = Metadata(600, 400, "JPEG", taken_at="2024-05-01T10:00:00.25", camera="Made 1", serial="17")
UNKNOWN, SAME, OTHER = Capture.UNKNOWN, Capture.SAME_MOMENT, Capture.OTHER


@pytest.mark.parametrize(
    ("changes", "capture"),
    [
        ({}, SAME),
        ({"taken_at": "2024-05-01T10:00:00.250"}, SAME),
        ({"taken_at": "2024-05-01T10:00:00"}, SAME),
        ({"taken_at": "2024-05-01T10:00:00.28"}, OTHER),
        ({"taken_at": "2024-05-01T10:00:03"}, OTHER),
        ({"taken_at": "2024-05-01T11:00:00.25"}, SAME),
        ({"taken_at": "2024-05-01T11:00:00.31"}, OTHER),
        ({"taken_at": "2024-05-02T10:07:00.25"}, OTHER),
        ({"taken_at": None}, UNKNOWN),
        ({"taken_at": "nonsense"}, UNKNOWN),
        ({"serial": "18", "taken_at": "2024-05-01T10:00:03"}, UNKNOWN),
        ({"serial": None}, SAME),
        ({"serial": None, "camera": "Made 2"}, UNKNOWN),
        ({"serial": None, "camera": None, "taken_at": None}, UNKNOWN),
    ],
)
def test_what_the_camera_wrote(changes: dict[str, str | None], capture: Capture) -> None:
    other = replace(SHOT, **changes)  # type: ignore[arg-type]
    assert facts_of(SHOT, other).capture is capture
    assert facts_of(other, SHOT).capture is capture


def test_the_shutter_count_tells_captures_apart() -> None:
    first, second = replace(SHOT, shutter_count=100), replace(SHOT, shutter_count=101)
    facts = facts_of(first, second)
    assert facts.capture is OTHER
    assert facts.note == "same camera, other shutter count"
    assert facts_of(first, SHOT).capture is SAME


def test_the_gap_is_in_seconds() -> None:
    assert facts_of(SHOT, replace(SHOT, taken_at="2024-05-01T10:00:03.75")).gap_s == 3.5
