# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""Where the program keeps its own files.

Any thread. Makes the folders, writes nothing into them.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

import platformdirs

from imgdupe.catalog.faults import explain_os


@dataclass(frozen=True, slots=True)
class Paths:
    """Four folders that exist.

    data: the catalog, decisions, removals and indexes; cache: what may be deleted at any time;
    config: settings; log: the log file.
    """

    data: Path
    cache: Path
    config: Path
    log: Path


def resolve(data_dir: Path | None) -> Paths:
    """`data_dir`, else $IMGDUPE_HOME, else the platform's folders; UserError if they cannot be.

    With a folder given, everything lies in it or below it.
    """
    chosen = data_dir or os.environ.get("IMGDUPE_HOME")
    paths = _below(Path(chosen)) if chosen else _of_platform()
    for folder in (paths.data, paths.cache, paths.config, paths.log):
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise explain_os(error, folder) from error
    return paths


def _below(chosen: Path) -> Paths:
    folder = chosen.expanduser().absolute()
    return Paths(data=folder, cache=folder / "cache", config=folder, log=folder / "log")


def _of_platform() -> Paths:
    folders = platformdirs.PlatformDirs("imgdupe", appauthor=False)
    return Paths(
        data=folders.user_data_path,
        cache=folders.user_cache_path,
        config=folders.user_config_path,
        log=folders.user_log_path,
    )
