# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""Makes a second frame of a photograph's scene, as a burst has: nobody copied it from the first.

The camera moved a little (shift, roll, zoom), near things moved against far ones (a smooth field),
subjects moved (a patch goes elsewhere and what lay behind it is drawn over), the exposure changed
a little and the grain is another. Every frame has at least one change that a thumbnail shows.
"""

from __future__ import annotations

from random import Random

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

_LEAST_PX = 1.5
"""Of a thumbnail with a long side of 320 pixels: what moves less is not seen."""
_LEAST_SHARE = 0.01
_TRIES = 8
_QUIET = 0.25
_STEP_SHARE = 0.12


def next_frame(image: Image.Image, random: Random) -> Image.Image:
    """Another frame of the scene, the same size."""
    flow = _camera(image.size, random)
    what = random.choice(["parallax", "subject", "subject", "both"])
    if what != "subject":
        flow += _parallax(image.size, random)
    frame = _warped(image, flow)
    if what != "parallax":
        for _ in range(random.choice([1, 1, 2, 3])):
            frame = _moved_subject(frame, random)
    return _developed(frame, random)


def stroll(image: Image.Image, random: Random) -> Image.Image:
    """The scene from a few steps on: another perspective, near things far from where they were."""
    width, height = image.size
    corners = [(0, 0), (0, height), (width, height), (width, 0)]
    seen = [
        value + random.uniform(-_STEP_SHARE, _STEP_SHARE) * size
        for corner in corners
        for value, size in zip(corner, image.size, strict=True)
    ]
    frame = image.transform(image.size, Image.Transform.QUAD, seen, Image.Resampling.BILINEAR)
    flow = _camera(image.size, random) + _parallax(image.size, random)
    return _developed(_warped(frame, flow), random)


def bracket(image: Image.Image, random: Random) -> tuple[Image.Image, Image.Image]:
    """The scene from a tripod, 1.5 to 4 stops apart: each frame lacks what the other shows."""
    linear = (np.asarray(image, np.float32) / 255) ** 2.2
    stops = random.uniform(1.5, 4.0)
    above = random.uniform(0.3, 0.7) * stops
    dark, bright = (
        np.clip(linear * 2**change, 0, 1) ** (1 / 2.2) * 255 for change in (above - stops, above)
    )
    frames = [_developed(Image.fromarray(each.astype(np.uint8)), random) for each in (dark, bright)]
    random.shuffle(frames)
    return frames[0], frames[1]


def _camera(size: tuple[int, int], random: Random) -> np.ndarray:
    """Where each pixel of the frame is seen in the first one, float32[2, h, w]."""
    width, height = size
    handheld = random.random() < 0.7
    roll = random.gauss(0, 0.008) if handheld else 0.0
    zoom = 1 + (random.gauss(0, 0.006) if handheld else 0.0)
    shift = [random.gauss(0, 0.012) * max(size) if handheld else 0.0 for _ in range(2)]
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    u, v = x - width / 2, y - height / 2
    seen_x = zoom * (u - roll * v) + width / 2 + shift[0]
    seen_y = zoom * (v + roll * u) + height / 2 + shift[1]
    return np.stack([seen_x, seen_y]).astype(np.float32)


def _parallax(size: tuple[int, int], random: Random) -> np.ndarray:
    """A smooth field of displacements."""
    unit = max(size) / 320
    strength = random.uniform(_LEAST_PX, 8.0) * unit
    across = random.choice([3, 4, 6])
    parts = []
    for _ in range(2):
        coarse = np.array([[random.gauss(0, 1) for _ in range(across)] for _ in range(across)])
        plane = Image.fromarray(coarse.astype(np.float32)).resize(size, Image.Resampling.BICUBIC)
        parts.append(np.asarray(plane) * strength)
    return np.stack(parts).astype(np.float32)


def _warped(image: Image.Image, flow: np.ndarray) -> Image.Image:
    picture = np.asarray(image, np.float32)
    height, width = picture.shape[:2]
    x, y = np.clip(flow[0], 0, width - 1.001), np.clip(flow[1], 0, height - 1.001)
    left, top = x.astype(int), y.astype(int)
    fx, fy = (x - left)[..., None], (y - top)[..., None]
    upper = picture[top, left] * (1 - fx) + picture[top, left + 1] * fx
    lower = picture[top + 1, left] * (1 - fx) + picture[top + 1, left + 1] * fx
    return Image.fromarray((upper * (1 - fy) + lower * fy).round().astype(np.uint8))


def _moved_subject(image: Image.Image, random: Random) -> Image.Image:
    """Move what lies in an ellipse; tries again where nobody would see it."""
    frame = image
    for _ in range(_TRIES):
        frame = _moved(image, random)
        if _seen(image, frame) >= _LEAST_SHARE:
            break
    return frame


def _seen(image: Image.Image, frame: Image.Image) -> float:
    """The share of a thumbnail's pixels that clearly changed."""
    small = [np.asarray(each.convert("L").resize((80, 60)), np.float32) for each in (image, frame)]
    return float((np.abs(small[0] - small[1]) > 20).mean())


def _moved(image: Image.Image, random: Random) -> Image.Image:
    """Move what lies in an ellipse; cover where it stood with what lies beside it."""
    width, height = image.size
    w, h = (int(random.uniform(0.10, 0.35) * side) for side in image.size)
    x, y = random.randint(0, width - w), random.randint(0, height - h)
    mask = Image.new("L", (w, h), 0)
    ImageDraw.Draw(mask).ellipse((1, 1, w - 2, h - 2), fill=255)
    mask = mask.filter(ImageFilter.GaussianBlur(max(w, h) / 24))
    subject = image.crop((x, y, x + w, y + h))
    step = [random.choice([-1, 1]) * random.uniform(0.25, 0.9) * side for side in (w, h)]
    beside_x = min(max(0, round(x + w * random.choice([-1.0, 1.0]))), width - w)
    beside = image.crop((beside_x, y, beside_x + w, y + h))
    frame = image.copy()
    frame.paste(beside, (x, y), mask)
    frame.paste(subject, (round(x + step[0]), round(y + step[1])), mask)
    return frame


def _developed(image: Image.Image, random: Random) -> Image.Image:
    """A little other exposure and its own grain; neither with a set exposure in good light."""
    if random.random() < _QUIET:
        return image
    picture = np.asarray(image, np.float32)
    grain = np.random.default_rng(random.randrange(2**32)).normal(0, 1, picture.shape[:2])
    gain = 2 ** random.gauss(0, 0.12)
    noisy = picture * gain + random.uniform(0, 3) * grain[..., None]
    return Image.fromarray(np.clip(noisy, 0, 255).astype(np.uint8))
