# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""Train the copy-detection network on a photo pack, on one CPU thread, for a given time.

    OMP_NUM_THREADS=1 python train.py --data ../../../shared/data --out DIR --minutes 80

InfoNCE over two edited views of each photo plus KoLeo, AdamW, cosine schedule over the given
minutes. A precision of .999 is decided by the most similar strangers, so half of each batch are
groups of look-alikes, and every view must also find its own photo among all unedited ones, as the
averaged network saw them last. `--start` goes on from an exported file: a second sitting. Writes
`last.pt` (resumable), `best.pt` (moving average of the weights, what is exported) and `log.jsonl`
into DIR.
"""

from __future__ import annotations

import argparse
import copy
import json
import math
import os
import time
from pathlib import Path

import torch
import torch.nn.functional as F  # noqa: N812
from torch import Tensor

from edits import Edits
from network import Net, load_exported, load_start
from photos import load_squares
from start import early, features, fit_projection

STORE_PX = 160
TAU = 0.05
COPY_COSINE = 0.85  # unedited photos of the pack above it may be copies: not to be pushed apart
REFRESH_S = 480


def loss_of(z: Tensor, koleo: float) -> tuple[Tensor, Tensor, Tensor]:
    """InfoNCE + KoLeo of unit vectors [2n, d] (view one, then view two), and both parts."""
    n = len(z) // 2
    cosine = z @ z.T
    own = torch.arange(2 * n).roll(n)
    cosine = cosine - 1e4 * torch.eye(2 * n)
    nce = F.cross_entropy(cosine / TAU, own)
    strangers = cosine.scatter(1, own[:, None], -1e4)
    spread = -((2 - 2 * strangers.max(1).values).clamp(min=1e-4).sqrt()).log().mean()
    return nce + koleo * spread, nce.detach(), spread.detach()


def search_loss(z: Tensor, own: Tensor, gallery: Tensor, copies: Tensor) -> Tensor:
    """Cross-entropy of finding each view [v, d]'s photo `own` [v] among all of `gallery` [p, d].

    `copies` [p, p] marks what may be the same photo: neither sought nor pushed away.
    """
    cosine = z @ gallery.T
    others = copies[own].scatter(1, own[:, None], value=False)
    return F.cross_entropy(cosine.masked_fill(others, -1) / TAU, own)


def learning_rate(done: float) -> float:
    """Factor at a share of the time: 3 % warm-up, then cosine to 1 %."""
    return min(1.0, done / 0.03) * (0.01 + 0.99 * (1 + math.cos(math.pi * done)) / 2)


class Sampler:
    """Batches of photo numbers: half at random, half groups of four look-alikes."""

    def __init__(self, photos: int, seed: int) -> None:
        self.photos = photos
        self.random = torch.Generator().manual_seed(seed)

    def batch(self, size: int, near: Tensor | None) -> Tensor:
        """At most `size` different numbers; `near` [photos, k] are each one's nearest strangers."""
        loose = torch.randint(self.photos, (size,), generator=self.random)
        if near is not None:
            seeds = loose[: size // 8]
            pick = torch.rand(len(seeds), near.shape[1], generator=self.random).argsort(1)[:, :3]
            friends = near[seeds].gather(1, pick).flatten()
            loose[len(seeds) : len(seeds) + len(friends)] = friends
        return torch.unique(loose)


class Gallery:
    """Embeddings of all unedited training photos by the averaged network, refreshed now and then.

    Its own slowness is what makes it safe: a memory of the moving network's embeddings collapses.
    """

    @torch.no_grad()
    def __init__(self, net: Net, squares: Tensor, side: int) -> None:
        found = []
        for part in squares.split(128):
            images = F.interpolate(part.float() / 255, (side, side), mode="area")
            found.append(net.head(features(net, images)))
        self.vectors = torch.cat(found)
        cosine = self.vectors @ self.vectors.T
        self.copies = cosine > COPY_COSINE
        self.near = cosine.masked_fill_(self.copies, -1).topk(12).indices


class Validation:
    """300 unseen photos, four edited views each, among unseen strangers: fixed, made once."""

    def __init__(self, data: Path, out: Path, side: int) -> None:
        photos, aspects = load_squares(data / "val/photos", STORE_PX, out / "val.npz")
        strangers, _ = load_squares(data / "val/distractors", STORE_PX, out / "strangers.npz")
        edits = Edits(photos, aspects, seed=7)
        self.queries = torch.cat([edits.views(torch.arange(300), side) for _ in range(4)])
        gallery = torch.cat([torch.from_numpy(photos), torch.from_numpy(strangers[:1000])])
        self.gallery = F.interpolate(gallery.float() / 255, (side, side), mode="area")

    @torch.no_grad()
    def measure(self, net: Net) -> dict[str, float]:
        q, g = (net.head(features(net, x)) for x in (self.queries, self.gallery))
        cosine = q @ g.T
        own = torch.arange(len(q)) % 300
        true = cosine.gather(1, own[:, None])[:, 0].clone()
        cosine.scatter_(1, own[:, None], -1)
        wrong = cosine.max(1).values
        # one wrong pair in a thousand: the threshold that lets through a single wrong query
        strict = wrong.sort(descending=True).values[1]
        return {
            "recall1": (true > wrong).float().mean().item(),
            "strict": (true > strict).float().mean().item(),
            "true_cosine": true.mean().item(),
            "wrong_cosine": wrong.mean().item(),
        }


class Training:
    """One run: network, moving average, optimiser, sampler, log."""

    def __init__(self, args: argparse.Namespace) -> None:
        self.args, self.out = args, Path(args.out)
        self.out.mkdir(parents=True, exist_ok=True)
        torch.manual_seed(args.seed)
        squares, aspects = load_squares(Path(args.data) / "train", STORE_PX, self.out / "train.npz")
        self.edits = Edits(squares, aspects, args.seed)
        self.sampler = Sampler(len(squares), args.seed)
        self.validation = Validation(Path(args.data), self.out, args.side)
        self.net = Net()
        load_start(self.net, Path(args.data) / "models/resnet18-imagenet-stages1-3.onnx")
        self.net = self.net.to(memory_format=torch.channels_last)
        for part in (self.net.stem, self.net.stage1):
            part.requires_grad_(False)
        self.step, self.spent_s, self.best = 0, 0.0, -1.0
        if (self.out / "last.pt").exists():
            self.net.load_state_dict(torch.load(self.out / "last.pt")["net"])
        elif args.start:
            load_exported(self.net, Path(args.start))
        else:
            fit_projection(self.net, self.edits, 1536, args.side)
        self.average = copy.deepcopy(self.net).requires_grad_(False)
        self.gallery: Gallery | None = None
        self.optimiser = self._optimiser()
        self._resume()

    def _optimiser(self) -> torch.optim.Optimizer:
        scale = float(self.net.project.weight.detach().square().mean().sqrt()) * 768**0.5
        trunk = [*self.net.stage2.parameters(), *self.net.stage3.parameters()]
        groups = [
            {"params": trunk, "base": self.args.lr * 0.4},
            {"params": list(self.net.stage4.parameters()), "base": self.args.lr},
            {"params": list(self.net.project.parameters()), "base": self.args.lr * scale},
        ]
        return torch.optim.AdamW(groups, lr=self.args.lr, weight_decay=0.01, betas=(0.9, 0.98))

    def _resume(self) -> None:
        if not (self.out / "last.pt").exists():
            return
        state = torch.load(self.out / "last.pt")
        self.average.load_state_dict(state["average"])
        self.optimiser.load_state_dict(state["optimiser"])
        self.step, self.spent_s, self.best = state["step"], state["spent_s"], state["best"]
        self.edits.random.manual_seed(self.args.seed + self.step)
        self.sampler.random.manual_seed(self.args.seed + self.step)

    def run(self) -> None:
        """Steps until the time is spent; measures and saves every few minutes."""
        total_s, started = self.args.minutes * 60, time.monotonic() - self.spent_s
        measured, refreshed = self.spent_s if self.step else -math.inf, -math.inf
        while (done := self.spent_s / total_s) < 1:
            if self.spent_s - measured > 600:
                measured = self.spent_s
                self._measure()
            settled = bool(self.args.start) or done > 0.05
            if settled and self.spent_s - refreshed > max(REFRESH_S, 0.05 * total_s):
                refreshed = self.spent_s
                side = self._side(done)
                self.gallery = Gallery(self.average, self.edits.squares, side)
            self._learn(done)
            self.spent_s = time.monotonic() - started
        self._measure()

    def _learn(self, done: float) -> None:
        side = self._side(done)
        index = self.sampler.batch(self.args.batch, self.gallery.near if self.gallery else None)
        images = torch.cat([self.edits.views(index, side) for _ in range(2)])
        with torch.autocast("cpu", torch.bfloat16):
            pooled = self.net.pooled(early(self.net, images))
        koleo = self.args.koleo * min(1.0, done / 0.1)
        z = self.net.head(pooled)
        loss, nce, spread = loss_of(z, koleo)
        found = torch.zeros(())
        if self.gallery:
            found = search_loss(z, index.repeat(2), self.gallery.vectors, self.gallery.copies)
            loss = loss + found
        self.optimiser.zero_grad()
        loss.backward()
        norm = torch.nn.utils.clip_grad_norm_(self.net.parameters(), 5.0)
        for group in self.optimiser.param_groups:
            group["lr"] = group["base"] * learning_rate(done)
        self.optimiser.step()
        self.step += 1
        keep = min(0.998, (1 + self.step) / (10 + self.step))
        with torch.no_grad():
            for old, new in zip(self.average.parameters(), self.net.parameters(), strict=True):
                old.lerp_(new, 1 - keep)
        if self.step % 5 == 0:
            parts = {"nce": nce, "search": found, "koleo": spread, "gradient": norm}
            self._log(**{name: part.item() for name, part in parts.items()}, side=side)

    def _side(self, done: float) -> int:
        return self.args.late_side if done > 0.8 else self.args.side

    def _measure(self) -> None:
        figures = self.validation.measure(self.average)
        self._log(**figures)
        state = {
            "net": self.net.state_dict(),
            "average": self.average.state_dict(),
            "optimiser": self.optimiser.state_dict(),
            "step": self.step,
            "spent_s": self.spent_s,
            "best": max(self.best, figures["strict"]),
        }
        _save(state, self.out / "last.pt")
        if figures["strict"] >= self.best:
            self.best = figures["strict"]
            _save(self.average.state_dict(), self.out / "best.pt")

    def _log(self, **figures: float) -> None:
        line = {"step": self.step, "minutes": round(self.spent_s / 60, 2), **figures}
        text = json.dumps({k: round(v, 4) for k, v in line.items()})
        print(text, flush=True)
        with (self.out / "log.jsonl").open("a", encoding="utf-8") as file:
            file.write(text + "\n")


def _save(value: object, path: Path) -> None:
    torch.save(value, path.with_suffix(".tmp"))
    os.replace(path.with_suffix(".tmp"), path)


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--data", required=True, help="the photo pack (train/, val/, models/)")
    parser.add_argument("--out", required=True, help="checkpoints and log; outside the repository")
    parser.add_argument("--start", help="an exported file to go on from, with a lower --lr")
    parser.add_argument("--minutes", type=float, default=80)
    parser.add_argument("--batch", type=int, default=128, help="photos; two views of each")
    parser.add_argument("--side", type=int, default=128, help="px")
    parser.add_argument("--late-side", type=int, default=160, help="px in the last fifth")
    parser.add_argument("--lr", type=float, default=6e-4)
    parser.add_argument("--koleo", type=float, default=3.0)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    torch.set_num_threads(1)
    Training(args).run()


if __name__ == "__main__":
    main()
