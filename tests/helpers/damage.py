# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""Damage as disks, memory and other programs do it to a database."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest


def seeds(quick: int, full: int) -> list[Any]:
    """Seeds to parametrise with: `quick` for every change, up to `full` in the campaign."""
    later = (pytest.param(seed, marks=pytest.mark.campaign) for seed in range(quick, full))
    return [*range(quick), *later]


def harm(file: Path, seed: int) -> None:
    """Flip a bit, zero a page, cut, overwrite the start, put a strange WAL beside, or empty it."""
    random_ = random.Random(seed)
    data = bytearray(file.read_bytes())
    kind = random_.choice(["bit", "bit", "bits", "page", "page", "cut", "start", "wal", "empty"])
    if kind == "wal":
        file.with_name(f"{file.name}-wal").write_bytes(random_.randbytes(20_000))
    elif kind == "page":
        at = random_.randrange(len(data) // 8192) * 8192
        data[at : at + 8192] = bytes(8192)
    elif kind == "cut":
        del data[random_.randrange(len(data)) :]
    elif kind == "start":
        data[:64] = random_.randbytes(64)
    elif kind == "empty":
        data.clear()
    else:
        for _ in range(1 if kind == "bit" else 40):
            data[random_.randrange(len(data))] ^= 1 << random_.randrange(8)
    file.write_bytes(data)
