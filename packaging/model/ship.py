# SPDX-FileCopyrightText: 2026 The imgdupe authors
# SPDX-License-Identifier: MIT
"""Put a chosen variant where the program finds it, with its card and NOTICE.

    PYTHONPATH=../.. python ship.py --model DIR/onnx/int8.onnx --background FILE.npy \
        --figures DIR/figures.json --data ../../../shared/data

Figures are copied from what `evaluate.py` wrote for that very file; without them the card says
that the model has not been measured.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import shutil
from pathlib import Path

from evaluate import NORMALISED
from photos import sources

RESOURCES = Path(__file__).resolve().parents[2] / "resources" / "model"
FILE, BACKGROUND = "imgdupe-resnet18.onnx", "background.npy"
LICENCE = "MIT, with starting weights under BSD-3-Clause; see NOTICE"
NOTICE = """\
What ships in this folder, where it comes from and under which licence.
Each line that begins with "- " names files by a pattern relative to this folder.

Trained by the imgdupe authors with packaging/model, MIT licence (see LICENSE):
- {file}
- {background}
- card.json
- matching.json

Its stem and first three stages began as torchvision's ResNet-18 (ImageNet), BSD 3-Clause,
the text of which follows. Its fourth stage and its projection began fresh. It was trained on
photographs of these sets, none of which is distributed here:

{sets}

torchvision's licence
---------------------
{licence}"""


def card(
    model: Path, background: Path, data: Path, figures: dict[str, object] | None
) -> dict[str, object]:
    """What the program and a reader need to know of the files."""
    sha256 = hashlib.sha256(model.read_bytes()).hexdigest()
    sets = sources(data / "train")
    return {
        "id": sha256[:16],
        "file": FILE,
        "sha256": sha256,
        "variant": model.stem,
        "architecture": "ResNet-18, GeM p=3 of stages 3 and 4 (256 + 512), linear 256, unit norm",
        "input": "image: uint8 [n, 224, 224, 3] RGB, the whole picture squashed to a square",
        "input_px": 224,
        "normalisation": "inside the graph: ImageNet mean .485 .456 .406, std .229 .224 .225",
        "output": "embedding: float32 [n, 256], length 1",
        "dim": 256,
        "background": {
            "file": BACKGROUND,
            "sha256": hashlib.sha256(background.read_bytes()).hexdigest(),
            "content": "embeddings of training photos, int8 [m, 256], to be brought to length 1",
        },
        "training": {"photos": sum(int(s["photos"]) for s in sets), "sets": sets},
        "measured": figures,
        "licence": LICENCE,
    }


def notice(data: Path) -> str:
    """The NOTICE with the training sets and the starting weights' licence."""
    sets = "\n".join(
        f"    {s['set']}: {s['photos']} photographs; {s['licence']}"
        for s in sources(data / "train")
    )
    licence = (data / "models" / "LICENSE.torchvision").read_text(encoding="utf-8")
    licence = licence.replace("\n* ", "\n– ")  # a lone star would name every file of the folder
    return NOTICE.format(file=FILE, background=BACKGROUND, sets=sets, licence=licence)


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--model", type=Path, required=True)
    parser.add_argument("--background", type=Path, required=True, help="made with that very model")
    parser.add_argument("--figures", type=Path, help="figures.json of evaluate.py")
    parser.add_argument("--data", type=Path, required=True)
    args = parser.parse_args()
    figures = None
    if args.figures:
        report = json.loads(args.figures.read_text(encoding="utf-8"))
        name = args.model.stem
        figures = report["methods"][name]
        figures["normalised"] = report["methods"][name + NORMALISED]
        if figures["sha256"] != hashlib.sha256(args.model.read_bytes()).hexdigest():
            raise SystemExit("the figures belong to another file: run evaluate.py again")
    RESOURCES.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(args.model, RESOURCES / FILE)
    shutil.copyfile(args.background, RESOURCES / BACKGROUND)
    made = card(args.model, args.background, args.data, figures)
    text = json.dumps(made, indent=2, ensure_ascii=False)
    (RESOURCES / "card.json").write_text(text + "\n", encoding="utf-8")
    (RESOURCES / "NOTICE").write_text(notice(args.data), encoding="utf-8")


if __name__ == "__main__":
    main()
