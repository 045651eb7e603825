# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""Groups as documents for other programs and for people: JSON, CSV, HTML. Pure; any thread."""

from __future__ import annotations

import base64
import csv
import html
import io
import os
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from imgdupe.records import Evidence, Group, Member, PhotoRecord, Relation

Document = dict[str, Any]


def path_fields(path: bytes, key: str = "path") -> Document:
    """A path for JSON: text with surrogateescape; if it is not UTF-8 also as hexadecimal."""
    text = os.fsdecode(path)
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return {key: text, f"{key}_hex": path.hex()}
    return {key: text}


def evidence_document(evidence: Evidence) -> Document:
    """What is known; fields without a value are left out."""
    document: Document = {}
    for name in Evidence.__dataclass_fields__:
        value = getattr(evidence, name)
        if value is not None and value != ():
            document[name] = list(value) if isinstance(value, tuple) else value
    return document


def groups_document(groups: Sequence[Group]) -> Document:
    """The `groups --json` document."""
    return {"groups": [_group_document(group) for group in groups]}


def _group_document(group: Group) -> Document:
    path_of: dict[int, bytes] = {}
    for member in group.members:
        path_of.setdefault(member.photo.content_id, member.photo.path)
    return {
        "id": group.key,
        "kind": group.kind,
        "probability": group.probability,
        "reclaimable_bytes": group.reclaimable_bytes,
        "members": [_member_document(member) for member in group.members],
        "edges": [
            # A group of shots may rest on a relation of a member's copy, which is not shown here.
            _edge_document(edge, path_of)
            for edge in group.edges
            if edge.a in path_of and edge.b in path_of
        ],
    }


def _member_document(member: Member) -> Document:
    photo = member.photo
    return {
        **path_fields(photo.path),
        "kind": member.kind,
        "probability": member.probability,
        "keeper": member.keeper,
        "reason": member.reason,
        "size": photo.file.size,
        "width": photo.metadata.width,
        "height": photo.metadata.height,
        "format": photo.metadata.format,
        "taken_at": photo.metadata.taken_at,
        "companions": [os.fsdecode(companion.path) for companion in photo.companions],
        "evidence": evidence_document(member.evidence),
        "preselected": member.preselected,
        "offline": photo.offline,
        "damaged": photo.damaged,
    }


def _edge_document(edge: Relation, path_of: dict[int, bytes]) -> Document:
    return {
        **path_fields(path_of[edge.a], "a"),
        **path_fields(path_of[edge.b], "b"),
        "kind": edge.kind,
        "probability": edge.probability,
        "evidence": evidence_document(edge.evidence),
    }


_CSV_COLUMNS = (
    "group",
    "kind",
    "probability",
    "keeper",
    "path",
    "reason",
    "size",
    "width",
    "height",
    "format",
    "taken_at",
)


def groups_csv(groups: Iterable[Group]) -> str:
    """One line per photo; opens in a spreadsheet. Surrogates are kept for the writer to encode."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(_CSV_COLUMNS)
    for group in groups:
        for member in group.members:
            photo = member.photo
            writer.writerow(
                [
                    group.key,
                    member.kind,
                    f"{member.probability:.4f}",
                    "yes" if member.keeper else "no",
                    os.fsdecode(photo.path),
                    member.reason,
                    photo.file.size,
                    photo.metadata.width,
                    photo.metadata.height,
                    photo.metadata.format,
                    photo.metadata.taken_at or "",
                ]
            )
    return out.getvalue()


_HTML_HEAD = """<!doctype html>
<html lang="en"><meta charset="utf-8"><title>imgdupe: groups</title>
<style>
body { background: #1e1e1e; color: #dcdcdc; font: 14px/1.5 system-ui, sans-serif; margin: 2rem; }
section { background: #303030; border-radius: 6px; margin: 0 0 1rem; padding: 1rem; }
h2 { font-size: 1rem; margin: 0 0 .5rem; }
ul { display: flex; flex-wrap: wrap; gap: 1rem; list-style: none; margin: 0; padding: 0; }
li { width: 220px; overflow-wrap: anywhere; color: #ababab; }
img { display: block; max-width: 100%; height: 160px; object-fit: contain; }
img { border: 2px solid #7a7a7a; }
.keeper img { border-color: #6fcf85; }
b { color: #dcdcdc; } .keeper b::before { content: "Keep: "; color: #6fcf85; }
</style>
<h1>imgdupe: groups</h1>
"""


def groups_html(
    groups: Sequence[Group], thumbnail: Callable[[PhotoRecord], bytes | None]
) -> Iterable[str]:
    """A page that stands alone, thumbnails inside; in pieces, since it can be large."""
    yield _HTML_HEAD
    for group in groups:
        kind = group.kind.replace("_", " ")
        yield f"<section><h2>{kind}, {len(group.members)} photos</h2><ul>\n"
        for member in group.members:
            yield _member_html(member, thumbnail(member.photo))
        yield "</ul></section>\n"
    if not groups:
        yield "<p>No groups found.</p>\n"
    yield "</html>\n"


def _member_html(member: Member, thumbnail: bytes | None) -> str:
    photo = member.photo
    path = os.fsencode(photo.path).decode("utf-8", "replace")
    source = ""
    if thumbnail is not None:
        source = f'src="data:image/jpeg;base64,{base64.b64encode(thumbnail).decode("ascii")}"'
    name = html.escape(os.path.basename(path))
    facts = f"{photo.metadata.width} × {photo.metadata.height} {html.escape(photo.metadata.format)}"
    return (
        f'<li class="{"keeper" if member.keeper else "copy"}"><img alt="{name}" {source}>'
        f"<b>{name}</b><br>{html.escape(os.path.dirname(path))}<br>{facts}<br>"
        f"{html.escape(member.reason)}</li>\n"
    )
