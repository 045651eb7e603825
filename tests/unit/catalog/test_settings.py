# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""Settings: tolerant to read, careful to write."""

from __future__ import annotations

import json
import random
from dataclasses import fields, replace
from pathlib import Path

import pytest

from imgdupe.catalog import settings
from imgdupe.catalog.paths import Paths
from imgdupe.catalog.settings import Settings
from imgdupe.errors import UserError
from imgdupe.keeping import KeeperRule
from imgdupe.records import Strictness
from tests.helpers.damage import seeds

CHANGED = Settings(
    folders=("/photos", "/caf\udce9"),
    excludes=("*.tmp",),
    protected=("/photos/best",),
    preferred=("/photos/raw",),
    ignored=("/photos/web",),
    keeper_order=(KeeperRule.OLDEST, KeeperRule.RAW),
    strictness=Strictness.LOOSE,
    theme="light",
    workers=3,
    include_hidden=True,
    keep_awake=False,
    hints_seen=("compare",),
    model="/models/other",
)


def file_of(paths: Paths) -> Path:
    return paths.config / "settings.json"


def test_without_a_file_all_is_default(paths: Paths) -> None:
    assert settings.load(paths) == Settings()
    assert not file_of(paths).exists()


def test_every_setting_comes_back(paths: Paths) -> None:
    defaults = Settings()
    assert all(getattr(CHANGED, f.name) != getattr(defaults, f.name) for f in fields(Settings))
    settings.save(paths, CHANGED)
    assert settings.load(paths) == CHANGED


def test_only_what_differs_is_written_and_unknown_keys_stay(paths: Paths) -> None:
    file_of(paths).write_text('{"from_the_future": [1, 2], "theme": "light"}')
    settings.save(paths, Settings(workers=2))
    assert json.loads(file_of(paths).read_text()) == {"from_the_future": [1, 2], "workers": 2}
    assert settings.load(paths) == Settings(workers=2)


@pytest.mark.expects_logs
@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("folders", "/photos"),
        ("folders", [1]),
        ("excludes", {"a": 1}),
        ("protected", None),
        ("preferred", 5),
        ("strictness", "very"),
        ("strictness", []),
        ("theme", "pink"),
        ("theme", []),
        ("workers", -1),
        ("workers", True),
        ("workers", 2.5),
        ("workers", 10**9),
        ("include_hidden", 1),
        ("keep_awake", "no"),
        ("hints_seen", [[]]),
        ("model", 3),
    ],
)
def test_a_bad_value_gives_its_default_alone(paths: Paths, name: str, value: object) -> None:
    file_of(paths).write_text(json.dumps({"hints_seen": ["x"], "later": 1, name: value}))
    kept = Settings() if name == "hints_seen" else Settings(hints_seen=("x",))
    assert settings.load(paths) == kept
    aside = paths.config / "settings.json.damaged-1"
    assert name in json.loads(aside.read_text())
    assert settings.load(paths) == kept
    assert json.loads(file_of(paths).read_text())["later"] == 1
    assert len(list(paths.config.glob("settings.json*"))) == 2


@pytest.mark.expects_logs
@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b"\xff\xfe\x00",
        b"[" * 100_000,
        b'{"a": "' + b"x" * (1 << 20) + b'"}',
        b'{"workers": NaN}',
    ],
    ids=["empty", "cut", "list", "null", "binary", "deep", "huge", "nan"],
)
def test_what_is_no_settings_file_is_kept_aside(paths: Paths, data: bytes) -> None:
    file_of(paths).write_bytes(data)
    assert settings.load(paths) == Settings()
    assert (paths.config / "settings.json.damaged-1").read_bytes() == data
    settings.save(paths, CHANGED)
    assert settings.load(paths) == CHANGED


@pytest.mark.expects_logs
@pytest.mark.parametrize("seed", seeds(40, 200))
def test_damaged_bytes_never_stop_the_start(paths: Paths, seed: int) -> None:
    settings.save(paths, CHANGED)
    random_ = random.Random(seed)
    data = bytearray(file_of(paths).read_bytes())
    for _ in range(3):
        data[random_.randrange(len(data))] = random_.randrange(256)
    file_of(paths).write_bytes(data)
    settings.save(paths, replace(settings.load(paths), theme="system"))
    assert settings.load(paths).theme == "system"


def test_a_folder_in_the_way_is_named(paths: Paths) -> None:
    file_of(paths).mkdir()
    with pytest.raises(UserError, match=str(paths.config)):
        settings.load(paths)
    with pytest.raises(UserError, match=str(paths.config)):
        settings.save(paths, CHANGED)
