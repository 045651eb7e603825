# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""The network: ResNet-18, GeM pooling of its third and fourth stage, linear projection, unit norm.

Used by training, export and evaluation; torch is imported nowhere else than in `packaging/model`.
Batch normalisation is folded into the starting weights, and the fresh fourth stage has none either:
what is trained is exactly what is exported.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
import torch
import torch.nn.functional as F  # noqa: N812
from onnx import numpy_helper
from torch import Tensor, nn

DIM = 256
MEAN = (0.485, 0.456, 0.406)
STD = (0.229, 0.224, 0.225)


class Block(nn.Module):
    """ResNet's basic block with folded batch normalisation."""

    def __init__(self, inputs: int, outputs: int, stride: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, outputs, 3, stride, 1)
        self.conv2 = nn.Conv2d(outputs, outputs, 3, 1, 1)
        self.down = nn.Conv2d(inputs, outputs, 1, stride) if stride > 1 else None

    def forward(self, x: Tensor) -> Tensor:
        shortcut = x if self.down is None else self.down(x)
        return F.relu_(self.conv2(F.relu_(self.conv1(x))).add_(shortcut))


def gem(x: Tensor) -> Tensor:
    """Generalised mean, p = 3, over the positions of [n, c, h, w]; always in float32."""
    x = x.float().clamp(min=1e-6)
    return (x * x * x).mean((2, 3)) ** (1 / 3)


class Net(nn.Module):
    """Normalised RGB float [n, 3, h, w] in, unit-norm float32 [n, 256] out."""

    def __init__(self) -> None:
        super().__init__()
        self.stem = nn.Conv2d(3, 64, 7, 2, 3)
        self.stage1 = nn.Sequential(Block(64, 64, 1), Block(64, 64, 1))
        self.stage2 = nn.Sequential(Block(64, 128, 2), Block(128, 128, 1))
        self.stage3 = nn.Sequential(Block(128, 256, 2), Block(256, 256, 1))
        self.stage4 = nn.Sequential(Block(256, 512, 2), Block(512, 512, 1))
        self.project = nn.Linear(768, DIM)
        for block in self.stage4:
            for conv in (block.conv1, block.conv2, block.down):
                if conv is not None:
                    nn.init.kaiming_normal_(conv.weight, nonlinearity="relu")
                    nn.init.zeros_(conv.bias)
            # A near-empty residual branch: a fresh stage begins as a plain shortcut.
            block.conv2.weight.data.mul_(0.1)

    def early(self, x: Tensor) -> Tensor:
        """The frozen part: stem and first stage."""
        return self.stage1(F.max_pool2d(F.relu_(self.stem(x)), 3, 2, 1))

    def pooled(self, early: Tensor) -> Tensor:
        """Pooled features float32 [n, 768] from the output of `early`."""
        third = self.stage3(self.stage2(early))
        return torch.cat([gem(third), gem(self.stage4(third))], 1)

    def head(self, pooled: Tensor) -> Tensor:
        return F.normalize(self.project(pooled))

    def forward(self, x: Tensor) -> Tensor:
        return self.head(self.pooled(self.early(x)))


def normalise(images: Tensor) -> Tensor:
    """RGB 0..1 [n, 3, h, w] with ImageNet's mean and deviation taken out."""
    mean = torch.tensor(MEAN).view(1, 3, 1, 1)
    std = torch.tensor(STD).view(1, 3, 1, 1)
    return (images - mean) / std


def load_start(net: Net, path: Path) -> None:
    """Copy stem and stages 1-3 from the folded ImageNet ONNX file; the rest stays fresh."""
    weights = {
        t.name: torch.from_numpy(np.array(numpy_helper.to_array(t)))
        for t in onnx.load(str(path)).graph.initializer
    }
    own = net.state_dict()
    for name, value in weights.items():
        own[_own_name(name)].copy_(value)


def load_exported(net: Net, path: Path) -> None:
    """Copy all weights from a file that `export_onnx.py` wrote (float32, or stored in 16 bits)."""
    graph = onnx.load(str(path)).graph
    stored = {t.name.removesuffix(".fp16"): numpy_helper.to_array(t) for t in graph.initializer}
    for node in graph.node:  # the exporter keeps equal tensors once
        if node.op_type == "Identity" and node.input[0] in stored:
            stored[node.output[0]] = stored[node.input[0]]
    for name, own in net.state_dict().items():
        own.copy_(torch.from_numpy(stored[f"net.{name}"].astype(np.float32)))


def _own_name(name: str) -> str:
    if name.startswith("c."):
        return name.replace("c.", "stem.", 1)
    return name.replace("l", "stage", 1).replace("downsample.0", "down")
