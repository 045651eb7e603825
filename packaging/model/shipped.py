# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""Puts fitted numbers into `resources/model/matching.json`, part by part."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

FILE = Path(__file__).resolve().parents[2] / "resources" / "model" / "matching.json"


def write_part(name: str, numbers: Mapping[str, Any]) -> None:
    """Replace one part of the file, keep the others."""
    document = json.loads(FILE.read_text(encoding="utf-8")) if FILE.exists() else {}
    document[name] = dict(numbers)
    FILE.write_text(json.dumps(document, indent=1) + "\n", encoding="utf-8")
