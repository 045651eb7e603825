# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""One opened library: what the window and the commands may do, and nothing else.

Opening takes the library's lock and finishes what a killed removal left, before anything is shown.
Methods may be called from any thread; the slow ones (scan, groups, find, remove, undo) belong in a
job. Must not know Qt or print anything.
"""

from __future__ import annotations

import os
import tempfile
import threading
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Self

from imgdupe.catalog import paths as catalog_paths
from imgdupe.catalog import settings as catalog_settings
from imgdupe.catalog.catalog import Catalog, LibraryCounts, Root
from imgdupe.catalog.decisions import Decisions
from imgdupe.catalog.lock import LibraryLock
from imgdupe.catalog.settings import Settings
from imgdupe.control import RunControl
from imgdupe.engine.check import Check, CheckReport
from imgdupe.engine.examples import Example, least_sure_pairs
from imgdupe.engine.export import Export
from imgdupe.engine.neighbours import LibraryIndex
from imgdupe.engine.relate import Relater
from imgdupe.engine.reread import found_now, read_again
from imgdupe.engine.scan import Scan, ScanOptions, ScanReport
from imgdupe.engine.search import Search, SearchResult
from imgdupe.engine.workers import DecodePool
from imgdupe.errors import ModelMissing
from imgdupe.fingerprint.embedding import Embedder
from imgdupe.fingerprint.models import load_card
from imgdupe.keeping import KeeperRules
from imgdupe.library.decode import load_view
from imgdupe.library.refusals import DecodeError
from imgdupe.library.thumbnails import LONG_SIDE_PX, from_pixels
from imgdupe.library.walk import ScanRules
from imgdupe.match.groups import group
from imgdupe.match.keeper import is_under
from imgdupe.match.parted import parted
from imgdupe.progress import Counters
from imgdupe.records import Group, PhotoRecord, Problem, Strictness, Verdict
from imgdupe.removal.entries import State
from imgdupe.removal.execute import BatchResult, execute
from imgdupe.removal.journal import Batch, Journal
from imgdupe.removal.plan import Plan, Refusal, RemovalRequest, plan
from imgdupe.removal.recover import recover
from imgdupe.removal.undo import UndoResult, undo


class Session:
    """Open with `Session.open`, end with `close` (or use as a context manager)."""

    def __init__(self, paths: catalog_paths.Paths, lock: LibraryLock) -> None:
        self.paths = paths
        self._lock = lock
        self.settings = catalog_settings.load(paths)
        self._journal = Journal(paths.data)
        self._recovered = recover(self._journal)
        self._catalog = Catalog.open(paths)
        self._decisions = Decisions(paths.data)
        self._follow_journal()
        self.model_missing: str | None = None
        self._engine_lock = threading.Lock()
        self._embedder: Embedder | None = None
        self._index: LibraryIndex | None = None
        self._search = Search(self._catalog, self._ready_embedder, lambda: self._index)
        self._groups_lock = threading.Lock()
        self._groups: tuple[object, list[Group]] | None = None

    @classmethod
    def open(cls, data_dir: Path | None = None) -> Session:
        """Open the library in `data_dir` or the platform's folder; UserError, LibraryBusy."""
        paths = catalog_paths.resolve(data_dir)
        lock = LibraryLock(paths.data)
        lock.acquire()
        try:
            return cls(paths, lock)
        except BaseException:
            lock.release()
            raise

    def close(self) -> None:
        """Save the index, release the library. Call after every job has ended."""
        self._search.close()
        if self._index is not None:
            self._index.save()
        self._decisions.close()
        self._journal.close()
        self._catalog.close()
        self._lock.release()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # -- what there is ---------------------------------------------------------------------------

    @property
    def notices(self) -> tuple[str, ...]:
        """What happened at start that the user should know (restored catalog, recovered files)."""
        return (
            *self._catalog.notices,
            *self._decisions.notices,
            *self._journal.notices,
            *self._recovered.messages(),
        )

    @property
    def generation(self) -> int:
        """Changes whenever groups, photos or problems may have changed."""
        return self._catalog.generation + self._decisions.generation

    def counts(self) -> LibraryCounts:
        return self._catalog.count()

    def problems(self) -> list[Problem]:
        return self._catalog.problems()

    def thumbnail(self, photo: PhotoRecord) -> bytes | None:
        """The photo's thumbnail as JPEG bytes, made again if the cache lost it; None if it cannot.

        Any thread, a few at a time.
        """
        stored = self._catalog.thumbnail(photo.content_id)
        if stored is None and not photo.offline:
            try:
                stored = from_pixels(load_view(photo.path, LONG_SIDE_PX, photo.file))
            except DecodeError:
                return None
            self._catalog.put_thumbnail(photo.hashes.content, stored)
        return stored

    def roots(self) -> list[Root]:
        return self._catalog.roots()

    def forget_root(self, path: bytes) -> None:
        """Drop a folder's photos from the catalog; touches no file."""
        self._catalog.forget_root(path)

    def model_id(self) -> str | None:
        """The id of the network in use, None if it is missing."""
        embedder = self._ready_embedder()
        return embedder.model_id if embedder else None

    def index_state(self) -> tuple[int, int]:
        """(embeddings that the stored index answers with, embeddings in the catalog)."""
        table = self._catalog.features(self.model_id())
        embedded = 0 if table.vectors is None else int(table.vectors.any(axis=1).sum())
        return (self._index.stored_count(table) if self._index else 0), embedded

    def rebuild_index(self) -> None:
        """Build the index again from the catalog's vectors and write it."""
        table = self._catalog.features(self.model_id())
        if self._index is not None and table.vectors is not None:
            self._index.rebuild(table)
            self._index.save()

    def catalog_damage(self) -> str | None:
        """What is wrong with the catalog's file, None if it is sound."""
        return self._catalog.damage()

    def waiting(self) -> list[Refusal]:
        """Removals that need the user: the photo, where it is and what to do about it."""
        return [Refusal(each.victim, each.reason) for each in self._journal.open_entries()]

    def save_settings(self, settings: Settings) -> None:
        """Another model is loaded when it is next needed; a scan then embeds the photos anew."""
        catalog_settings.save(self.paths, settings)
        with self._engine_lock:
            if settings.model != self.settings.model:
                self._embedder = self._index = self.model_missing = None
            self.settings = settings

    # -- scan and groups -------------------------------------------------------------------------

    def scan(
        self,
        folders: Sequence[bytes],
        control: RunControl,
        counters: Counters,
        *,
        workers: int = 0,
        rebuild: bool = False,
        excludes: Sequence[str] = (),
    ) -> ScanReport:
        """Bring the catalog up to date with the folders. Blocking; one at a time."""
        workers = workers or self.settings.workers or os.cpu_count() or 1
        with DecodePool(workers) as pool:
            if not set(folders) <= {root.path for root in self._catalog.roots()}:
                pool.start()  # there will be work: its children start while the network is loaded
            embedder = self._ready_embedder()
            model_id = embedder.model_id if embedder else None
            relater = Relater(self._catalog, self._index, model_id, workers)
            options = ScanOptions(self._rules(excludes), rebuild)
            scan = Scan(self._catalog, embedder, relater, pool, options, control, counters)
            return scan.run(folders)

    def groups(self) -> list[Group]:
        """All groups under the present settings; cached until something changes."""
        with self._groups_lock:
            stamp = (self.generation, self.settings)
            if self._groups is None or self._groups[0] != stamp:
                self._groups = (stamp, self._derive_groups())
            return self._groups[1]

    def _derive_groups(self) -> list[Group]:
        relations = self._catalog.relations()
        involved = {content for relation in relations for content in (relation.a, relation.b)}
        involved.update(self._catalog.duplicated_contents())
        ignored = tuple(map(os.fsencode, self.settings.ignored))
        photos = self._catalog.photos(sorted(involved))
        return group(
            [each for each in photos if not is_under(each.path, ignored)],
            relations,
            strictness=self.settings.strictness,
            not_duplicates=self._decisions.not_duplicates(),
            rules=self.keeper_rules(),
        )

    def keeper_rules(self) -> KeeperRules:
        """By what a keeper is suggested, under the present settings."""
        return KeeperRules(
            preferred=tuple(map(os.fsencode, self.settings.preferred)),
            protected=self._protected(),
            order=self.settings.keeper_order,
        )

    def example_pairs(self) -> Mapping[Strictness, Example]:
        """The least sure pair that each strictness calls copies."""
        return least_sure_pairs(self._catalog)

    def parted(self) -> list[Group]:
        """What was called not duplicates and is still here, as it was said."""
        pairs = self._decisions.not_duplicates()
        contents = {content for pair in pairs for content in pair}
        found = (self._catalog.photos_with_content(each) for each in contents)
        return parted([photo for photos in found for photo in photos], pairs)

    # -- search ----------------------------------------------------------------------------------

    def find(self, path: bytes, top: int = 50, min_score: float = 0.0) -> SearchResult:
        """The photos most like the picture at `path`; SearchQueryError if it cannot be read."""
        self._ready_embedder()
        return self._search.find(path, top, min_score)

    def find_picture(self, data: bytes, top: int = 50, min_score: float = 0.0) -> SearchResult:
        """The same for an encoded picture in memory (a pasted one)."""
        with tempfile.NamedTemporaryFile(dir=self.paths.cache, suffix=".png") as file:
            file.write(data)
            file.flush()
            return self.find(os.fsencode(file.name), top, min_score)

    def warm_up(self) -> None:
        """Load model, index and the search's child process ahead of the first query."""
        self._ready_embedder()
        self._search.warm_up()

    def check(self, folder: bytes, control: RunControl, counters: Counters) -> CheckReport:
        """Compare a folder with the library: what is new there? Blocking; raises Cancelled."""
        self._ready_embedder()
        workers = self.settings.workers or os.cpu_count() or 1
        check = Check(self._catalog, self._search, folder, control, workers)
        return check.run(self._rules(), counters)

    def exporter(self) -> Export:
        """Writes the library's vectors and its graph for other programs."""
        return Export(self._catalog, self.model_id())

    # -- decisions and removal -------------------------------------------------------------------

    def verdicts(self) -> dict[bytes, Verdict]:
        """What was decided, by path; a file that changed since is undecided again."""
        photos = (self._catalog.photo_at(path) for path in self._decisions.verdicts())
        contents = {photo.path: photo.hashes.content for photo in photos if photo is not None}
        return self._decisions.verdicts(contents)

    def set_verdicts(self, changes: Mapping[PhotoRecord, Verdict | None]) -> None:
        self._decisions.set_verdicts(
            {(photo.path, photo.hashes.content): verdict for photo, verdict in changes.items()}
        )

    def not_duplicates(self, photos: Sequence[PhotoRecord]) -> None:
        """Remember, by content, that these do not belong together."""
        self._decisions.add_not_duplicates([photo.hashes.content for photo in photos])

    def duplicates_again(self, photos: Sequence[PhotoRecord]) -> None:
        self._decisions.drop_not_duplicates([photo.hashes.content for photo in photos])

    def plan_removal(
        self,
        requests: Sequence[RemovalRequest],
        *,
        whole_groups: bool = False,
        large: bool = False,
        fallback_volumes: frozenset[bytes] = frozenset(),
        merge_metadata: bool = False,
    ) -> Plan:
        """Check a selection; touches nothing. `merge_metadata`: each item's `merge` says what."""
        return plan(
            requests,
            protected=self._protected(),
            journal=self._journal,
            whole_groups=whole_groups,
            large=large,
            fallback_volumes=fallback_volumes,
            merge_metadata=merge_metadata,
        )

    def remove(
        self,
        planned: Plan,
        control: RunControl,
        on_item: Callable[[int, int], None] | None = None,
    ) -> BatchResult:
        """Move the planned photos to the trash by the safety protocol; the catalog follows."""
        with DecodePool(1) as pool:
            result = execute(
                planned,
                self._journal,
                still_decodes=lambda path: _decodes(pool, path),
                control=control,
                on_item=on_item,
            )
            self._catalog.remove_photos([moved.path for moved in result.moved])
            self._read_again(pool, result.rewritten)
        return result

    def history(self) -> list[Batch]:
        return self._journal.history()

    def undo(self, batch_id: str | None = None, paths: Sequence[bytes] | None = None) -> UndoResult:
        """Bring back a batch (None: the last one), or some of its files."""
        result = undo(self._journal, batch_id, paths)
        self._catalog.restore_photos(result.restored)
        if result.rewritten:
            with DecodePool(1) as pool:
                self._read_again(pool, result.rewritten)
        return result

    def _read_again(self, pool: DecodePool, paths: Sequence[bytes]) -> None:
        """These photos have other bytes now; what was decided about them holds."""
        if not paths:
            return
        verdicts = self.verdicts()
        read_again(self._catalog, self._ready_embedder(), pool, paths)
        photos = filter(None, map(self._catalog.photo_at, paths))
        self.set_verdicts({each: verdicts[each.path] for each in photos if each.path in verdicts})

    def _follow_journal(self) -> None:
        """Tell the catalog what a kill kept from it: the journal knows, the catalog follows."""
        self._catalog.restore_photos(self._recovered.undone)
        for batch in self._journal.history()[:1]:
            gone = [
                item.path
                for item in batch.items
                if item.state is State.TRASHED and not os.path.lexists(item.path)
            ]
            self._catalog.remove_photos(gone)

    # -- the engine's parts ----------------------------------------------------------------------

    def _rules(self, excludes: Sequence[str] = ()) -> ScanRules:
        return ScanRules(
            excludes=(*self.settings.excludes, *excludes),
            include_hidden=self.settings.include_hidden,
        )

    def _protected(self) -> tuple[bytes, ...]:
        return tuple(map(os.fsencode, self.settings.protected))

    def _ready_embedder(self) -> Embedder | None:
        """The network, loaded once; None (and `model_missing` says why) if it is not there."""
        with self._engine_lock:
            if self._embedder is None and self.model_missing is None:
                try:
                    folder = Path(self.settings.model) if self.settings.model else None
                    self._embedder = Embedder(load_card(folder))
                except ModelMissing as error:
                    self.model_missing = str(error)
                else:
                    self._index = LibraryIndex(
                        self._catalog, self._embedder.model_id, self._embedder.dim
                    )
            return self._embedder


def _decodes(pool: DecodePool, path: bytes) -> bool:
    """True if the picture can be decoded now and shows no damage."""
    ((_, result),) = pool.fingerprint([found_now(path)])
    return not isinstance(result, Problem)
