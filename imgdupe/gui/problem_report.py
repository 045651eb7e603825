# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""A zip file for a bug report: the log and figures, without a picture or a readable path.

Runs in a job. It is written where the user says and sent nowhere. Paths and names of pictures
become hashes, salted anew for each report: the same path is the same hash within one report only.
"""

from __future__ import annotations

import hashlib
import json
import os
import platform
import re
import secrets
import sys
import zipfile
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from imgdupe import __version__
from imgdupe.engine.session import Session
from imgdupe.errors import UserError
from imgdupe.library.formats import PICTURES, RAWS

_OURS = Path(__file__).resolve().parents[2]
_ENDINGS = "|".join(sorted(os.fsdecode(each[1:]) for each in PICTURES | RAWS))
_NAME = re.compile(rf"[^\s/\\\"'<>]+\.(?:{_ENDINGS}|xmp|mov)\b", re.IGNORECASE)
_PATH = re.compile(r"(?:\b[A-Za-z]:|(?<![\w.]))[/\\][^\s\"'<>|,;:]+(?:[/\\][^\n\"'<>|,;:]+)*")
_MOST_BYTES = 4_000_000


class Veil:
    """Hides paths in texts. `folders`: of the library; whatever follows one of them is a path."""

    def __init__(self, folders: Sequence[bytes]) -> None:
        self._salt = secrets.token_bytes(16)
        known = [os.fsdecode(each) for each in folders if each]
        known.append(os.path.expanduser("~"))
        starts = "|".join(re.escape(each) for each in sorted(known, key=len, reverse=True))
        self._known = re.compile(rf"(?:{starts})[^\n\"'<>|]*?(?=[\"'<>|]|: |, |$)", re.MULTILINE)

    def over(self, text: str) -> str:
        """The text with every path outside of Python and imgdupe itself as a hash."""
        for place in (sys.prefix, sys.base_prefix):
            text = text.replace(place, "{python}")
        text = text.replace(str(_OURS), "{imgdupe}")
        for pattern in (self._known, _NAME, _PATH):
            text = pattern.sub(self._hash, text)
        return text

    def _hash(self, found: re.Match[str]) -> str:
        path = found.group(0)
        start = found.string[: found.start()]
        if start.endswith(("{imgdupe}", "{python}")):
            return path
        raw = path.encode(errors="surrogateescape")
        digest = hashlib.blake2b(raw, key=self._salt, digest_size=5).hexdigest()
        ending = os.path.splitext(path)[1]
        return f"<path {digest}{ending if len(ending) <= 5 else ''}>"


def write_report(session: Session, target: Path) -> None:
    """Write the zip; UserError where it cannot be written."""
    veil = Veil([root.path for root in session.roots()])
    try:
        with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as report:
            report.writestr("about.json", json.dumps(_about(session, veil), indent=2, default=str))
            for log in sorted(session.paths.log.iterdir()):
                with log.open("rb") as file:
                    file.seek(max(log.stat().st_size - _MOST_BYTES, 0))
                    text = file.read().decode("utf-8", "surrogateescape")
                report.writestr(log.name, veil.over(text).encode("utf-8", "replace"))
    except OSError as error:
        raise UserError(
            f"The report could not be written to {target}: {error.strerror or error}. "
            "Choose another place."
        ) from error


def _about(session: Session, veil: Veil) -> dict[str, object]:
    settings = {
        name: [veil.over(str(each)) for each in value] if isinstance(value, tuple) else value
        for name, value in asdict(session.settings).items()
    }
    return {
        "imgdupe": __version__,
        "python": platform.python_version(),
        "system": platform.platform(),
        "cores": os.cpu_count(),
        "model": session.model_id(),
        "counts": asdict(session.counts()),
        "groups": len(session.groups()),
        "roots": [
            {
                "path": veil.over(os.fsdecode(root.path)),
                "online": root.online,
                "photos": root.photos,
            }
            for root in session.roots()
        ],
        "settings": settings,
    }
