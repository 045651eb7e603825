# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""Finds and stores the relations of contents that are new, so that nothing is computed twice.

candidates -> pixel hashes where they decide -> aligned comparison -> kind -> catalog. Runs in the
thread that saves. Only pairs with an unmatched end are looked at.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from imgdupe.catalog.catalog import Catalog
from imgdupe.control import RunControl
from imgdupe.engine.neighbours import LibraryIndex
from imgdupe.engine.workers import DecodePool
from imgdupe.library.thumbnails import thumbnail_pixels
from imgdupe.match import candidates as candidate_search
from imgdupe.match.candidates import Candidate
from imgdupe.match.kinds import ALGORITHM, decide, needs_verification
from imgdupe.match.verify import Alignment, Prepared, compare, prepare
from imgdupe.records import FeatureTable, Kind, Problem, Relation, Subject

_FIRST_ROUND = 128
_ROUND_SHARE = 0.25
_CHUNK = 256


class Relater:
    """Relates the catalog's unmatched contents. One thread at a time."""

    def __init__(
        self, catalog: Catalog, index: LibraryIndex | None, model_id: str | None, workers: int
    ) -> None:
        self._catalog = catalog
        self._index = index
        self._model_id = model_id
        self._workers = workers
        self._waiting = 0
        self._related = 0

    def is_due(self, saved: int) -> bool:
        """Count newly saved photos; True when a round is worth its fixed cost.

        Rounds grow with the library, so that all rounds together cost a few times the last one.
        """
        self._waiting += saved
        return self._waiting >= max(_FIRST_ROUND, _ROUND_SHARE * self._related)

    def relate(self, control: RunControl) -> None:
        """Decide every pair with an unmatched end and store what was found.

        Cancelling keeps what is stored; the rest is taken up by the next call.
        """
        self._related += self._waiting
        self._waiting = 0
        unmatched = self._catalog.unmatched(ALGORITHM)
        if not unmatched:
            return
        table = self._catalog.features(self._model_id)
        pairs = self._candidates(table, unmatched)
        self._hash_pixels(candidate_search.wants_pixels(pairs), control)
        for start in range(0, len(pairs), _CHUNK):
            control.checkpoint()
            relations = self._decide(pairs[start : start + _CHUNK], control)
            self._catalog.save_relations(relations, ALGORITHM)
        self._catalog.mark_matched(unmatched, ALGORITHM)

    def save_index(self) -> None:
        if self._index is not None:
            self._index.save()

    def _candidates(self, table: FeatureTable, unmatched: Sequence[int]) -> list[Candidate]:
        index = None
        if self._index is not None and table.vectors is not None:
            index = self._index.catch_up(table)
        found = candidate_search.find(table, np.isin(table.ids, unmatched), index)
        known = self._catalog.related_pairs(unmatched, ALGORITHM)
        return [pair for pair in found if (pair.a, pair.b) not in known]

    def _hash_pixels(self, content_ids: Iterable[int], control: RunControl) -> None:
        """Decode those contents completely, once: equal pixels are known, not guessed."""
        files = {
            photo.content_id: photo.file
            for photo in self._catalog.photos(sorted(content_ids))
            if photo.pixel_hash is None and not photo.offline
        }
        if not files:
            return
        content_of = {file.path: content_id for content_id, file in files.items()}
        with DecodePool(self._workers) as pool:
            hashes = {
                content_of[file.path]: result
                for file, result in pool.pixel_hash(files.values(), control)
                if not isinstance(result, Problem)
            }
        self._catalog.set_pixel_hashes(hashes)

    def _decide(self, pairs: Sequence[Candidate], control: RunControl) -> list[Relation]:
        """The relations worth storing: all that belong together, and what the pixels told apart."""
        ids = sorted({pair.a for pair in pairs} | {pair.b for pair in pairs})
        subjects = self._catalog.subjects(ids)
        pictures = SmallPictures(self._catalog)
        to_compare = {
            content_id
            for pair in pairs
            if needs_verification(subjects[pair.a], subjects[pair.b], pair)
            for content_id in (pair.a, pair.b)
        }
        self._remake_thumbnails(to_compare, control)
        relations = []
        for pair in pairs:
            a, b = subjects[pair.a], subjects[pair.b]
            alignment = pictures.compare(a, b, pair)
            relation = decide(a, b, pair, alignment)
            if relation.kind is not Kind.DIFFERENT or alignment is not None:
                relations.append(relation)
        return relations

    def _remake_thumbnails(self, content_ids: Iterable[int], control: RunControl) -> None:
        """Decode again what the cache has lost: without pixels nothing could be told apart."""
        lost = [key for key in sorted(content_ids) if self._catalog.thumbnail(key) is None]
        if not lost:
            return
        photos = self._catalog.photos(lost)
        files = {photo.content_id: photo.file for photo in photos if not photo.offline}
        with DecodePool(self._workers) as pool:
            for _, result in pool.fingerprint(files.values(), control):
                if not isinstance(result, Problem):
                    self._catalog.put_thumbnail(result.hashes.content, result.thumbnail)


class SmallPictures:
    """The thumbnails of contents, prepared for comparing; keeps those of one chunk of pairs."""

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog
        self._prepared: dict[int, Prepared | None] = {}

    def put(self, content_id: int, thumbnail: bytes) -> None:
        """Give a picture that is not in the catalog (a search query)."""
        self._prepared[content_id] = prepare(thumbnail_pixels(thumbnail))

    def get(self, content_id: int) -> Prepared | None:
        """The picture of a content, None where the cache lost its thumbnail."""
        if content_id not in self._prepared:
            thumbnail = self._catalog.thumbnail(content_id)
            self._prepared[content_id] = (
                None if thumbnail is None else prepare(thumbnail_pixels(thumbnail))
            )
        return self._prepared[content_id]

    def compare(self, a: Subject, b: Subject, pair: Candidate) -> Alignment | None:
        """The aligned comparison, or None where the pair needs none or a thumbnail is gone."""
        if not needs_verification(a, b, pair):
            return None
        first, second = self.get(a.id), self.get(b.id)
        if first is None or second is None:
            return None
        return compare(first, second, pair.turn)
