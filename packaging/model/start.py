# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""The projection's start: discriminant analysis of pooled features of two views per photo.

A random projection on a fresh fourth stage collapses (all cosines .95, loss at chance). This one
starts where copies are told from strangers already: differences between two views of one photo
are whitened, then the directions in which photos differ most are kept.
"""

from __future__ import annotations

import torch
from torch import Tensor

from edits import Edits
from network import DIM, Net, normalise

SHRINK = 0.1


@torch.no_grad()
def features(net: Net, images: Tensor) -> Tensor:
    """Pooled features float32 [n, 768] of RGB 0..1 [n, 3, s, s]."""
    with torch.autocast("cpu", torch.bfloat16):  # around the loop: it keeps the cast weights
        return torch.cat([net.pooled(early(net, part)) for part in images.split(64)])


@torch.no_grad()
def early(net: Net, images: Tensor) -> Tensor:
    """The frozen part on RGB 0..1 [n, 3, s, s], in pieces that stay in the processor's cache."""
    x = normalise(images).contiguous(memory_format=torch.channels_last)
    return torch.cat([net.early(part) for part in x.split(16)])


@torch.no_grad()
def fit_projection(net: Net, edits: Edits, photos: int, side: int) -> None:
    """Set `net.project` from two views each of the first `photos` of a random order."""
    order = torch.randperm(len(edits.squares), generator=edits.random)[:photos]
    first, second = [], []
    for part in order.split(128):
        first.append(features(net, edits.views(part, side)))
        second.append(features(net, edits.views(part, side)))
    a, b = torch.cat(first).double(), torch.cat(second).double()
    mean = torch.cat([a, b]).mean(0)
    within = (a - b).T @ (a - b) / (2 * len(a))
    total = torch.cov(torch.cat([a, b]).T)
    within += SHRINK * within.diagonal().mean() * torch.eye(len(within)).double()
    values, vectors = torch.linalg.eigh(within)
    whiten = vectors * values.rsqrt()
    between, axes = torch.linalg.eigh(whiten.T @ total @ whiten)
    keep = torch.argsort(between, descending=True)[:DIM]
    weight = (whiten @ axes[:, keep]) * between[keep].pow(-0.25)
    scale = (((a - mean) @ weight) ** 2).mean().sqrt()
    net.project.weight.copy_((weight / scale).T)
    net.project.bias.copy_(-(mean @ weight) / scale)
