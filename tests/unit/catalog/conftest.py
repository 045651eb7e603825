# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""A fresh catalog for each test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from imgdupe.catalog.catalog import Catalog
from imgdupe.catalog.paths import Paths, resolve


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    return resolve(tmp_path / "app")


@pytest.fixture
def catalog(paths: Paths) -> Iterator[Catalog]:
    with Catalog.open(paths) as opened:
        opened.put_root(b"/photos", online=True)
        yield opened
