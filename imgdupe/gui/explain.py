# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""Kinds, relations and photos in the photographer's words.

Main thread (it asks the translator), no state. Reasons of the keeper rules and notes of the
matching arrive in words already and pass through as they are.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication, QLocale

from imgdupe.gui import formatting
from imgdupe.keeping import KeeperRule
from imgdupe.records import TURNS, Evidence, Group, Kind, Member, PhotoRecord, Shelf, Verdict

translate = QCoreApplication.translate


def shelf_name(shelf: Shelf) -> str:
    """The title of a tab."""
    return {
        Shelf.IDENTICAL: translate("shelf", "Identical"),
        Shelf.SAME_PICTURE: translate("shelf", "Same picture"),
        Shelf.SIMILAR_SHOTS: translate("shelf", "Similar shots"),
        Shelf.NOT_DUPLICATES: translate("shelf", "Not duplicates"),
    }[shelf]


def kind_name(kind: Kind) -> str:
    """One or two words for a badge."""
    return {
        Kind.IDENTICAL: translate("kind", "identical"),
        Kind.SAME_PIXELS: translate("kind", "same pixels"),
        Kind.RESIZED: translate("kind", "resized"),
        Kind.EDITED: translate("kind", "edited"),
        Kind.BURST: translate("kind", "burst"),
        Kind.SIMILAR: translate("kind", "similar"),
        Kind.DIFFERENT: translate("kind", "different"),
    }[kind]


def kind_plural(kind: Kind) -> str:
    """What a photo of this kind is, for a choice of kinds."""
    return {
        Kind.IDENTICAL: translate("kind", "Identical files"),
        Kind.SAME_PIXELS: translate("kind", "Files with the same pixels"),
        Kind.RESIZED: translate("kind", "Resized and re-saved copies"),
        Kind.EDITED: translate("kind", "Edited versions"),
        Kind.BURST: translate("kind", "Other frames"),
        Kind.SIMILAR: translate("kind", "Look-alikes"),
        Kind.DIFFERENT: translate("kind", "Different pictures"),
    }[kind]


def rule_name(rule: KeeperRule) -> str:
    """Goes on after "Keep the photo that…"."""
    return {
        KeeperRule.PREFERRED: translate("rule", "is in a preferred folder"),
        KeeperRule.RAW: translate("rule", "is RAW or has a RAW beside it"),
        KeeperRule.WORK: translate("rule", "has a rating, keywords or a sidecar"),
        KeeperRule.PIXELS: translate("rule", "has the most pixels, without a border"),
        KeeperRule.QUALITY: translate("rule", "has the best quality"),
        KeeperRule.CAMERA: translate("rule", "has the camera's data"),
        KeeperRule.PROTECTED: translate("rule", "is in a protected folder"),
        KeeperRule.NAME: translate("rule", "has its original name"),
        KeeperRule.OLDEST: translate("rule", "is the oldest file"),
        KeeperRule.SHORTEST: translate("rule", "has the shortest path"),
    }[rule]


def lost_name(name: str) -> str:
    """What `match.keeper.lacks_of` names, in the user's language."""
    return {
        "rating": translate("lost", "rating"),
        "keywords": translate("lost", "keywords"),
        "title": translate("lost", "title"),
        "place": translate("lost", "place"),
        "date": translate("lost", "date"),
        "companion files": translate("lost", "companion files"),
    }.get(name, name)


def field_name(name: str) -> str:
    """What `removal.merge_metadata` names a field, in the user's language."""
    return {
        "Rating": translate("facts", "Rating"),
        "Label": translate("facts", "Label"),
        "Keywords": translate("facts", "Keywords"),
        "Title": translate("facts", "Title"),
        "Caption": translate("facts", "Caption"),
        "Place": translate("facts", "Place"),
    }.get(name, name)


def kind_meaning(kind: Kind) -> str:
    """A sentence that says what the kind promises."""
    return {
        Kind.IDENTICAL: translate("kind", "The files are the same, byte for byte."),
        Kind.SAME_PIXELS: translate(
            "kind", "Every pixel is the same; other data or another format around them."
        ),
        Kind.RESIZED: translate(
            "kind", "The same picture in another size, quality or format; nothing else differs."
        ),
        Kind.EDITED: translate(
            "kind", "The same shot, edited: cropped, toned, turned, framed or the like."
        ),
        Kind.BURST: translate("kind", "Another frame of the same moment: a different shot."),
        Kind.SIMILAR: translate("kind", "Alike: the same subject or scene, a different shot."),
        Kind.DIFFERENT: translate("kind", "Compared, and found to be different pictures."),
    }[kind]


def kind_badge(kind: Kind, probability: float) -> str:
    """Such as "identical", "98 % resized": only what is not a proof carries a number."""
    if kind in {Kind.IDENTICAL, Kind.SAME_PIXELS, Kind.DIFFERENT}:
        return kind_name(kind)
    return f"{formatting.percent(probability)} {kind_name(kind)}"


def verdict_name(verdict: Verdict | None) -> str:
    """What was decided."""
    if verdict is None:
        return translate("verdict", "undecided")
    names = {
        Verdict.KEEP: translate("verdict", "keep"),
        Verdict.REMOVE: translate("verdict", "remove"),
    }
    return names[verdict]


def file_name(photo: PhotoRecord) -> str:
    """The photo's base name for reading."""
    return formatting.path(os.path.basename(photo.path))


def folder(photo: PhotoRecord) -> str:
    """The photo's folder, the home folder as ~."""
    return formatting.home_path(os.path.dirname(photo.path))


def whole_path(photo: PhotoRecord) -> str:
    """The photo's path, the home folder as ~."""
    return formatting.home_path(photo.path)


def folders_text(folders: Sequence[bytes]) -> str:
    """Where a group lies: "~/Downloads ↔ ~/Pictures/2024"; of one folder, that it is within."""
    names = [formatting.home_path(each) for each in folders]
    return (
        "  ↔  ".join(names) if len(names) > 1 else translate("folders", "within {0}").format(*names)
    )


def member_note(member: Member) -> str:
    """What a member is: the keeper's reason, a copy's difference."""
    if member.reason:
        return member.reason
    return translate("member", "suggested") if member.keeper else kind_name(member.kind)


def why(kind: Kind, evidence: Evidence) -> str:
    """The measured reasons of a relation, shortest first."""
    if kind is Kind.IDENTICAL:
        return translate("why", "the same bytes")
    parts = list(evidence.notes)
    if evidence.phash_distance is not None:
        parts.append(translate("why", "pHash {0} of 64 bits").format(evidence.phash_distance))
    if evidence.cosine is not None:
        parts.append(translate("why", "ResNet {0}").format(_decimal(evidence.cosine, 3)))
    if evidence.difference is not None:
        share = _decimal(100 * evidence.difference, 1)
        parts.append(translate("why", "aligned difference {0} %").format(share))
    if evidence.overlap is not None and evidence.overlap < 0.995:
        share = formatting.percent(evidence.overlap)
        parts.append(translate("why", "{0} of the smaller frame shared").format(share))
    if evidence.turn and TURNS[evidence.turn] not in " ".join(parts):
        parts.append(TURNS[evidence.turn])
    return " · ".join(parts) or kind_meaning(kind)


def spoken_group(group: Group, place: str, marks: dict[bytes, Verdict]) -> str:
    """A group for a screen reader."""
    members = "; ".join(spoken_member(each, marks.get(each.photo.path)) for each in group.members)
    return translate("spoken", "{0}, {1}, {2}: {3}").format(
        place,
        formatting.photos(len(group.members)),
        kind_badge(group.kind, group.probability),
        members,
    )


def spoken_member(member: Member, verdict: Verdict | None) -> str:
    """A photo for a screen reader: "IMG_2031.JPG, keep, suggested, 24.0 MP"."""
    parts = [file_name(member.photo), verdict_name(verdict)]
    if member.keeper:
        parts.append(translate("spoken", "suggested keeper"))
    elif member.preselected:
        parts.append(translate("spoken", "suggested to be removed"))
    metadata = member.photo.metadata
    parts.append(formatting.megapixels(metadata.width, metadata.height))
    if member.photo.offline:
        parts.append(translate("spoken", "offline"))
    return ", ".join(parts)


@dataclass(frozen=True, slots=True)
class Fact:
    """One line of the comparison. `differs`: the two say different things."""

    label: str
    left: str
    right: str
    differs: bool


def compare_facts(left: PhotoRecord, right: PhotoRecord | None) -> list[Fact]:
    """What the photos say about themselves, line by line; lines that both leave empty are gone."""
    ours, theirs = _facts(left), _facts(right) if right is not None else {}
    lines = []
    for label, value in ours.items():
        other = theirs.get(label, "")
        if value or other:
            lines.append(Fact(label, value, other, right is not None and value != other))
    return lines


def _facts(photo: PhotoRecord) -> dict[str, str]:
    data = photo.metadata
    dimensions = translate("facts", "{0} × {1}  ({2})").format(
        data.width, data.height, formatting.megapixels(data.width, data.height)
    )
    return {
        translate("facts", "Name"): file_name(photo),
        translate("facts", "Folder"): folder(photo),
        translate("facts", "Size"): formatting.size(photo.file.size),
        translate("facts", "Pixels"): dimensions,
        translate("facts", "Format"): _format(photo),
        translate("facts", "Taken"): (data.taken_at or "").replace("T", " "),
        translate("facts", "Changed"): formatting.moment(photo.file.mtime_ns / 1e9),
        translate("facts", "Camera"): data.camera or "",
        translate("facts", "Lens"): data.lens or "",
        translate("facts", "Exposure"): data.exposure or "",
        translate("facts", "Rating"): "★" * (data.rating or 0),
        translate("facts", "Keywords"): ", ".join(data.keywords),
        translate("facts", "Title"): data.title or "",
        translate("facts", "Place"): _place(data.gps),
        translate("facts", "Software"): data.software or "",
        translate("facts", "With it"): ", ".join(
            formatting.path(os.path.basename(each.path)) for each in photo.companions
        ),
        translate("facts", "Damage"): photo.damaged or "",
    }


def _format(photo: PhotoRecord) -> str:
    quality = photo.metadata.jpeg_quality
    if quality is None:
        return photo.metadata.format
    return translate("facts", "{0}, quality {1}").format(photo.metadata.format, quality)


def _place(gps: tuple[float, float] | None) -> str:
    if gps is None:
        return ""
    return f"{_decimal(gps[0], 5)}, {_decimal(gps[1], 5)}"


def _decimal(value: float, digits: int) -> str:
    return QLocale().toString(float(value), "f", digits)
