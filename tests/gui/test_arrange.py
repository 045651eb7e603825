# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""Order, filter and the places of living groups; the cards' flow; how two pictures lie."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPointF

from imgdupe.gui.arrange import Order, Section, folder_pair, folders_of, merged, sections_of
from imgdupe.gui.arrange import arranged as arranged_by
from imgdupe.gui.group_filter import Choices, Filter, choices_of
from imgdupe.gui.pairs import placement, relation_between
from imgdupe.gui.views.flow import Flow
from imgdupe.records import Evidence, Group, Kind, turn_array
from tests.helpers.groups import group, pairs, photo


def arranged(groups: Sequence[Group], order: Order, wanted: Filter) -> list[Group]:
    return arranged_by(groups, order, wanted, lambda _group: False)


def test_orders() -> None:
    small = group([photo("/z/1.jpg", 1, taken_at="2024-05-01"), photo("/b/1.jpg", 2, size=10)])
    large = group([photo("/a/2.jpg", 3), photo("/b/2.jpg", 4), photo("/c/2.jpg", 5)])
    unsure = group(
        [photo("/y/3.jpg", 6, taken_at="2023-01-01"), photo("/b/3.jpg", 7, size=20)],
        probability=0.6,
    )
    every = [small, unsure, large]
    assert arranged(every, Order.SIZE, Filter())[0] is large
    assert arranged(every, Order.COUNT, Filter())[0] is large
    assert arranged(every, Order.PROBABILITY, Filter())[-1] is unsure
    assert arranged(every, Order.DATE, Filter()) == [unsure, small, large]
    assert arranged(every, Order.FOLDERS, Filter())[0] is large
    assert folder_pair(small) == (b"/b", b"/z")


def test_filters() -> None:
    first, second = group([photo("/a/Rain.jpg", 1), photo("/b/1.jpg", 2)]), pairs(1, start=9)[0]
    every = [first, second]
    assert arranged(every, Order.SIZE, Filter("rain")) == [first]
    assert arranged(every, Order.SIZE, Filter(folder=b"/b")) == arranged(
        every, Order.SIZE, Filter()
    )
    assert arranged(every, Order.SIZE, Filter("rain", b"/c")) == []
    assert folders_of(every) == [(b"/a", 2), (b"/b", 2)]


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (Filter(camera="X-T4"), "xy"),
        (Filter(camera="X-T4", format="PNG"), "y"),
        (Filter(keyword="tram"), "x"),
        (Filter(since="2024-05"), "x"),
        (Filter(until="2023"), "y"),
        (Filter(since="2023-07-01", until="2024-05"), "xy"),
        (Filter(least_bytes=5_000_000), "y"),
        (Filter(rating=3), "x"),
        (Filter(reviewed=True), "z"),
        (Filter(reviewed=False), "xy"),
        # One photo has the camera, another one the rating.
        (Filter(camera="X-T4", rating=4), ""),
    ],
)
def test_each_question(wanted: Filter, found: str) -> None:
    tram = photo("/x/1.jpg", 1, taken_at="2024-05-01T10:00:00", camera="X-T4", keywords=("tram",))
    x = group([tram, photo("/x/2.jpg", 2, rating=4)])
    large = photo("/y/1.png", 3, size=5_000_000, taken_at="2023-07-09", camera="X-T4", format="PNG")
    y = group([large, photo("/y/2.jpg", 4)])
    z = group([photo("/z/1.jpg", 5), photo("/z/2.jpg", 6)])
    taken = arranged_by([x, y, z], Order.SIZE, wanted, lambda each: each is z)
    names = {id(x): "x", id(y): "y", id(z): "z"}
    assert "".join(sorted(names[id(each)] for each in taken)) == found
    assert Filter.from_text(wanted.to_text()) == wanted


@pytest.mark.parametrize("text", ["", "{}", "[1]", '{"text": 3}', "null", '{"folder": "zz"}'])
def test_a_filter_that_cannot_be_read_asks_nothing(text: str) -> None:
    assert Filter.from_text(text) == Filter()
    odd = Filter(folder=b"/caf\xe9")
    assert Filter.from_text(odd.to_text()) == odd
    assert Filter.from_text(odd.to_text().replace('"rating": 0', '"rating": "x"')) == Filter()


def test_what_there_is_to_choose_from() -> None:
    first = photo("/x/1.jpg", 1, camera="X-T4", keywords=("tram", "rain"))
    second = photo("/x/2.jpg", 2, camera="X-T4", format="PNG", keywords=("rain",))
    third = photo("/x/3.jpg", 3, camera="Z 5")
    found = choices_of([group([first, second, third])])
    assert found == Choices(["X-T4", "Z 5"], ["JPEG", "PNG"], ["rain", "tram"])


def test_folder_pairs_are_sections_the_largest_first() -> None:
    many = [group([photo(f"/d/{n}.jpg", n), photo(f"/p/{n}.jpg", 50 + n)]) for n in range(1, 4)]
    big = group([photo("/d/b.jpg", 90), photo("/q/b.jpg", 91, size=9_000_000)])
    listed = arranged([many[0], big, *many[1:]], Order.FOLDERS, Filter())
    assert listed == [big, *many]
    assert sections_of(listed) == [
        Section((b"/d", b"/q"), 0, 1, 9_000_000),
        Section((b"/d", b"/p"), 1, 3, 3_000_000),
    ]
    assert sections_of([]) == []


def test_names_that_are_no_utf8_can_be_filtered() -> None:
    odd = photo("/a/x.jpg", 1)
    strange = group([odd, photo("/b/x.jpg", 2)])
    assert Filter("X.JPG").takes(strange, lambda _group: False)


def test_living_groups_keep_their_places() -> None:
    one, two, three = pairs(3)
    grown = group([each.photo for each in one.members] + [photo("/c/1.jpg", 99)])
    new = pairs(1, start=50)[0]
    assert merged([one, two, three], [new, three, grown, two]) == [grown, two, three, new]
    assert merged([one, two, three], [three, new]) == [three, new]
    assert merged([], [two, one]) == [two, one]


@given(st.lists(st.integers(1, 6), max_size=60), st.sampled_from([2, 4, 6, 8]))
def test_cards_fill_lines_without_overlap(widths: list[int], columns: int) -> None:
    widths = [min(each, columns) for each in widths]
    flow = Flow()
    flow.arrange(widths, columns)
    taken: set[tuple[int, int]] = set()
    for row, width in enumerate(widths):
        places = {(flow.line(row), flow.column(row) + each) for each in range(width)}
        assert flow.column(row) + width <= columns
        assert not taken & places
        taken |= places
        assert flow.at(flow.line(row), flow.column(row) + width - 1) == row
    shown = [row for line in range(flow.lines) for row in flow.rows(line, line)]
    assert shown == list(range(len(widths)))
    assert list(flow.rows(0, flow.lines)) == shown


def test_a_flow_of_nothing() -> None:
    flow = Flow()
    flow.arrange([], 4)
    assert flow.lines == 0
    assert list(flow.rows(0, 5)) == []
    assert flow.at(0, 0) is None


@pytest.mark.parametrize("turn", range(8))
def test_a_turn_places_the_right_picture_as_it_was_found(turn: int) -> None:
    """Turning b by `turn` gives a; so a's corner mark lies in b where the placement says."""
    b = np.zeros((40, 60, 3), dtype=np.uint8)
    b[5, 50] = 255
    a = turn_array(b, turn)
    ys, xs = np.nonzero(a[..., 0])
    point = QPointF((xs[0] + 0.5) / a.shape[1], (ys[0] + 0.5) / a.shape[0])
    left, right = photo("/a.jpg", 1), photo("/b.jpg", 2)
    pair = group([left, right], evidence=Evidence(turn=turn))
    found = placement(pair, left, right).map(point)
    assert (found.x() * 60, found.y() * 40) == pytest.approx((50.5, 5.5))
    back = placement(pair, right, left).map(found)
    assert (back.x(), back.y()) == pytest.approx((point.x(), point.y()))


def test_a_fitted_transform_goes_before_the_turn() -> None:
    left, right = photo("/a.jpg", 1), photo("/b.jpg", 2)
    crop = (1.25, 0.0, -0.125, 0.0, 1.2, -0.1)
    pair = group([left, right], evidence=Evidence(turn=0, transform=crop))
    found = placement(pair, left, right).map(QPointF(0.5, 0.25))
    assert (found.x(), found.y()) == pytest.approx((0.5, 0.2))


def test_members_that_were_not_compared_are_related_by_the_keeper() -> None:
    a, b, c = photo("/a.jpg", 1), photo("/b.jpg", 2), photo("/c.jpg", 3)
    trio = group([a, b, c], Kind.RESIZED, probability=0.9)
    assert relation_between(trio, a, b) == (Kind.RESIZED, 0.9)
    kind, probability = relation_between(trio, b, c)
    assert kind is Kind.RESIZED
    assert probability == pytest.approx(0.81)
