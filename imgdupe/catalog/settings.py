# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""The user's settings: a frozen record, read with tolerance and written with care.

Any thread. A bad value gives its default and never an error; the odd file is kept aside. Only
values that differ from the default are written; keys of a newer version are kept.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any, Literal

from imgdupe.catalog.faults import explain_os
from imgdupe.catalog.files import free_name, write_atomically
from imgdupe.catalog.paths import Paths
from imgdupe.keeping import KeeperRule
from imgdupe.records import Strictness

_NAME = "settings.json"
_MOST_BYTES = 1 << 20
_MOST_WORKERS = 256
_log = logging.getLogger(__name__)

Theme = Literal["dark", "light", "system"]


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything the user can set. Folders are `os.fsdecode`d paths.

    protected: folders whose photos are never removed; preferred: folders whose photos are rather
    kept; ignored: folders whose photos take no part in groups; keeper_order: the keeper rules in
    use, the first one first; workers: child processes that read photos, 0 for one per core;
    hints_seen: names of the one-time hints that were shown; model: a folder with another network
    and its card, "" for the shipped one.
    """

    folders: tuple[str, ...] = ()
    excludes: tuple[str, ...] = ()
    protected: tuple[str, ...] = ()
    preferred: tuple[str, ...] = ()
    ignored: tuple[str, ...] = ()
    keeper_order: tuple[KeeperRule, ...] = tuple(KeeperRule)
    strictness: Strictness = Strictness.NORMAL
    theme: Theme = "dark"
    workers: int = 0
    include_hidden: bool = False
    keep_awake: bool = True
    hints_seen: tuple[str, ...] = ()
    model: str = ""


def load(paths: Paths) -> Settings:
    """What is stored, with defaults for what is not or cannot be understood."""
    file = paths.config / _NAME
    try:
        stored = _read(file)
    except FileNotFoundError:
        return Settings()
    except OSError as error:
        raise explain_os(error, paths.config) from error
    except ValueError:
        _set_aside(file, "it is not a settings file")
        return Settings()
    settings, odd = _understood(stored)
    if odd:
        _set_aside(file, f"odd values of {', '.join(odd)}")
        _write(file, settings, stored)
    return settings


def save(paths: Paths, settings: Settings) -> None:
    """Write durably; UserError if the disk does not let us."""
    file = paths.config / _NAME
    try:
        stored = _read(file)
    except (OSError, ValueError):
        stored = {}
    _write(file, settings, stored)


def _read(file: Path) -> dict[str, object]:
    """The JSON object in the file; ValueError if there is none."""
    with file.open("rb") as opened:
        data = opened.read(_MOST_BYTES + 1)
    if len(data) > _MOST_BYTES:
        raise ValueError("too large")
    try:
        stored = json.loads(data)
    except RecursionError as error:
        raise ValueError("nested too deeply") from error
    if not isinstance(stored, dict):
        raise ValueError("not an object")  # noqa: TRY004 - bad data, not a bad argument
    return stored


def _write(file: Path, settings: Settings, stored: Mapping[str, object]) -> None:
    defaults = asdict(Settings())
    values = {key: value for key, value in stored.items() if key not in defaults}
    values |= {key: value for key, value in asdict(settings).items() if value != defaults[key]}
    write_atomically(file, [json.dumps(values, indent=2, sort_keys=True).encode()])


def _set_aside(file: Path, why: str) -> None:
    kept = free_name(file, "damaged")
    try:
        file.rename(kept)
    except OSError as error:
        raise explain_os(error, file.parent) from error
    _log.warning("%s: %s; it is kept as %s", file, why, kept.name)


def _understood(stored: Mapping[str, object]) -> tuple[Settings, list[str]]:
    """The settings, and the names of those whose value could not be used."""
    values: dict[str, Any] = {}
    odd = []
    for field in fields(Settings):
        if field.name in stored:
            try:
                values[field.name] = _READERS[field.name](stored[field.name])
            except ValueError:
                odd.append(field.name)
    return Settings(**values), odd


def _texts(value: object) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise ValueError("a list of texts is wanted")
    return tuple(value)


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise ValueError("a text is wanted")  # noqa: TRY004 - bad data
    return value


def _theme(value: object) -> str:
    if value not in ("dark", "light", "system"):
        raise ValueError("no such theme")
    return str(value)


def _keeper_order(value: object) -> tuple[KeeperRule, ...]:
    return tuple(dict.fromkeys(map(KeeperRule, _texts(value))))


def _strictness(value: object) -> Strictness:
    return Strictness(str(value))


def _workers(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= _MOST_WORKERS:
        raise ValueError("a number of workers is wanted")
    return value


def _switch(value: object) -> bool:
    if not isinstance(value, bool):
        raise ValueError("true or false is wanted")  # noqa: TRY004 - bad data
    return value


_READERS: Mapping[str, Callable[[object], object]] = {
    "folders": _texts,
    "excludes": _texts,
    "protected": _texts,
    "preferred": _texts,
    "ignored": _texts,
    "keeper_order": _keeper_order,
    "strictness": _strictness,
    "theme": _theme,
    "workers": _workers,
    "include_hidden": _switch,
    "keep_awake": _switch,
    "hints_seen": _texts,
    "model": _text,
}
