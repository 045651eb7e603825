# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""After a power cut at any call, what was made durable is enough: nothing is lost."""

from __future__ import annotations

import pytest

from tests.reliability.strikes import Strike

pytestmark = pytest.mark.usefixtures("can_trace")


def test_the_power_goes_during_a_removal(strike: Strike) -> None:
    strike("cuts", "merging at a power cut", step=16, at_least=25)


def test_the_power_goes_while_something_is_saved(strike: Strike) -> None:
    strike("cuts", "saving at a power cut", step=16, at_least=10)


@pytest.mark.campaign
@pytest.mark.parametrize("scene", ["merging at a power cut", "saving at a power cut"])
def test_the_power_goes_at_every_call(strike: Strike, scene: str) -> None:
    strike("cuts", scene, step=1, at_least=200)
