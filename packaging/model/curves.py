# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""Draw a training log: `python curves.py DIR/log.jsonl DIR/curves.png`."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import matplotlib as mpl

mpl.use("Agg")
import matplotlib.pyplot as plt


def main(log: Path, picture: Path) -> None:
    """Losses above, validation figures below."""
    lines = [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()]
    figure, axes = plt.subplots(2, 1, sharex=True, figsize=(8, 7))
    rows = (("nce", "search", "koleo"), ("recall1", "strict", "true_cosine", "wrong_cosine"))
    for axis, names in zip(axes, rows, strict=True):
        for name in names:
            points = [(line["minutes"], line[name]) for line in lines if name in line]
            axis.plot(*zip(*points, strict=True), label=name)
        axis.legend()
        axis.grid(alpha=0.3)
    axes[1].set_xlabel("minutes")
    figure.savefig(picture, dpi=110, bbox_inches="tight")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
