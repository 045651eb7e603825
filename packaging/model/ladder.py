# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""The edit ladder of the evaluation: what photographers' programs do, made with Pillow.

Deliberately not the code that training uses. "Crop to 80 %" keeps 80 % of each side.
"""

from __future__ import annotations

import io
import math
from collections.abc import Callable
from random import Random

import numpy as np
from PIL import Image, ImageDraw, ImageFont, ImageOps

Edit = Callable[[Image.Image, Random], Image.Image]
TURN = Image.Transpose


def encoded(image: Image.Image, quality: int) -> Image.Image:
    """Through a JPEG file of that quality."""
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=quality)
    with Image.open(buffer) as copy:
        return copy.convert("RGB")


def resized(image: Image.Image, scale: float) -> Image.Image:
    """Smaller, the whole picture."""
    size = (max(8, round(image.width * scale)), max(8, round(image.height * scale)))
    return image.resize(size, Image.Resampling.LANCZOS)


def cropped(image: Image.Image, keep: float, random: Random) -> Image.Image:
    """Keep that share of each side, anywhere."""
    w, h = round(image.width * keep), round(image.height * keep)
    x, y = random.randint(0, image.width - w), random.randint(0, image.height - h)
    return image.crop((x, y, x + w, y + h))


def exposed(image: Image.Image, stops: float) -> Image.Image:
    """Brighter or darker in linear light, clipped."""
    linear = (np.asarray(image, np.float32) / 255) ** 2.2 * 2**stops
    return Image.fromarray((np.clip(linear, 0, 1) ** (1 / 2.2) * 255).astype(np.uint8))


def balanced(image: Image.Image, red: float, blue: float) -> Image.Image:
    """White balance as channel gains."""
    gained = np.asarray(image, np.float32) * (red, 1.0, blue)
    return Image.fromarray(np.clip(gained, 0, 255).astype(np.uint8))


def bordered(image: Image.Image, share: float, random: Random) -> Image.Image:
    """A frame of that share of the short side, black, white or grey."""
    width = round(min(image.size) * share)
    return ImageOps.expand(image, width, random.choice([(0, 0, 0), (255,) * 3, (128,) * 3]))


def captioned(image: Image.Image, random: Random) -> Image.Image:
    """A line of text across the lower part."""
    image = image.copy()
    font = ImageFont.load_default(size=image.height // 12)
    text = random.choice(["Summer in the mountains", "(c) 2026 A. Photographer", "Happy birthday!"])
    at = (image.width // 20, round(image.height * random.uniform(0.75, 0.88)))
    ImageDraw.Draw(image).text(at, text, (255, 255, 255), font, stroke_width=2, stroke_fill="black")
    return image


def straightened(image: Image.Image, degrees: float) -> Image.Image:
    """Turned, and cropped to the largest rectangle of the same shape without empty corners."""
    angle = math.radians(abs(degrees))
    ratio = max(image.width / image.height, image.height / image.width)
    keep = 1 / (math.cos(angle) + ratio * math.sin(angle))
    turned = image.rotate(degrees, Image.Resampling.BICUBIC)
    w, h = round(image.width * keep), round(image.height * keep)
    x, y = (image.width - w) // 2, (image.height - h) // 2
    return turned.crop((x, y, x + w, y + h))


def overlaid(image: Image.Image, random: Random) -> Image.Image:
    """A plain sticker with a ring over 30 % of the area."""
    image = image.copy()
    share = 0.3**0.5
    w, h = round(image.width * share), round(image.height * share)
    x, y = random.randint(0, image.width - w), random.randint(0, image.height - h)
    colours = [tuple(random.randrange(256) for _ in range(3)) for _ in range(2)]
    draw = ImageDraw.Draw(image)
    draw.rectangle((x, y, x + w, y + h), fill=colours[0])
    draw.ellipse((x + w // 4, y + h // 4, x + 3 * w // 4, y + 3 * h // 4), fill=colours[1])
    return image


def screenshot(image: Image.Image, random: Random) -> Image.Image:
    """The picture on a phone's screen: bars above and below with a clock and buttons."""
    width = image.width
    above, below = round(width * 0.12), round(width * random.uniform(0.15, 0.4))
    dark = random.random() < 0.5
    paper, ink = ((10, 10, 10), "white") if dark else ((250, 250, 250), "black")
    page = Image.new("RGB", (width, image.height + above + below), paper)
    page.paste(image, (0, above))
    draw = ImageDraw.Draw(page)
    draw.text((8, 6), "9:41", ink, ImageFont.load_default(size=max(10, above // 2)))
    for k in range(4):
        x, y, r = width * (2 * k + 1) // 8, image.height + above + below // 2, below // 6
        draw.ellipse((x - r, y - r, x + r, y + r), outline=ink, width=2)
    return page


MILD: dict[str, Edit] = {
    "JPEG 75": lambda i, _: encoded(i, 75),
    "JPEG 30": lambda i, _: encoded(i, 30),
    "JPEG 10": lambda i, _: encoded(i, 10),
    "resize 1/2": lambda i, _: resized(i, 1 / 2),
    "resize 1/4": lambda i, _: resized(i, 1 / 4),
    "resize 1/8": lambda i, _: resized(i, 1 / 8),
    "exposure +1": lambda i, _: exposed(i, 1),
    "exposure -1": lambda i, _: exposed(i, -1),
    "black and white": lambda i, _: i.convert("L").convert("RGB"),
    "warmer": lambda i, _: balanced(i, 1.2, 0.8),
    "cooler": lambda i, _: balanced(i, 0.8, 1.2),
    "border 5 %": lambda i, r: bordered(i, 0.05, r),
    "caption": captioned,
    "mirror": lambda i, _: ImageOps.mirror(i),
    "turn 90": lambda i, _: i.transpose(TURN.ROTATE_90),
    "turn 180": lambda i, _: i.transpose(TURN.ROTATE_180),
    "turn 270": lambda i, _: i.transpose(TURN.ROTATE_270),
    "crop to 80 %": lambda i, r: cropped(i, 0.8, r),
}
STRONG: dict[str, Edit] = {
    "crop to 70 %": lambda i, r: cropped(i, 0.7, r),
    "crop to 50 %": lambda i, r: cropped(i, 0.5, r),
    "straighten 10°": lambda i, r: straightened(i, r.choice([-10, 10])),
    "overlay 30 %": overlaid,
    "screenshot": screenshot,
    "border 20 %": lambda i, r: bordered(i, 0.2, r),
    "crop + exposure + JPEG": lambda i, r: encoded(exposed(cropped(i, 0.8, r), 0.7), 30),
    "B&W + border + caption": lambda i, r: captioned(
        bordered(i.convert("L").convert("RGB"), 0.05, r), r
    ),
    "turn 90 + crop + warmer": lambda i, r: balanced(
        cropped(i, 0.8, r).transpose(TURN.ROTATE_90), 1.2, 0.8
    ),
    "mirror + resize + JPEG": lambda i, _: encoded(resized(ImageOps.mirror(i), 1 / 4), 10),
    "screenshot + crop": lambda i, r: screenshot(cropped(i, 0.8, r), r),
}
