# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
from __future__ import annotations

import os

import pytest
from PySide6.QtWidgets import QApplication

from imgdupe.gui import formatting


@pytest.mark.usefixtures("qapp")
def test_counts_have_their_singular_and_their_groups() -> None:
    assert formatting.photos(1) == "1 photo"
    assert formatting.photos(0) == "0 photos"
    assert formatting.photos(31204) == "31,204 photos"
    assert formatting.groups(2310) == "2,310 groups"
    assert formatting.folders(2) == "2 folders"
    assert formatting.files(1) == "1 file"
    assert formatting.problems(14) == "14 problems"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0 bytes"),
        (999, "999 bytes"),
        (1_000, "1.00 kB"),
        (12_345, "12.3 kB"),
        (999_499, "999 kB"),
        (999_500, "1.00 MB"),
        (8_300_000_000, "8.30 GB"),
        (1_940_000_000_000, "1.94 TB"),
        (5_000_000_000_000_000, "5,000 TB"),
    ],
)
def test_sizes_have_three_digits(qapp: QApplication, value: int, text: str) -> None:
    assert formatting.size(value) == text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0, "0 s"), (8.4, "8 s"), (59.6, "1 min 0 s"), (136, "2 min 16 s"), (3900, "1 h 05 min")],
)
def test_durations_have_two_units_at_most(qapp: QApplication, seconds: float, text: str) -> None:
    assert formatting.duration(seconds) == text


def test_only_the_certain_is_a_hundred_per_cent() -> None:
    assert formatting.percent(1.0) == "100 %"
    assert formatting.percent(0.9999) == "99 %"
    assert formatting.percent(0.29) == "29 %"


def test_paths_are_shown_even_when_they_are_no_text(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/ada")
    assert formatting.home_path(b"/home/ada") == "~"
    assert formatting.home_path(b"/home/ada/Bilder/\xc3\xa4.jpg") == "~/Bilder/ä.jpg"
    assert formatting.home_path(b"/home/adam/x") == "/home/adam/x"
    assert formatting.path(b"/a/\xff.jpg") == "/a/�.jpg"
    assert os.sep == "/"


def test_megapixels(qapp: QApplication) -> None:
    assert formatting.megapixels(6000, 4000) == "24.0 MP"
    assert formatting.megapixels(320, 240) == "320 × 240"
