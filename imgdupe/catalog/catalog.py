# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""The catalog: what is known of the library's photos. The one door to it.

Any thread. Reads see a committed state and never wait; writes come one after the other, each method
one transaction. Raises UserError where the surroundings are at fault. Must not touch a photograph.
"""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Self

from imgdupe.catalog import contents, index_file, library, lookup, relations, roots, scans
from imgdupe.catalog.backups import Backups
from imgdupe.catalog.blueprint import Blueprint, flaw_in
from imgdupe.catalog.contents import Item
from imgdupe.catalog.database import remember_damage
from imgdupe.catalog.index_file import Stamp
from imgdupe.catalog.library import LibraryCounts
from imgdupe.catalog.lookup import Lookup
from imgdupe.catalog.opening import open_database
from imgdupe.catalog.paths import Paths
from imgdupe.catalog.roots import Root, RootFinder
from imgdupe.catalog.schema import BLUEPRINT
from imgdupe.catalog.thumbs import Thumbnails
from imgdupe.errors import UserError
from imgdupe.records import (
    FeatureTable,
    Kind,
    Photo,
    PhotoRecord,
    Problem,
    Relation,
    Subject,
)

_log = logging.getLogger(__name__)

__all__ = ["Catalog", "LibraryCounts", "Lookup", "Root"]


class Catalog:
    """Open with `Catalog.open`. `notices`: what a person should be told about the opening."""

    def __init__(self, paths: Paths, blueprint: Blueprint = BLUEPRINT) -> None:
        self._paths = paths
        file = paths.data / "catalog.db"
        self._database, self.notices = open_database(file, blueprint)
        self._backups = Backups(file, blueprint)
        self._blueprint = blueprint
        self._thumbnails = Thumbnails(paths.cache)
        self._scan_id: int | None = None
        with self._database.writing(visible=False) as connection:
            scans.prepare(connection)

    @classmethod
    def open(cls, paths: Paths) -> Catalog:
        """Make, check, heal or bring up to date, then open; UserError if it cannot be."""
        return cls(paths)

    def close(self) -> None:
        """After every other call has ended."""
        try:
            self._thumbnails.close()
        finally:
            self._database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def generation(self) -> int:
        """Counts the commits that change what a window shows, since the opening."""
        return self._database.generation

    def damage(self) -> str | None:
        """Look at every page and row: what is wrong, or None. The next opening heals it."""
        file = self._database.path
        flaw = flaw_in(file, self._blueprint, every_page=True, every_row=True)
        if flaw is not None:
            remember_damage(file)
        return flaw

    # -- roots -----------------------------------------------------------------------------------

    def roots(self) -> list[Root]:
        """All folders of the library, by path."""
        with self._database.reading() as connection:
            return roots.all_roots(connection)

    def put_root(self, path: bytes, online: bool) -> Root:
        """Add the folder, or note whether it is there now."""
        with self._database.writing() as connection:
            roots.put(connection, path, online)
            return next(root for root in roots.all_roots(connection) if root.path == path)

    def forget_root(self, path: bytes) -> None:
        """Drop the folder with its photos and problems, except what another root holds too."""
        with self._database.writing() as connection:
            roots.forget(connection, path)

    # -- a scan ----------------------------------------------------------------------------------

    def begin_scan(self) -> int:
        """The id of a new scan; one at a time."""
        with self._database.writing(visible=False) as connection:
            self._scan_id = scans.begin(connection)
            return self._scan_id

    def known(self, batch: Sequence[Photo], model_id: str | None) -> Lookup:
        """What is unchanged (and embedded by the model, if one is given), and what needs work."""
        with self._database.reading() as connection:
            result, refresh = lookup.look_up(connection, batch, model_id)
        if refresh:
            with self._database.writing() as connection:
                contents.revive(connection, [content_id for _, _, content_id in refresh])
                lookup.refresh_rows(connection, [(row, photo) for row, photo, _ in refresh])
        return result

    def adopt(
        self, photo: Photo, content: bytes, scan_id: int | None, model_id: str | None
    ) -> bool:
        """True if the content (xxh3-128) needs no decoding: the photo now points to it.

        `scan_id` is None outside a scan.
        """
        if scan_id is not None:
            self._check(scan_id)
        with self._database.reading() as connection:
            if contents.adoptable(connection, content, model_id) is None:
                return False
        with self._database.writing() as connection:
            content_id = contents.adoptable(connection, content, model_id)
            if content_id is None:
                return False
            contents.revive(connection, [content_id])
            scans.put_photos(connection, [(photo, content_id)], RootFinder(connection))
        return True

    def seen(self, photos: Sequence[Photo], scan_id: int) -> None:
        """These are there and unchanged."""
        self._check(scan_id)
        with self._database.writing(visible=False) as connection:
            scans.mark_seen(connection, [photo.primary.path for photo in photos])

    def save(
        self,
        items: Sequence[Item],
        problems: Sequence[Problem],
        scan_id: int,
        model_id: str | None,
    ) -> list[int]:
        """Store fingerprints (with embeddings float32[d]) and problems in one transaction.

        Returns the ids of contents that are new, changed or newly embedded.
        """
        self._check(scan_id)
        # First: a thumbnail too many does no harm, one too few would.
        self._thumbnails.put({f.hashes.content: f.thumbnail for _, f, _ in items})
        with self._database.writing() as connection:
            stored = contents.store(connection, items, model_id)
            pairs = [(item[0], number) for item, number in zip(items, stored.ids, strict=True)]
            scans.put_photos(connection, pairs, RootFinder(connection))
            scans.put_problems(connection, problems, scan_id)
        return stored.fresh

    def finish_scan(self, scan_id: int, roots: Sequence[bytes], complete: bool) -> int:
        """End the scan. A complete one drops what it did not see below these roots.

        Photos of offline roots stay. Returns the number of photos dropped.
        """
        self._check(scan_id)
        with self._database.writing() as connection:
            removed = scans.finish(connection, scan_id, roots, complete)
        if complete:
            self._back_up()
        return removed

    def _back_up(self) -> None:
        """A copy that cannot be made now is no reason to lose what comes after the scan."""
        try:
            self._backups.take_if_due()
        except UserError as error:
            _log.warning("there is no new backup of the catalog: %s", error)

    def _check(self, scan_id: int) -> None:
        if scan_id != self._scan_id:
            raise ValueError(f"scan {scan_id} is not the one under way ({self._scan_id})")

    # -- removal ---------------------------------------------------------------------------------

    def remove_photos(self, paths: Sequence[bytes]) -> None:
        """These files were moved to the trash, with their companions."""
        with self._database.writing() as connection:
            library.remove(connection, paths)

    def restore_photos(self, paths: Sequence[tuple[bytes, bytes]]) -> None:
        """These came back, (old path, new path); what a scan has dropped meanwhile, it finds."""
        with self._database.writing() as connection:
            contents.revive(connection, library.content_ids_at(connection, [p for p, _ in paths]))
            library.restore(connection, paths)

    def rewritten(self, item: Item, model_id: str | None) -> None:
        """We wrote metadata into this photo: other bytes, and the relations of what it was."""
        photo, fingerprint, _ = item
        self._thumbnails.put({fingerprint.hashes.content: fingerprint.thumbnail})
        with self._database.writing() as connection:
            before = library.content_ids_at(connection, [photo.primary.path])
            (content_id,) = contents.store(connection, [item], model_id).ids
            scans.put_photos(connection, [(photo, content_id)], RootFinder(connection))
            for old in before:
                relations.inherit(connection, old, content_id)

    # -- photos ----------------------------------------------------------------------------------

    def photos(self, content_ids: Sequence[int] | None = None) -> list[PhotoRecord]:
        """The photos of those contents (None: all), by path."""
        with self._database.reading() as connection:
            return library.photos(connection, content_ids)

    def photo_at(self, path: bytes) -> PhotoRecord | None:
        with self._database.reading() as connection:
            return library.photo_at(connection, path)

    def photos_with_content(self, content: bytes) -> list[PhotoRecord]:
        """The photos whose bytes have this xxh3-128, by path."""
        with self._database.reading() as connection:
            return library.photos_with(connection, content)

    def count(self) -> LibraryCounts:
        with self._database.reading() as connection:
            return library.count(connection)

    def problems(self) -> list[Problem]:
        """All problems, by path."""
        with self._database.reading() as connection:
            return library.problems(connection)

    # -- contents --------------------------------------------------------------------------------

    def duplicated_contents(self) -> list[int]:
        """Ids of contents of at least two photos."""
        with self._database.reading() as connection:
            return contents.duplicated(connection)

    def subjects(self, content_ids: Iterable[int]) -> dict[int, Subject]:
        """Contents as matching sees them; unknown ids are left out."""
        with self._database.reading() as connection:
            return contents.subjects(connection, content_ids)

    def features(self, model_id: str | None) -> FeatureTable:
        """The columns of all contents that have a photo, by id; `vectors` None without a model."""
        with self._database.reading() as connection:
            return contents.features(connection, model_id)

    def needing_embedding(self, model_id: str) -> list[tuple[int, bytes]]:
        """(content id, path of a file that is there) without an embedding by this model."""
        with self._database.reading() as connection:
            return contents.needing_embedding(connection, model_id)

    def set_pixel_hashes(self, hashes: Mapping[int, bytes]) -> None:
        """Note xxh3-128 of the pixels, by content id."""
        with self._database.writing() as connection:
            contents.set_pixel_hashes(connection, hashes)

    # -- relations -------------------------------------------------------------------------------

    def unmatched(self, algorithm: int) -> list[int]:
        """Ids of contents that this version of the matching has not related yet."""
        with self._database.reading() as connection:
            return contents.unmatched(connection, algorithm)

    def mark_matched(self, content_ids: Sequence[int], algorithm: int) -> None:
        """These are related to all others; older relations of theirs are dropped."""
        with self._database.writing() as connection:
            relations.mark_matched(connection, content_ids, algorithm)

    def save_relations(self, decided: Sequence[Relation], algorithm: int) -> None:
        """Store or replace, by pair."""
        with self._database.writing() as connection:
            relations.put(connection, decided, algorithm)

    def relations(self, kinds: Collection[Kind] | None = None) -> list[Relation]:
        """Those of these kinds (None: all) between contents that have photos, by pair."""
        with self._database.reading() as connection:
            return relations.get(connection, kinds)

    def related_pairs(self, content_ids: Iterable[int], algorithm: int) -> set[tuple[int, int]]:
        """Pairs with one of these ends that this version has decided and stored."""
        with self._database.reading() as connection:
            return relations.decided_pairs(connection, content_ids, algorithm)

    # -- caches ----------------------------------------------------------------------------------

    def thumbnail(self, content_id: int) -> bytes | None:
        """JPEG bytes, long side <= 320 px; None if the cache has lost it."""
        with self._database.reading() as connection:
            content = contents.bytes_of(connection, content_id)
        return None if content is None else self._thumbnails.get(content)

    def put_thumbnail(self, content: bytes, jpeg: bytes) -> None:
        """Give back a thumbnail that the cache has lost."""
        self._thumbnails.put({content: jpeg})

    def read_index(self, model_id: str) -> bytes | None:
        """The stored index of the model, or None on any doubt that it belongs here."""
        with self._database.reading() as connection:
            library_stamp = contents.library_stamp(connection)
            dim = contents.vector_dim(connection, model_id)
        found = index_file.read(self._paths.data, model_id)
        if found is None:
            return None
        stamp, payload = found
        fits = stamp == Stamp(model_id, dim or 0, stamp.count, library_stamp)
        return payload if fits else None

    def write_index(self, model_id: str, payload: bytes, count: int, dim: int) -> None:
        """Replace the stored index of the model; durable, as are all commits before it."""
        # An index must never know a content that a power cut takes back from the catalog.
        self._database.make_durable()
        with self._database.reading() as connection:
            library_stamp = contents.library_stamp(connection)
        stamp = Stamp(model_id, dim, count, library_stamp)
        index_file.write(self._paths.data, stamp, payload)
