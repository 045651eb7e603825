# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""What the user says about which photo should stay: rules in an order, and folders.

Floor 0: any floor, any thread; standard library only. `match.keeper` applies it.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class KeeperRule(StrEnum):
    """What speaks for keeping a photo, in the order that holds until the user gives another."""

    PREFERRED = "preferred"
    RAW = "raw"
    WORK = "work"
    PIXELS = "pixels"
    QUALITY = "quality"
    CAMERA = "camera"
    PROTECTED = "protected"
    NAME = "name"
    OLDEST = "oldest"
    SHORTEST = "shortest"


@dataclass(frozen=True, slots=True)
class KeeperRules:
    """What the keeper suggestion may know beside the photos.

    preferred, protected: folders, by absolute path; order: the rules in use, the first one first.
    """

    preferred: tuple[bytes, ...] = ()
    protected: tuple[bytes, ...] = ()
    order: tuple[KeeperRule, ...] = tuple(KeeperRule)
