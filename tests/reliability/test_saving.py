# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""Catalog, index, decisions and settings are whole after a kill at any call that saves them."""

from __future__ import annotations

import pytest

from tests.reliability.strikes import Strike


@pytest.mark.usefixtures("can_trace")
def test_killed_at_calls_that_save(strike: Strike) -> None:
    strike("kill", "saving", step=7, at_least=30)


@pytest.mark.usefixtures("can_fail")
def test_calls_that_save_fail(strike: Strike) -> None:
    strike("errors", "saving", step=60, at_least=25)


@pytest.mark.campaign
@pytest.mark.usefixtures("can_trace")
def test_killed_at_every_call_that_saves(strike: Strike) -> None:
    strike("kill", "saving", step=1, at_least=200)


@pytest.mark.campaign
@pytest.mark.usefixtures("can_fail")
def test_calls_that_save_fail_at_many_points(strike: Strike) -> None:
    strike("errors", "saving", step=5, at_least=200)
