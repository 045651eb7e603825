# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""Every test here gets a stage: a library, a trash and a journal of its own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.reliability.scenes import Stage


@pytest.fixture
def stage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stage]:
    made = Stage(tmp_path / "stage")
    monkeypatch.setenv("XDG_DATA_HOME", str(made.trash.parent))
    yield made
    made.journal.close()
