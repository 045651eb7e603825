# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""The scores of one method, and the figures that are read from them.

One threshold per method, for all edits together: the lowest with precision >= .999 over all pairs.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from ladder import MILD, STRONG

WORST = 20_000  # wrong pairs that are kept: far more than a threshold can meet
PRECISION, DRAWS = 0.999, 200
STRANGERS = 1e-6  # the share of wrong pairs above the reported score
NEAR = 10


class Tally:
    """All true scores and the worst wrong ones of one method.

    `gallery` [p, d]; `own` [q]: each query's photo in it; `scenes` [s, 2]: pairs (query, photo)
    that are frames of one scene. Those count as wrong pairs, and `strangers` leaves them out.
    """

    def __init__(self, gallery: np.ndarray, own: np.ndarray, scenes: np.ndarray) -> None:
        self.gallery, self.own, self.scenes = gallery, own, scenes
        self.true: dict[str, np.ndarray] = {}
        self.rank: dict[str, np.ndarray] = {}
        self.pairs = 0
        self.wrong = np.empty((0, 3))  # score, query, whether frames of one scene

    def add(self, edit: str, queries: np.ndarray) -> None:
        """Score one edited view of every query, in order."""
        score = (queries @ self.gallery.T).astype(float)
        at = np.arange(len(score))
        self.true[edit] = score[at, self.own].copy()
        score[at, self.own] = -np.inf
        self.rank[edit] = (score >= self.true[edit][:, None]).sum(1)
        self.pairs += score.size - len(score)
        scene = np.zeros(score.shape)
        scene[self.scenes[:, 0], self.scenes[:, 1]] = 1
        worst = np.argpartition(score, -WORST, axis=None)[-WORST:]
        rows = np.stack([score.ravel()[worst], worst // score.shape[1], scene.ravel()[worst]], 1)
        self.wrong = np.concatenate([self.wrong, rows])
        self.wrong = self.wrong[np.argsort(-self.wrong[:, 0])[:WORST]]

    def strangers(self) -> Tally:
        """The same without the pairs of one scene."""
        out = Tally(self.gallery, self.own, self.scenes)
        out.true, out.rank, out.pairs = self.true, self.rank, self.pairs
        out.wrong = self.wrong[self.wrong[:, 2] == 0]
        return out

    def threshold(self, weight: np.ndarray) -> float:
        """The lowest score at which PRECISION of the pairs above it, weighted by query, is true."""
        true = np.concatenate(list(self.true.values()))
        wrong, query = self.wrong[:, 0], self.wrong[:, 1].astype(int)
        scores = np.concatenate([true, wrong])
        gains = np.concatenate([np.tile(weight, len(self.true)), 0 * wrong])
        losses = np.concatenate([0 * true, weight[query]])
        order = np.argsort(-scores)
        scores, hits, misses = scores[order], gains[order].cumsum(), losses[order].cumsum()
        last = np.append(scores[1:] < scores[:-1], True)  # equal scores pass together or not at all
        good = last & (hits >= PRECISION * (hits + misses)) & (scores > wrong.min())
        return float(scores[good].min()) if good.any() else float("inf")

    def recall(self, weight: np.ndarray, edits: Iterable[str]) -> float:
        """The mean over some edits, at the threshold of all."""
        cut = self.threshold(weight)
        return float(np.mean([np.average(self.true[e] >= cut, weights=weight) for e in edits]))

    def spread(self, edits: Iterable[str]) -> list[float]:
        """5th, 50th and 95th percentile of the recall when the query photos are drawn anew.

        One photo with a look-alike in the gallery brings a false pair under every edit, and a
        precision of .999 forgives few: the figure hangs on which photos were asked.
        """
        random = np.random.default_rng(0)
        n = len(self.own)
        draws = [np.bincount(random.integers(0, n, n), minlength=n) for _ in range(DRAWS)]
        found = [self.recall(weight.astype(float), edits) for weight in draws]
        return [round(float(v), 4) for v in np.percentile(found, [5, 50, 95])]

    def figures(self) -> dict[str, object]:
        """Everything that the report says of the method."""
        even = np.ones(len(self.own))
        cut, strangers = self.threshold(even), self.strangers()
        out: dict[str, object] = {
            "threshold": cut,
            "strangers_threshold": strangers.threshold(even),
        }
        for name, edits in (("mild", MILD), ("strong", STRONG)):
            out[name] = round(self.recall(even, edits), 4)
            out[f"{name}_spread"] = self.spread(edits)
            out[f"{name}_strangers"] = round(strangers.recall(even, edits), 4)
            rank = np.stack([self.rank[e] for e in edits])
            out[f"{name}_recall1"] = round(float((rank < 1).mean()), 4)
            out[f"{name}_recall10"] = round(float((rank < NEAR).mean()), 4)
        false = self.wrong[self.wrong[:, 0] >= cut]
        out["false_pairs"] = {"pairs": len(false), "photos": len(np.unique(false[:, 1]))}
        apart = strangers.wrong[: round(STRANGERS * self.pairs) + 1, 0]
        out["stranger_quantile"] = round(float(apart[-1]), 4)
        out["hub_skew"] = round(hub_skew(self.gallery), 2)
        out["recall"] = {e: round(float((v >= cut).mean()), 4) for e, v in self.true.items()}
        out["recall1"] = {e: round(float((v < 1).mean()), 4) for e, v in self.rank.items()}
        return out


def hub_skew(gallery: np.ndarray) -> float:
    """Skewness of how often each photo is among the `NEAR` nearest of the others (k-occurrence)."""
    score = gallery @ gallery.T
    np.fill_diagonal(score, -np.inf)
    near = np.argpartition(score, -NEAR, axis=1)[:, -NEAR:]
    count = np.bincount(near.ravel(), minlength=len(gallery)).astype(float)
    return float((((count - count.mean()) / count.std()) ** 3).mean())
