# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""The tables and the plot of an accuracy run."""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import Any


def markdown(result: dict[str, Any]) -> str:
    """The tables of a run."""
    edits = result["edits"].items()
    lines = [
        f"# Accuracy: {result['photos']} photos, {result['queries']} of them with every edit",
        "",
        "| edit | strength | copies | in the group of the original |",
        "|---|---|---|---|",
        *(f"| {k} | {v['strength']} | {v['copies']} | {v['recall']:.3f} |" for k, v in edits),
        "",
        "| figure | value |",
        "|---|---|",
    ]
    for strength in ("exact", "mild", "strong"):
        recall = [v["recall"] for _, v in edits if v["strength"] == strength]
        lines.append(f"| {strength}, mean recall | {sum(recall) / max(len(recall), 1):.4f} |")
    for name in ("pairs", "b3"):
        said = result[name]
        text = f"{said['precision']:.4f} / {said['recall']:.4f} / {said['f1']:.4f}"
        lines.append(f"| {name}: precision / recall / F1 | {text} |")
    for source, said in result["bursts"].items():
        text = f"{said['called_copies']} of {said['pairs']} (together: {said['together']})"
        lines.append(f"| {source} frames called copies | {text} |")
    chosen = result["preselected"]
    lines += [
        f"| preselected, wrong among them | {chosen['photos']}, {chosen['wrong']} |",
        f"| groups with flat pictures | {result['flat_groups']} |",
        f"| groups with pages of text | {result['text_groups']} |",
        f"| groups of copies with strangers | {len(result['false_groups'])} |",
        f"| seconds: scan, groups | {result['seconds']['scan']}, {result['seconds']['groups']} |",
        "",
        *_kinds_table(result["kinds"]),
        "",
        *_programs_table(result["programs"]),
    ]
    return "\n".join(lines) + "\n"


def _programs_table(programs: dict[str, Any]) -> list[str]:
    """Recall by edit and wrong pairs, a column for each program that ran."""
    ran = {name: said for name, said in programs.items() if not isinstance(said, str)}
    first = ran["imgdupe"]
    rows = {edit: [f"{s['recall'][edit]:.3f}" for s in ran.values()] for edit in first["recall"]}
    rows |= {f"wrong: {of}": [str(s["wrong"][of]) for s in ran.values()] for of in first["wrong"]}
    rows["precision"] = [f"{said['precision']:.4f}" for said in ran.values()]
    lines = ["| copies found | " + " | ".join(ran) + " |", "|---" * (len(ran) + 1) + "|"]
    lines += [f"| {name} | " + " | ".join(cells) + " |" for name, cells in rows.items()]
    return [*lines, "", *(said for said in programs.values() if isinstance(said, str))]


def draw(result: dict[str, Any], path: Path) -> None:
    """The recall per edit of every program, if matplotlib is there."""
    try:
        plt = importlib.import_module("matplotlib.pyplot")
    except ImportError:
        print("matplotlib is not installed: no plot")
        return
    ran = {n: s for n, s in result["programs"].items() if not isinstance(s, str)}
    edits = list(ran["imgdupe"]["recall"])
    figure, axes = plt.subplots(figsize=(9, 0.3 * len(edits) + 1))
    for place, (name, said) in enumerate(ran.items()):
        height = 0.8 / len(ran)
        rows = [row + place * height for row in range(len(edits))]
        axes.barh(rows, [said["recall"][edit] for edit in edits], height, label=name)
    axes.set(xlim=(0, 1), xlabel="share of copies found with their original")
    axes.set_yticks(range(len(edits)), edits)
    axes.invert_yaxis()
    axes.legend()
    figure.savefig(path, dpi=120, bbox_inches="tight")


def _kinds_table(kinds: dict[str, dict[str, int]]) -> list[str]:
    columns = ["identical", "same_pixels", "resized", "edited", "burst", "similar", "-"]
    rows = [
        f"| {kind} | " + " | ".join(str(said.get(column, 0)) for column in columns) + " |"
        for kind, said in kinds.items()
    ]
    return ["| is \\ said | " + " | ".join(columns) + " |", "|---" * 8 + "|", *rows]
