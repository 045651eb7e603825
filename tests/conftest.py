# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""What every test gets: a home of its own, no screen, and no silent warnings in the log."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

import imgdupe  # noqa: F401 - first of all: it sets what numpy reads when it is imported

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
settings.register_profile("imgdupe", deadline=None)  # a busy machine is no failure
settings.load_profile("imgdupe")

REPOSITORY = Path(__file__).resolve().parent.parent


@pytest.fixture(autouse=True)
def own_home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A fresh home: no test sees, or leaves anything in, the real data, caches and trash."""
    home = tmp_path_factory.mktemp("home")
    folders = {
        "HOME": home,
        "USERPROFILE": home,
        "XDG_DATA_HOME": home / ".local" / "share",
        "XDG_CONFIG_HOME": home / ".config",
        "XDG_CACHE_HOME": home / ".cache",
        "XDG_STATE_HOME": home / ".local" / "state",
        "XDG_RUNTIME_DIR": home / "run",
    }
    for name, folder in folders.items():
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        monkeypatch.setenv(name, str(folder))
    monkeypatch.delenv("IMGDUPE_HOME", raising=False)
    return home


@pytest.fixture(autouse=True)
def no_unexpected_logs(request: pytest.FixtureRequest) -> Iterator[None]:
    """Fail the test for any log record of WARNING or worse that it did not ask for."""
    caplog: pytest.LogCaptureFixture = request.getfixturevalue("caplog")
    yield
    expected = request.node.get_closest_marker("expects_logs") is not None
    if expected or "caplog" in request.function.__code__.co_varnames:
        return
    records = [*caplog.get_records("setup"), *caplog.get_records("call")]
    loud = [record for record in records if record.levelno >= logging.WARNING]
    if loud:
        lines = "\n".join(f"{each.levelname} {each.name}: {each.getMessage()}" for each in loud)
        pytest.fail(f"The test logged something it did not expect:\n{lines}", pytrace=False)


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of real photographs and odd files beside the repository; skips without it."""
    folder = Path(os.environ.get("IMGDUPE_SHARED", REPOSITORY.parent / "shared"))
    if not (folder / "data").is_dir():
        pytest.skip("needs the shared photographs beside the repository (or IMGDUPE_SHARED)")
    return folder
