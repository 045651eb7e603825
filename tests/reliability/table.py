# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""The table of faults: what can go wrong, how often it is tried in the full campaign, and where.

`tests` are beginnings of test ids; a file stands for all its tests. `points` is how many faults the
full campaign is to try; a test counts as one unless it records how many it tried. `report.py` runs
the table and counts; `test_table.py` keeps it true.
"""

from __future__ import annotations

from tests.reliability.faults_of_files import FILES
from tests.reliability.faults_of_program import PROGRAM
from tests.reliability.row import Row

ROWS: dict[int, Row] = dict(sorted({**PROGRAM, **FILES}.items()))
