# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""Photographic edits for training, for a whole batch at once.

All geometry (crop, straighten, turns, mirror, border, screenshot bars, pasting into another
picture, mild perspective) is ONE bilinear sampling per view; tone and colour are arithmetic on
the batch; only JPEG goes through a real encoder. Each view draws a strength first: some stay
nearly untouched, some get several edits at once.
"""

from __future__ import annotations

import numpy as np
import torch
import torch.nn.functional as F  # noqa: N812
from PIL import Image, ImageDraw, ImageFont
from torch import Tensor

from photos import jpeg

GREY = torch.tensor([0.299, 0.587, 0.114]).view(1, 3, 1, 1)
WORDS = "photo 2024 (c) studio holiday sample PROOF www example com June by Anna IMG 0153"
STRENGTHS = torch.tensor([0.08, 0.6, 1.3])  # scales every edit's rate
STRENGTH_ODDS = torch.tensor([0.2, 0.45, 0.35])


class Edits:
    """Draws edited views of photos held as uint8 [n, 3, s, s] squares with their aspects."""

    def __init__(self, squares: np.ndarray, aspects: np.ndarray, seed: int) -> None:
        self.squares = torch.from_numpy(squares)
        self.aspects = torch.from_numpy(aspects)
        self.random = torch.Generator().manual_seed(seed)
        self.texts = _text_masks(256, 160, np.random.default_rng(seed))

    def uniform(self, low: float, high: float, *shape: int) -> Tensor:
        return torch.rand(*shape, generator=self.random) * (high - low) + low

    def chance(self, rate: Tensor | float, n: int) -> Tensor:
        return torch.rand(n, generator=self.random) < rate

    def views(self, index: Tensor, side: int) -> Tensor:
        """One edited view of each photo, float 0..1 [n, 3, side, side]."""
        n = len(index)
        drawn = torch.multinomial(STRENGTH_ODDS, n, replacement=True, generator=self.random)
        strength = STRENGTHS[drawn]
        x = self._sample(index, strength, side)
        x = self._tone(x, strength)
        x = self._overlay(x, strength)
        x = self._soften(x, strength)
        return self._encode(x, strength)

    def _sample(self, index: Tensor, strength: Tensor, side: int) -> Tensor:
        """The geometry of all views in one grid_sample."""
        n = len(index)
        aspect = self.aspects[index]
        centre, size, angle = self._crops(aspect, strength)
        offset, scale = self._frames(strength, n)
        line = (torch.arange(side) + 0.5) / side * 2 - 1
        v, u = torch.meshgrid(line, line, indexing="ij")
        u = (u[None] - offset[:, 0, None, None]) / scale[:, 0, None, None]
        v = (v[None] - offset[:, 1, None, None]) / scale[:, 1, None, None]
        inside = (u.abs() <= 1) & (v.abs() <= 1)
        tilt = self.uniform(-0.08, 0.08, 2, n) * self.chance(0.15 * strength, n)
        depth = 1 + tilt[0][:, None, None] * u + tilt[1][:, None, None] * v
        u, v = self._turn(u / depth, v / depth, n)
        half_w, half_h = size[:, 0, None, None] / 2, size[:, 1, None, None] / 2
        cos, sin = angle.cos()[:, None, None], angle.sin()[:, None, None]
        x = centre[:, 0, None, None] + cos * u * half_w - sin * v * half_h
        y = centre[:, 1, None, None] + sin * u * half_w + cos * v * half_h
        grid = torch.stack([2 * x / aspect[:, None, None] - 1, 2 * y - 1], -1)
        photos = self.squares[index].float().div_(255)
        out = F.grid_sample(photos, grid, padding_mode="border", align_corners=False)
        inside &= (grid.abs() <= 1.02).all(-1)
        return torch.where(inside[:, None], out, self._fill(n, side))

    def _crops(self, aspect: Tensor, strength: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Centre [n, 2], size [n, 2] (photo height = 1) and angle [n] of what each view shows."""
        n = len(aspect)
        kept = torch.where(
            self.chance(0.5 * strength, n),
            self.uniform(0.4, 1.0, n),  # linear share of each side
            self.uniform(0.985, 1.0, n),
        )
        stretch = self.uniform(-0.25, 0.25, n).exp()
        stretch = torch.where(kept < 0.98, stretch, torch.ones(n))
        width = (kept * stretch).clamp(max=1) * aspect
        height = (kept / stretch).clamp(max=1)
        angle = self.uniform(-0.26, 0.26, n) * self.chance(0.25 * strength, n)
        free = self.chance(0.03 * strength, n)
        angle = torch.where(free, self.uniform(-3.1, 3.1, n), angle)
        sin, cos = angle.abs().sin(), angle.abs().cos()
        fit = torch.minimum(
            aspect / (width * cos + height * sin), 1 / (width * sin + height * cos)
        ).clamp(max=1)
        fit = torch.where(free | self.chance(0.15, n), torch.ones(n), fit)  # else: empty corners
        width, height = width * fit, height * fit
        room_x = (aspect - width * cos - height * sin).clamp(min=0)
        room_y = (1 - width * sin - height * cos).clamp(min=0)
        where = self.uniform(-0.5, 0.5, 2, n)
        centre = torch.stack([aspect / 2 + where[0] * room_x, 0.5 + where[1] * room_y], 1)
        return centre, torch.stack([width, height], 1), angle

    def _frames(self, strength: Tensor, n: int) -> tuple[Tensor, Tensor]:
        """Where the picture lies in the view: offset and scale [n, 2] (border, bars, pasted)."""
        scale, offset = torch.ones(n, 2), torch.zeros(n, 2)
        border = self.chance(0.18 * strength, n)[:, None]
        scale = torch.where(border, 1 - self.uniform(0.01, 0.22, n, 1).expand(n, 2), scale)
        bars = self.chance(0.12 * strength, n)
        height = self.uniform(0.45, 0.9, n)
        scale[:, 1] = torch.where(bars, height, scale[:, 1])
        offset[:, 1] = torch.where(bars, self.uniform(-1, 1, n) * (1 - height), offset[:, 1])
        side_bars = self.chance(0.05 * strength, n)
        scale[:, 0] = torch.where(side_bars, self.uniform(0.45, 0.9, n), scale[:, 0])
        pasted = self.chance(0.07 * strength, n)[:, None]
        size = self.uniform(0.5, 0.85, n, 2)
        scale = torch.where(pasted, size, scale)
        return torch.where(pasted, self.uniform(-1, 1, n, 2) * (1 - size), offset), scale

    def _turn(self, u: Tensor, v: Tensor, n: int) -> tuple[Tensor, Tensor]:
        """Quarter turns and mirrors: the eight ways are drawn often, whatever the strength."""
        swap = self.chance(0.35, n)[:, None, None]
        u, v = torch.where(swap, v, u), torch.where(swap, u, v)
        mirror_u = 1 - 2 * self.chance(0.4, n).float()[:, None, None]
        mirror_v = 1 - 2 * self.chance(0.3, n).float()[:, None, None]
        return u * mirror_u, v * mirror_v

    def _fill(self, n: int, side: int) -> Tensor:
        """What surrounds a picture: black, white, a colour, or another photo."""
        colour = self.uniform(0, 1, n, 3, 1, 1)
        plain = self.chance(0.7, n)[:, None, None, None]
        black = self.chance(0.5, n).float()[:, None, None, None]
        fill = torch.where(plain, 1 - black, colour).expand(n, 3, side, side).clone()
        for i in torch.nonzero(self.chance(0.12, n)).flatten():
            fill[i] = self._other(side)
        return fill

    def _other(self, side: int) -> Tensor:
        """A stranger from the training photos, float [3, side, side]."""
        i = int(torch.randint(len(self.squares), (1,), generator=self.random))
        return F.interpolate(self.squares[i : i + 1].float() / 255, (side, side))[0]

    def _tone(self, x: Tensor, strength: Tensor) -> Tensor:
        n = len(x)

        def some(rate: float, low: float, high: float, neutral: float) -> Tensor:
            value = self.uniform(low, high, n)
            on = self.chance(rate * strength, n)
            return torch.where(on, value, torch.full((n,), neutral))[:, None, None, None]

        x = x * torch.exp2(some(0.4, -1.5, 1.5, 0.0) / 2.2)  # exposure in stops
        x = x * torch.where(
            self.chance(0.3 * strength, n)[:, None, None, None],
            self.uniform(0.75, 1.3, n, 3, 1, 1),
            torch.ones(n, 3, 1, 1),
        )  # white balance
        x = x.clamp(0, 1) ** some(0.3, 0.5, 1.8, 1.0)
        middle = x.mean((1, 2, 3), keepdim=True)
        x = (x - middle) * some(0.35, 0.5, 1.7, 1.0) + middle
        grey = (x * GREY).sum(1, keepdim=True)
        x = grey + (x - grey) * some(0.3, 0.0, 2.0, 1.0)
        single = self.chance(0.14 * strength, n)[:, None, None, None]
        tint = 1 + self.uniform(-0.12, 0.12, n, 3, 1, 1) * self.chance(0.4, n)[:, None, None, None]
        x = torch.where(single, grey * tint, x)
        line = torch.linspace(-1, 1, x.shape[-1])
        radius = line[None, :] ** 2 + line[:, None] ** 2
        x = x * (1 - some(0.15, 0.1, 0.5, 0.0) * radius)
        return x.clamp_(0, 1)

    def _overlay(self, x: Tensor, strength: Tensor) -> Tensor:
        """Captions, watermarks, stickers and pasted pictures."""
        n, _, side, _ = x.shape
        for i in torch.nonzero(self.chance(0.25 * strength, n)).flatten():
            k = int(torch.randint(len(self.texts), (1,), generator=self.random))
            mask = F.interpolate(self.texts[k][None, None], (side, side))[0]
            opacity = float(self.uniform(0.3, 1.0, 1))
            x[i] += (self.uniform(0, 1, 3, 1, 1).round() - x[i]) * mask * opacity
        for i in torch.nonzero(self.chance(0.22 * strength, n)).flatten():
            w, h = (int(t) for t in (self.uniform(0.12, 0.6, 2) * side))
            left, top = (int(float(self.uniform(0, 1, 1)) * (side - t)) for t in (w, h))
            patch = self._other(side)
            if float(self.uniform(0, 1, 1)) < 0.4:
                patch = self.uniform(0, 1, 3, 1, 1).expand(3, side, side)
            box = (i, slice(None), slice(top, top + h), slice(left, left + w))
            small = F.interpolate(patch[None], (h, w))[0] if w and h else x[box]
            x[box] = small
        return x

    def _soften(self, x: Tensor, strength: Tensor) -> Tensor:
        """Lost resolution (as a small file, encoded at that size), blur and noise."""
        side = x.shape[-1]
        shrunk = torch.nonzero(self.chance(0.25 * strength, len(x))).flatten()
        for part in shrunk.split(8):
            small = int(float(self.uniform(0.22, 0.7, 1)) * side)
            low = F.interpolate(x[part], (small, small), mode="area")
            if float(self.uniform(0, 1, 1)) < 0.5:  # a small file: its blocks are large in the view
                low = self._encoded(low, torch.arange(len(low)))
            x[part] = F.interpolate(low, (side, side), mode="bilinear")
        blurred = torch.nonzero(self.chance(0.08 * strength, len(x))).flatten()
        if len(blurred):
            x[blurred] = F.avg_pool2d(x[blurred], 3, 1, 1, count_include_pad=False)
        noisy = torch.nonzero(self.chance(0.12 * strength, len(x))).flatten()
        if len(noisy):
            noise = torch.randn(x[noisy].shape, generator=self.random)
            x[noisy] += noise * self.uniform(0.01, 0.07, len(noisy), 1, 1, 1)
        return x.clamp_(0, 1)

    def _encode(self, x: Tensor, strength: Tensor) -> Tensor:
        return self._encoded(x, torch.nonzero(self.chance(0.35 * strength + 0.08, len(x)))[:, 0])

    def _encoded(self, x: Tensor, which: Tensor) -> Tensor:
        """`x` with some of its pictures once through a JPEG file of quality 8 to 80."""
        for i in which:
            quality = int(self.uniform(8, 80, 1))
            pixels = x[i].mul(255).round().byte().permute(1, 2, 0).contiguous().numpy()
            x[i] = torch.from_numpy(jpeg(pixels, quality).copy()).permute(2, 0, 1).float() / 255
        return x


def _text_masks(count: int, side: int, random: np.random.Generator) -> Tensor:
    """Lines of words at random places and sizes, float 0..1 [count, side, side]."""
    masks = []
    for _ in range(count):
        canvas = Image.new("L", (side, side))
        draw = ImageDraw.Draw(canvas)
        font = ImageFont.load_default(size=int(random.integers(7, 30)))
        for _ in range(int(random.integers(1, 4))):
            text = " ".join(random.choice(WORDS.split(), int(random.integers(1, 5))))
            at = (int(random.integers(-10, side // 2)), int(random.integers(0, side - 8)))
            draw.text(at, text, fill=255, font=font)
        masks.append(np.asarray(canvas, np.float32) / 255)
    return torch.from_numpy(np.stack(masks))
