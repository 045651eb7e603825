# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""The command that checks the installation and the library, and says what to do."""

from __future__ import annotations

import tempfile
from argparse import Namespace
from pathlib import Path

from imgdupe.cli_output import print_json
from imgdupe.engine.checkup import Check, examine, try_everything
from imgdupe.engine.session import Session


def doctor(arguments: Namespace) -> int:
    """Check everything; 0 if all is well, else 1."""
    with Session.open(arguments.data_dir) as session:
        if arguments.rebuild_index:
            session.rebuild_index()
        checks = examine(session)
    if arguments.selftest:
        with tempfile.TemporaryDirectory(prefix="imgdupe-selftest-") as folder:
            checks += try_everything(Path(folder))
    if arguments.json:
        print_json(
            {
                "checks": [
                    {"name": check.name, "ok": check.ok, "detail": check.detail} for check in checks
                ]
            }
        )
    else:
        for check in checks:
            _print_check(check)
    return 0 if all(check.ok for check in checks) else 1


def _print_check(check: Check) -> None:
    print(f"{'ok ' if check.ok else 'NOT OK'}  {check.name}: {check.detail}")
    if not check.ok and check.name in ("catalog", "index"):
        print("        The catalog and index can be rebuilt by a scan; no photo is at risk.")
