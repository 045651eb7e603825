# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""The library's vectors and its graph of relations as files for other programs. Any thread.

Everything comes in pieces, since it can be large. In the graph every photo is a node; a relation
joins the first photos of two contents, and the other photos of a content hang on its first one.
"""

from __future__ import annotations

import csv
import html
import io
import json
import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from imgdupe.catalog.catalog import Catalog
from imgdupe.engine.report import path_fields
from imgdupe.errors import ModelMissing
from imgdupe.records import Kind, PhotoRecord, Relation

_BLOCK = 4096
_NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

Edge = tuple[PhotoRecord, PhotoRecord, Kind, float]


class Export:
    """Gives the contents of the files; writes none itself."""

    def __init__(self, catalog: Catalog, model_id: str | None) -> None:
        self._catalog = catalog
        self._model_id = model_id

    def embeddings(self) -> tuple[Iterator[bytes], bytes, int]:
        """One row for each photo with a vector: float32[n, d] as a NumPy file; what the rows are.

        The second is JSON, `{"model", "photos": [{"path", …}]}`; the third is n.
        """
        table = self._catalog.features(self._model_id)
        if table.vectors is None:
            raise ModelMissing("Without the recognition model there are no embeddings to export.")
        embedded = np.flatnonzero(table.vectors.any(axis=1))
        row_of = dict(zip(table.ids[embedded].tolist(), embedded.tolist(), strict=True))
        photos = [each for each in self._catalog.photos() if each.content_id in row_of]
        document = {
            "model": self._model_id,
            "photos": [path_fields(photo.path) for photo in photos],
        }
        rows = _rows(table.vectors, [row_of[photo.content_id] for photo in photos])
        return rows, json.dumps(document, indent=1).encode(), len(photos)

    def graph(self, ending: str) -> tuple[Iterator[bytes], int]:
        """The graph in the format of `GRAPHS`, and the number of its edges."""
        edges = _edges(self._catalog.photos(), self._catalog.relations())
        return GRAPHS[ending](edges), len(edges)


def _rows(vectors: NDArray[np.float16], rows: Sequence[int]) -> Iterator[bytes]:
    head = io.BytesIO()
    shape = (len(rows), vectors.shape[1])
    description = {"descr": "<f4", "fortran_order": False, "shape": shape}
    np.lib.format.write_array_header_1_0(head, description)
    yield head.getvalue()
    for start in range(0, len(rows), _BLOCK):
        yield vectors[rows[start : start + _BLOCK]].astype("<f4").tobytes()


def _edges(photos: Sequence[PhotoRecord], relations: Iterable[Relation]) -> list[Edge]:
    """What was compared and found different is no edge."""
    first: dict[int, PhotoRecord] = {}
    edges: list[Edge] = []
    for photo in photos:
        head = first.setdefault(photo.content_id, photo)
        if head is not photo:
            edges.append((head, photo, Kind.IDENTICAL, 1.0))
    edges += [
        (first[each.a], first[each.b], each.kind, each.probability)
        for each in relations
        if each.kind is not Kind.DIFFERENT and each.a in first and each.b in first
    ]
    return edges


def graph_csv(edges: Sequence[Edge]) -> Iterator[bytes]:
    """A table of edges as Gephi and spreadsheets read it."""
    yield _line(["Source", "Target", "Kind", "Weight"])
    for a, b, kind, probability in edges:
        yield _line([os.fsdecode(a.path), os.fsdecode(b.path), kind, f"{probability:.5f}"])


def graph_graphml(edges: Sequence[Edge]) -> Iterator[bytes]:
    """GraphML with the photos' facts as data of the nodes."""
    yield b'<?xml version="1.0" encoding="UTF-8"?>\n'
    yield b'<graphml xmlns="http://graphml.graphdrawing.org/xmlns">\n'
    for name, kind in _NODE_KEYS.items():
        yield f'<key id="{name}" for="node" attr.name="{name}" attr.type="{kind}"/>\n'.encode()
    yield b'<key id="kind" for="edge" attr.name="kind" attr.type="string"/>\n'
    yield b'<key id="probability" for="edge" attr.name="probability" attr.type="double"/>\n'
    yield b'<graph edgedefault="undirected">\n'
    for photo in _nodes(edges):
        data = "".join(
            f'<data key="{name}">{html.escape(_text(value), quote=False)}</data>'
            for name, value in _facts(photo).items()
        )
        yield f'<node id="{photo.id}">{data}</node>\n'.encode()
    for a, b, kind, probability in edges:
        yield (
            f'<edge source="{a.id}" target="{b.id}"><data key="kind">{kind}</data>'
            f'<data key="probability">{probability:.5f}</data></edge>\n'
        ).encode()
    yield b"</graph>\n</graphml>\n"


def graph_cypher(edges: Sequence[Edge]) -> Iterator[bytes]:
    """Statements for Neo4j: `(:Photo)-[:SIMILAR_TO {kind, score}]->(:Photo)`."""
    yield b"CREATE CONSTRAINT photo_id IF NOT EXISTS FOR (p:Photo) REQUIRE p.id IS UNIQUE;\n"
    for photo in _nodes(edges):
        facts = ", ".join(f"{name}: {_literal(value)}" for name, value in _facts(photo).items())
        yield f"MERGE (p:Photo {{id: {photo.id}}}) SET p += {{{facts}}};\n".encode()
    for a, b, kind, probability in edges:
        ends = f"MATCH (a:Photo {{id: {a.id}}}), (b:Photo {{id: {b.id}}})"
        says = f'SET s.kind = "{kind}", s.score = {probability:.5f}'
        yield f"{ends} MERGE (a)-[s:SIMILAR_TO]->(b) {says};\n".encode()


GRAPHS: Mapping[str, Callable[[Sequence[Edge]], Iterator[bytes]]] = {
    ".csv": graph_csv,
    ".cypher": graph_cypher,
    ".graphml": graph_graphml,
}
"""The formats of the graph by the file name's ending."""

_NODE_KEYS = {
    "path": "string",
    "bytes": "long",
    "width": "int",
    "height": "int",
    "taken_at": "string",
    "camera": "string",
}


def _nodes(edges: Sequence[Edge]) -> Iterable[PhotoRecord]:
    """Every photo that has an edge, once, by path."""
    photos = {photo.id: photo for a, b, _, _ in edges for photo in (a, b)}
    return sorted(photos.values(), key=lambda photo: photo.path)


def _facts(photo: PhotoRecord) -> dict[str, str | int]:
    data = photo.metadata
    facts: dict[str, str | int | None] = {
        "path": photo.path.decode("utf-8", "backslashreplace"),
        "bytes": photo.file.size,
        "width": data.width,
        "height": data.height,
        "taken_at": data.taken_at,
        "camera": data.camera,
    }
    return {name: value for name, value in facts.items() if value is not None}


def _text(value: str | int) -> str:
    """Without the control characters that XML cannot hold."""
    return _NOT_IN_XML.sub("�", str(value))


def _literal(value: str | int) -> str:
    """Cypher reads JSON's strings."""
    return json.dumps(value)


def _line(cells: Sequence[Any]) -> bytes:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerow(cells)
    return out.getvalue().encode("utf-8", "surrogateescape")
