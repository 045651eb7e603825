# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
from __future__ import annotations

import io
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageCms, ImageFile, JpegImagePlugin

from imgdupe.library.decode import Decoded, decode, load_view
from tests.helpers.photos import make_photo, save

Pixels = NDArray[np.uint8]


@pytest.fixture(scope="module")
def photo() -> Image.Image:
    return make_photo(3, (960, 640), grain=0)


def decoded(path: Path) -> Decoded:
    return decode(os.fsencode(path))


def thumbnail(result: Decoded) -> Pixels:
    return np.asarray(Image.open(io.BytesIO(result.thumbnail)))


def difference(a: Pixels, b: Pixels) -> float:
    """Mean absolute difference in levels of 255; another size counts as all different."""
    if a.shape != b.shape:
        return 255.0
    return float(np.abs(a.astype(int) - b.astype(int)).mean())


def test_what_comes_of_a_photo(tmp_path: Path, photo: Image.Image) -> None:
    result = decoded(save(photo, tmp_path / "1.jpg", quality=92))
    assert result.pixels.shape == (224, 224, 3)
    assert result.luma32.shape == (32, 32)
    assert result.luma64.shape == (64, 64)
    assert thumbnail(result).shape == (213, 320, 3)
    assert (result.metadata.width, result.metadata.height) == (960, 640)
    assert result.metadata.format == "JPEG"
    assert result.metadata.jpeg_quality == 92
    assert result.damaged is None
    assert bytes(result.content) == (tmp_path / "1.jpg").read_bytes()


def test_one_reduced_decode(
    tmp_path: Path, photo: Image.Image, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Twelve megapixels are decoded once, at an eighth of the size."""
    sizes = []
    load = ImageFile.ImageFile.load

    def counted(image: ImageFile.ImageFile) -> Any:
        if image.tile:
            sizes.append(image.size)
        return load(image)

    path = save(photo.resize((4000, 3000)), tmp_path / "1.jpg")
    monkeypatch.setattr(ImageFile.ImageFile, "load", counted)
    result = decoded(path)
    assert sizes == [(500, 375)]
    assert (result.metadata.width, result.metadata.height) == (4000, 3000)


@pytest.mark.parametrize(
    ("size", "scale"),
    [((2560, 1792), 8), ((2500, 1792), 4), ((640, 448), 2), ((600, 400), 1), ((5000, 896), 4)],
)
def test_the_reduction_leaves_enough_pixels(
    tmp_path: Path, size: tuple[int, int], scale: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = save(Image.new("RGB", size), tmp_path / "1.jpg")
    asked: list[tuple[int, int] | None] = []
    draft = JpegImagePlugin.JpegImageFile.draft

    def spied(image: JpegImagePlugin.JpegImageFile, mode: str, wanted: tuple[int, int]) -> Any:
        result = draft(image, mode, wanted)
        asked.append(image.size)
        return result

    monkeypatch.setattr(JpegImagePlugin.JpegImageFile, "draft", spied)
    decoded(path)
    assert asked == ([(size[0] // scale, size[1] // scale)] if scale > 1 else [])


@pytest.mark.parametrize(
    "suffix", ["jpg", "png", "webp", "tif", "bmp", "gif", "avif", "jp2", "ppm"]
)
def test_every_format_shows_the_same_picture(
    tmp_path: Path, photo: Image.Image, suffix: str
) -> None:
    expected = np.asarray(photo.resize((224, 224), Image.Resampling.BILINEAR))
    result = decoded(save(photo, tmp_path / f"1.{suffix}", quality=95))
    assert difference(result.pixels, expected) < (9 if suffix == "gif" else 3)
    assert result.damaged is None


def test_heic(shared: Path) -> None:
    folder = shared / "corpora/odd-images/made"
    heic, jpg = decoded(folder / "ok.heic"), decoded(folder / "ok-baseline.jpg")
    assert heic.metadata.format == "HEIF"
    assert difference(heic.pixels, jpg.pixels) < 8


def _rgba(photo: Image.Image) -> Image.Image:
    picture = photo.convert("RGBA")
    picture.putalpha(128)
    return picture


def _keyed(photo: Image.Image) -> Image.Image:
    """A palette in which the darkest colour is transparent."""
    picture = photo.quantize(16)
    palette = np.array(picture.getpalette()).reshape(-1, 3)[:16].sum(axis=1)
    picture.info["transparency"] = int(palette.argmin())
    return picture


def _deep(photo: Image.Image) -> Image.Image:
    return Image.fromarray(np.asarray(photo.convert("L")).astype(np.uint16) * 257)


def _floats(photo: Image.Image) -> Image.Image:
    return Image.fromarray(np.asarray(photo.convert("L")).astype(np.float32) / 255)


def _white_half(picture: Pixels) -> Pixels:
    return (picture.astype(np.uint16) // 2 + 127).astype(np.uint8)


GREY: Callable[[Pixels], Pixels] = lambda rgb: np.asarray(  # noqa: E731
    Image.fromarray(rgb).convert("L").convert("RGB")
)


@pytest.mark.parametrize(
    ("make", "suffix", "shows", "limit"),
    [
        (lambda p: p.convert("L"), "png", GREY, 2),
        (lambda p: p.convert("L"), "jpg", GREY, 3),
        (lambda p: p.convert("CMYK"), "jpg", lambda rgb: rgb, 4),
        (lambda p: p.convert("CMYK"), "tif", lambda rgb: rgb, 2),
        (lambda p: p.quantize(64), "png", lambda rgb: rgb, 12),
        (_rgba, "png", _white_half, 3),
        (_rgba, "webp", _white_half, 4),
        (lambda p: _rgba(p).convert("LA"), "png", lambda rgb: _white_half(GREY(rgb)), 3),
        (_deep, "png", GREY, 2),
        (_deep, "tif", GREY, 2),
        (_floats, "tif", GREY, 2),
        (lambda p: p.convert("YCbCr"), "jpg", lambda rgb: rgb, 3),
        (lambda p: p.convert("LAB"), "tif", lambda rgb: rgb, 3),
    ],
)
def test_every_pixel_format_becomes_srgb_over_white(
    tmp_path: Path,
    photo: Image.Image,
    make: Callable[[Image.Image], Image.Image],
    suffix: str,
    shows: Callable[[Pixels], Pixels],
    limit: float,
) -> None:
    path = tmp_path / f"1.{suffix}"
    make(photo).save(path, quality=95) if suffix in ("jpg", "webp") else make(photo).save(path)
    expected = shows(np.asarray(photo.resize((224, 224), Image.Resampling.BILINEAR)))
    assert difference(decoded(path).pixels, expected) < limit


def test_transparent_palette_colours_are_white(tmp_path: Path, photo: Image.Image) -> None:
    picture = _keyed(photo)
    picture.save(tmp_path / "1.png", transparency=picture.info["transparency"])
    expected = np.asarray(picture.convert("RGB")).copy()
    expected[np.asarray(picture) == picture.info["transparency"]] = 255
    smooth = Image.fromarray(expected).resize((224, 224), Image.Resampling.BILINEAR)
    assert difference(decoded(tmp_path / "1.png").pixels, np.asarray(smooth)) < 3


def test_one_bit(tmp_path: Path, photo: Image.Image) -> None:
    photo.convert("1").save(tmp_path / "1.png")
    expected = np.asarray(photo.convert("L").resize((64, 64), Image.Resampling.LANCZOS))
    assert difference(decoded(tmp_path / "1.png").luma64, expected) < 8


ORIENTED = {
    1: lambda a: a,
    2: np.fliplr,
    3: lambda a: np.rot90(a, 2),
    4: np.flipud,
    5: lambda a: np.swapaxes(a, 0, 1),
    6: lambda a: np.rot90(a, 1),
    7: lambda a: np.rot90(np.swapaxes(a, 0, 1), 2),
    8: lambda a: np.rot90(a, -1),
}
"""How a picture has to be stored so that the orientation brings it back."""


@pytest.mark.parametrize("suffix", ["jpg", "png", "tif", "webp", "avif"])
@pytest.mark.parametrize("orientation", [*range(10), 255])
def test_orientation(tmp_path: Path, photo: Image.Image, orientation: int, suffix: str) -> None:
    small = photo.resize((480, 320))
    stored = ORIENTED.get(orientation, ORIENTED[1])(np.asarray(small))
    picture = Image.fromarray(np.ascontiguousarray(stored))
    exif = Image.Exif()
    exif[0x112] = orientation
    path = tmp_path / f"1.{suffix}"
    if suffix in ("jpg", "webp", "avif"):
        picture.save(path, exif=exif, quality=95)
    else:
        picture.save(path, exif=exif)
    result = decoded(path)
    assert (result.metadata.width, result.metadata.height) == (480, 320)
    expected = np.asarray(small.resize((224, 224), Image.Resampling.BILINEAR))
    assert difference(result.pixels, expected) < 4
    view = load_view(os.fsencode(path), None)
    assert difference(view, np.asarray(small)) < 5
    if suffix == "jpg":
        assert result.metadata.orientation == (orientation if 1 <= orientation <= 8 else 1)


def _swapped_profile() -> bytes:
    """A profile that can be seen: linear light, by patching sRGB's curves."""
    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    at = profile.find(b"para")
    profile[at + 12 : at + 16] = (65536).to_bytes(4, "big")  # gamma 1.0 in place of 2.4
    return bytes(profile)


def test_profiles_are_applied(tmp_path: Path, photo: Image.Image) -> None:
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    photo.save(tmp_path / "plain.png")
    photo.save(tmp_path / "srgb.png", icc_profile=srgb)
    photo.save(tmp_path / "other.png", icc_profile=_swapped_profile())
    photo.save(tmp_path / "broken.png", icc_profile=b"no profile at all")
    plain, same, other, broken = (
        decoded(tmp_path / f"{name}.png").pixels for name in ("plain", "srgb", "other", "broken")
    )
    assert difference(plain, same) == 0
    assert difference(plain, broken) == 0
    assert difference(plain, other) > 10


def test_scan_parts_ignore_metadata_and_see_everything_else(
    tmp_path: Path, photo: Image.Image
) -> None:
    def parts(name: str) -> bytes:
        return b"".join(decoded(tmp_path / name).scan or [])

    save(photo, tmp_path / "a.jpg")
    save(photo, tmp_path / "b.jpg", camera="Other", keywords="words")
    save(photo, tmp_path / "c.jpg", quality=91)
    save(photo, tmp_path / "d.jpg", orientation=6)
    assert parts("a.jpg") == parts("b.jpg")
    assert len({parts(f"{name}.jpg") for name in "acd"}) == 3
    save(photo, tmp_path / "e.png")
    assert decoded(tmp_path / "e.png").scan is None


def test_animations_show_their_first_frame(tmp_path: Path, photo: Image.Image) -> None:
    frames = [make_photo(seed, (320, 240)) for seed in (1, 2, 3)]
    for suffix in ("gif", "webp", "png", "tif"):
        path = tmp_path / f"1.{suffix}"
        frames[0].save(path, save_all=True, append_images=frames[1:])
        expected = np.asarray(frames[0].resize((224, 224), Image.Resampling.BILINEAR))
        assert difference(decoded(path).pixels, expected) < 14, suffix


@pytest.mark.parametrize("size", [(1, 1), (1, 4000), (4000, 1), (3, 2)])
def test_tiny_and_thin_pictures(tmp_path: Path, size: tuple[int, int]) -> None:
    Image.new("RGB", size, "red").save(tmp_path / "1.png")
    result = decoded(tmp_path / "1.png")
    assert (result.metadata.width, result.metadata.height) == size
    assert difference(result.pixels, np.full((224, 224, 3), (255, 0, 0), np.uint8)) == 0
    assert load_view(os.fsencode(tmp_path / "1.png"), 100).shape[0] >= 1


@pytest.mark.parametrize(
    ("long_side", "shape"), [(None, (640, 960, 3)), (480, (320, 480, 3)), (5000, (640, 960, 3))]
)
def test_views(
    tmp_path: Path, photo: Image.Image, long_side: int | None, shape: tuple[int, int, int]
) -> None:
    path = save(photo, tmp_path / "1.jpg", quality=95)
    view = load_view(os.fsencode(path), long_side)
    assert view.shape == shape
    assert view.dtype == np.uint8
    expected = photo.resize((shape[1], shape[0]), Image.Resampling.BICUBIC)
    assert difference(view, np.asarray(expected)) < 4
