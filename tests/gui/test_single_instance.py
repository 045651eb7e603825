# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytestqt.qtbot import QtBot

from imgdupe.gui import single_instance
from imgdupe.gui.single_instance import SingleInstance


@given(st.lists(st.binary(min_size=1, max_size=40)))
def test_any_path_survives_the_way(paths: list[bytes]) -> None:
    assert single_instance.decode(single_instance.encode(paths)) == paths


def test_rubbish_from_the_socket_is_dropped() -> None:
    assert single_instance.decode(b"not hex\n2f61\n\xff\n") == [b"/a"]


def test_each_library_has_its_own_name(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path)
    name = single_instance.name_for(tmp_path)
    assert name == single_instance.name_for(tmp_path / "link")
    assert name != single_instance.name_for(tmp_path / "other")


def test_without_a_window_nothing_takes_the_folders(qtbot: QtBot, tmp_path: Path) -> None:
    assert not single_instance.hand_over(single_instance.name_for(tmp_path), [b"/a"])


@pytest.mark.parametrize("paths", [[], [b"/a b", b"/caf\xe9"], [b"/" + b"x" * 200] * 99])
def test_a_second_start_hands_over(qtbot: QtBot, tmp_path: Path, paths: list[bytes]) -> None:
    name = single_instance.name_for(tmp_path)
    instance = SingleInstance(name)
    with qtbot.waitSignal(instance.asked) as asked:
        assert single_instance.hand_over(name, paths)
    assert asked.args == [paths]
    instance.close()
    assert not single_instance.hand_over(name, paths)


def test_what_a_killed_window_left_is_taken_over(qtbot: QtBot, tmp_path: Path) -> None:
    name = single_instance.name_for(tmp_path)
    first = SingleInstance(name)
    socket_file = Path(first._server.fullServerName())
    assert socket_file.exists()
    second = SingleInstance(name)
    with qtbot.waitSignal(second.asked):
        assert single_instance.hand_over(name, [b"/a"])
    second.close()
    first.close()
