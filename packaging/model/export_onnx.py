# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""Turn trained weights into ONNX: a float32 reference, static int8, and fp16-stored weights.

    python export_onnx.py --weights DIR/best.pt --data ../../../shared/data --out DIR/onnx

Every file: `image` uint8 [n, 224, 224, 3] RGB in, `embedding` float32 [n, 256] of length 1 out,
normalisation inside. Stops if the float32 file differs from torch (cosine < .999 on 500 photos),
or if any file gives other numbers when it is asked again.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import torch
from onnx import TensorProto, helper, numpy_helper
from onnxruntime.quantization import (
    CalibrationDataReader,
    CalibrationMethod,
    QuantFormat,
    QuantType,
    quantize_static,
)
from onnxruntime.quantization.shape_inference import quant_pre_process
from PIL import Image
from torch import Tensor, nn

from network import MEAN, STD, Net
from photos import listed, squash

INPUT_PX = 224
INNER_PX = 192  # above the 128-160 px of training: what was learnt small is found again, and more
CALIBRATION_PHOTOS, PARITY_PHOTOS = 256, 500


class Shipped(nn.Module):
    """The network with its preprocessing, as it ships. `inner_px`: the size it works at."""

    def __init__(self, net: Net, inner_px: int) -> None:
        super().__init__()
        self.net, self.inner_px = net, inner_px
        self.register_buffer("mean", torch.tensor(MEAN).view(1, 3, 1, 1) * 255)
        self.register_buffer("factor", 1 / (torch.tensor(STD).view(1, 3, 1, 1) * 255))

    def forward(self, image: Tensor) -> Tensor:
        x = (image.permute(0, 3, 1, 2).float() - self.mean) * self.factor
        if self.inner_px != INPUT_PX:
            size = (self.inner_px, self.inner_px)
            x = nn.functional.interpolate(x, size, mode="bilinear", align_corners=False)
        z = self.net.project(self.net.pooled(self.net.early(x)))
        return z / (z * z).sum(1, keepdim=True).sqrt()


def squares(data: Path, count: int) -> np.ndarray:
    """Training photos as network input uint8 [count, 224, 224, 3], evenly over the pack."""
    rows = listed(data / "train")
    chosen = rows[:: len(rows) // count][:count]
    out = []
    for row in chosen:
        with Image.open(row["path"]) as image:
            out.append(squash(image, INPUT_PX))
    return np.stack(out)


class Calibration(CalibrationDataReader):
    """Feeds training photos to the quantiser."""

    def __init__(self, images: np.ndarray) -> None:
        self.parts = iter(np.array_split(images, max(1, len(images) // 8)))

    def get_next(self) -> dict[str, np.ndarray] | None:
        part = next(self.parts, None)
        return None if part is None else {"image": part}


def export_float32(net: Net, inner_px: int, path: Path) -> None:
    """Write the reference file and compare it with torch."""
    shipped = Shipped(net, inner_px).eval()
    sample = torch.randint(0, 256, (2, INPUT_PX, INPUT_PX, 3), dtype=torch.uint8)
    torch.onnx.export(
        shipped,
        (sample,),
        str(path),
        dynamo=False,
        opset_version=17,
        input_names=["image"],
        output_names=["embedding"],
        dynamic_axes={"image": {0: "n"}, "embedding": {0: "n"}},
    )


def export_int8(reference: Path, images: np.ndarray, path: Path) -> None:
    """Static int8 of the convolutions; pooling, projection and normalisation stay float.

    Weights use seven of their eight bits: older processors without VNNI add pairs of products in
    16 bits and would overflow.
    """
    prepared = path.with_suffix(".prepared.onnx")
    quant_pre_process(str(reference), str(prepared), skip_symbolic_shape=True)
    quantize_static(
        str(prepared),
        str(path),
        Calibration(images),
        quant_format=QuantFormat.QDQ,
        op_types_to_quantize=["Conv", "Relu", "MaxPool", "Add"],
        per_channel=True,
        reduce_range=True,
        activation_type=QuantType.QUInt8,
        weight_type=QuantType.QInt8,
        calibrate_method=CalibrationMethod.MinMax,
    )
    prepared.unlink()


def export_fp16(reference: Path, path: Path) -> None:
    """Weights stored in 16 bits and widened when the file is loaded; arithmetic stays float32."""
    model = onnx.load(str(reference))
    widen = []
    for tensor in model.graph.initializer:
        values = numpy_helper.to_array(tensor)
        if values.dtype != np.float32 or values.size < 1024:
            continue
        name = tensor.name
        tensor.CopyFrom(numpy_helper.from_array(values.astype(np.float16), f"{name}.fp16"))
        widen.append(helper.make_node("Cast", [f"{name}.fp16"], [name], to=TensorProto.FLOAT))
    nodes = [*widen, *model.graph.node]
    del model.graph.node[:]
    model.graph.node.extend(nodes)
    onnx.checker.check_model(model)
    onnx.save(model, str(path))


def run(path: Path, images: np.ndarray) -> np.ndarray:
    """Embeddings by onnxruntime on one thread."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(str(path), options, ["CPUExecutionProvider"])
    parts = [images[i : i + 16] for i in range(0, len(images), 16)]
    return np.concatenate([session.run(None, {"image": part})[0] for part in parts])


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--weights", type=Path, required=True)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--inner-px", type=int, default=INNER_PX, help="size the network works at")
    args = parser.parse_args()
    args.out.mkdir(parents=True, exist_ok=True)
    torch.set_num_threads(1)
    net = Net().eval()
    net.load_state_dict(torch.load(args.weights, map_location="cpu"))
    images = squares(args.data, PARITY_PHOTOS)
    reference = args.out / "float32.onnx"
    export_float32(net, args.inner_px, reference)
    with torch.no_grad():
        parts = torch.from_numpy(images).split(50)
        wanted = torch.cat([Shipped(net, args.inner_px)(part) for part in parts]).numpy()
    export_int8(reference, squares(args.data, CALIBRATION_PHOTOS), args.out / "int8.onnx")
    export_fp16(reference, args.out / "fp16.onnx")
    for name in ("float32", "int8", "fp16"):
        check(args.out / f"{name}.onnx", images, wanted)


def check(path: Path, images: np.ndarray, wanted: np.ndarray) -> None:
    """Print size and likeness to torch; stop if the file is not what it should be."""
    found = run(path, images)
    cosine = (found * wanted).sum(1)
    megabytes = path.stat().st_size / 1e6
    print(f"{path.stem}: {megabytes:.1f} MB, cosine with torch {cosine.min():.5f} (lowest)")
    if path.stem == "float32" and cosine.min() < 0.999:
        raise SystemExit("the exported network differs from the trained one")
    if not np.array_equal(found, run(path, images)):
        raise SystemExit(f"{path} gives other numbers when asked again")


if __name__ == "__main__":
    main()
