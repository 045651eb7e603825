# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""One scan: brings the catalog up to date with the folders and relates what is new.

Runs in a job's thread (the caller) with three helper threads and a pool of child processes; see
"Threads and processes" in the README's architecture section. Every committed batch stays: a stopped
scan is a shorter scan. Must not write anything but the catalog and the index.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from imgdupe.catalog.catalog import Catalog
from imgdupe.control import Cancelled, RunControl
from imgdupe.engine.channel import Channel
from imgdupe.engine.pipeline import Pipeline
from imgdupe.engine.relate import Relater
from imgdupe.engine.workers import DecodePool
from imgdupe.fingerprint.embedding import Embedder
from imgdupe.fingerprint.hashes import file_hash
from imgdupe.library import roots as library_roots
from imgdupe.library.shots import pair
from imgdupe.library.walk import ScanRules, walk
from imgdupe.progress import Counters, Phase
from imgdupe.records import Fingerprint, FoundFile, Photo, Problem, ProblemKind, Stage

_LOOKUP_BATCH = 512
_WAITING_PATHS = 1024
_WAITING_PICTURES = 64
_EMBED_BATCH = 16
_EMBED_WAIT_S = 0.3
_SAVE_BATCH = 64
_SAVE_WAIT_S = 2.0


@dataclass(frozen=True, slots=True)
class ScanReport:
    """What a scan did; numbers of photos, `problems` of this scan only."""

    found: int
    unchanged: int
    fingerprinted: int
    removed: int
    offline: int
    problems: tuple[Problem, ...]
    seconds: float
    photos_per_second: float
    stopped: bool


@dataclass(frozen=True, slots=True)
class ScanOptions:
    """What to leave out of the walk; `rebuild`: fingerprint everything again."""

    rules: ScanRules
    rebuild: bool = False


@dataclass(frozen=True, slots=True)
class _Decoded:
    photo: Photo
    fingerprint: Fingerprint


@dataclass(frozen=True, slots=True)
class _Ready:
    """A fingerprinted photo, or the problem that stands in its place."""

    result: tuple[Photo, Fingerprint, NDArray[np.float32] | None] | Problem


class Scan:
    """One run over `folders`. Build it, call `run` once; it closes the pool."""

    def __init__(
        self,
        catalog: Catalog,
        embedder: Embedder | None,
        relater: Relater,
        pool: DecodePool,
        options: ScanOptions,
        control: RunControl,
        counters: Counters,
    ) -> None:
        self._catalog = catalog
        self._embedder = embedder
        self._relater = relater
        self._pool = pool
        self._options = options
        self._control = control
        self._counters = counters
        self._model_id = embedder.model_id if embedder else None
        self._problems: list[Problem] = []
        self._found_work: Channel[Photo | Problem] = Channel(_WAITING_PATHS)
        self._decoded: Channel[_Decoded | Problem] = Channel(_WAITING_PICTURES)
        self._ready: Channel[_Ready] = Channel(_WAITING_PICTURES)
        self._scan_id = 0

    def run(self, folders: Sequence[bytes]) -> ScanReport:
        """Scan; a cancelled run returns a report with `stopped`."""
        started = time.monotonic()
        online = self._put_roots(folders)
        self._scan_id = self._catalog.begin_scan()
        with self._pool:
            walked = _unless_cancelled(self._pipeline(online).run)
        removed = self._catalog.finish_scan(self._scan_id, online, complete=walked)
        self._counters.enter(Phase.MATCHING)
        related = walked and _unless_cancelled(self._relate)
        self._relater.save_index()
        self._counters.enter(Phase.DONE)
        return self._report(removed, not related, time.monotonic() - started)

    def _put_roots(self, folders: Sequence[bytes]) -> list[bytes]:
        """Note every folder; those that are there now are scanned, the others are offline."""
        known = {root.path: root for root in self._catalog.roots()}
        online = []
        for folder in library_roots.normalise(folders):
            had_photos = folder in known and known[folder].photos > 0
            is_online = library_roots.is_online(folder, had_photos=had_photos)
            self._catalog.put_root(folder, online=is_online)
            if is_online:
                online.append(folder)
        return online

    def _pipeline(self, online: Sequence[bytes]) -> Pipeline:
        return Pipeline(
            [
                lambda: self._find(online),
                self._decode,
                self._embed,
                self._save,
            ],
            [self._found_work, self._decoded, self._ready],
            self._control,
        )

    # -- stage 1: walk, pair, look up ------------------------------------------------------------

    def _find(self, online: Sequence[bytes]) -> None:
        self._counters.enter(Phase.FINDING)
        to_do = 0
        entries = pair(walk(online, self._options.rules))
        while batch := list(islice(entries, _LOOKUP_BATCH)):
            self._control.checkpoint()
            photos = [entry for entry in batch if isinstance(entry, Photo)]
            for entry in batch:
                if isinstance(entry, Problem):
                    self._found_work.put(entry)
            if photos:
                self._counters.bump("found", len(photos))
                self._counters.at(os.path.dirname(photos[-1].primary.path))
                for photo in self._needing_work(photos):
                    to_do += 1
                    self._found_work.put(photo)
        self._counters.finish_walk(to_do)
        self._counters.enter(Phase.FINGERPRINTING)

    def _needing_work(self, photos: Sequence[Photo]) -> Iterator[Photo]:
        if self._options.rebuild:
            yield from photos
            return
        lookup = self._catalog.known(photos, self._model_id)
        self._catalog.seen(lookup.unchanged, self._scan_id)
        self._counters.bump("unchanged", len(lookup.unchanged))
        yield from lookup.work
        for photo in lookup.same_size:
            if not self._adopted(photo):
                yield photo

    def _adopted(self, photo: Photo) -> bool:
        """True if the file is a moved or copied one whose content is known already."""
        try:
            content = file_hash(photo.primary.path)
        except OSError:
            return False  # the decoder meets the same error and names it
        if not self._catalog.adopt(photo, content, self._scan_id, self._model_id):
            return False
        self._counters.bump("unchanged")
        return True

    # -- stage 2: decode and hash in child processes ---------------------------------------------

    def _decode(self) -> None:
        photos: dict[bytes, Photo] = {}

        def files() -> Iterator[FoundFile]:
            for entry in self._found_work:
                if isinstance(entry, Problem):
                    self._decoded.put(entry)
                else:
                    photos[entry.primary.path] = entry
                    yield entry.primary

        for file, result in self._pool.fingerprint(files(), self._control):
            photo = photos.pop(file.path)
            self._decoded.put(result if isinstance(result, Problem) else _Decoded(photo, result))

    # -- stage 3: embed ---------------------------------------------------------------------------

    def _embed(self) -> None:
        for batch in self._decoded.batches(_EMBED_BATCH, _EMBED_WAIT_S):
            for problem in batch:
                if isinstance(problem, Problem):
                    self._ready.put(_Ready(problem))
            decoded = [item for item in batch if isinstance(item, _Decoded)]
            for item, vector in zip(decoded, self._vectors(decoded), strict=True):
                self._ready.put(_Ready((item.photo, item.fingerprint, vector)))

    def _vectors(self, decoded: Sequence[_Decoded]) -> Iterable[NDArray[np.float32] | None]:
        if self._embedder is None or not decoded:
            return [None] * len(decoded)
        return self._embedder.embed(np.stack([item.fingerprint.pixels for item in decoded]))

    # -- stage 4: save, then relate now and then --------------------------------------------------

    def _save(self) -> None:
        for batch in self._ready.batches(_SAVE_BATCH, _SAVE_WAIT_S):
            items = [item.result for item in batch if not isinstance(item.result, Problem)]
            problems = [item.result for item in batch if isinstance(item.result, Problem)]
            self._catalog.save(items, problems, self._scan_id, self._model_id)
            self._note(problems)
            self._counters.bump("done", len(items) + sum(p.stage is Stage.DECODE for p in problems))
            if self._relater.is_due(len(items)):
                self._relate()

    def _note(self, problems: Sequence[Problem]) -> None:
        self._problems.extend(problems)
        waiting = sum(p.kind is ProblemKind.ONLINE_ONLY for p in problems)
        self._counters.bump("online_only", waiting)
        self._counters.bump("problems", len(problems) - waiting)

    def _relate(self) -> None:
        self._relater.relate(self._control)

    def _report(self, removed: int, stopped: bool, seconds: float) -> ScanReport:
        counters = self._counters
        fingerprinted = counters.value("done") - sum(
            p.stage is Stage.DECODE for p in self._problems
        )
        return ScanReport(
            found=counters.value("found"),
            unchanged=counters.value("unchanged"),
            fingerprinted=fingerprinted,
            removed=removed,
            offline=self._catalog.count().offline,
            problems=tuple(self._problems),
            seconds=seconds,
            photos_per_second=counters.value("found") / seconds if seconds else 0.0,
            stopped=stopped,
        )


def _unless_cancelled(work: Callable[[], None]) -> bool:
    """Do the work; False if the user stopped it."""
    try:
        work()
    except Cancelled:
        return False
    return True
