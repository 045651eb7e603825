# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""The bounded queue between stages."""

from __future__ import annotations

import threading

import pytest

from imgdupe.control import Cancelled
from imgdupe.engine.channel import Channel


def test_delivers_in_order_and_ends_when_closed() -> None:
    channel: Channel[int] = Channel(10)
    for number in range(5):
        channel.put(number)
    channel.close()
    assert list(channel) == [0, 1, 2, 3, 4]


def test_batches_are_full_while_there_is_more_and_short_at_the_end() -> None:
    channel: Channel[int] = Channel(10)
    for number in range(7):
        channel.put(number)
    channel.close()
    assert list(channel.batches(3, 1.0)) == [[0, 1, 2], [3, 4, 5], [6]]


def test_a_short_batch_comes_when_the_time_is_up() -> None:
    channel: Channel[int] = Channel(10)
    channel.put(1)
    assert next(channel.batches(5, 0.01)) == [1]


def test_put_waits_for_room() -> None:
    channel: Channel[int] = Channel(2)

    def put_all() -> None:
        for number in range(50):
            channel.put(number)

    putter = threading.Thread(target=put_all)
    putter.start()
    taken = []
    for item in channel:
        taken.append(item)
        if len(taken) == 50:
            channel.close()
    putter.join()
    assert taken == list(range(50))


@pytest.mark.parametrize("waiting", ["putter", "taker"])
def test_abort_wakes_whoever_waits(waiting: str) -> None:
    channel: Channel[int] = Channel(1)
    ended = []

    def work() -> None:
        try:
            if waiting == "putter":
                channel.put(1)
                channel.put(2)
            else:
                list(channel)
        except Cancelled:
            ended.append(waiting)

    thread = threading.Thread(target=work)
    thread.start()
    channel.abort()
    thread.join(timeout=10)
    assert ended == [waiting]
