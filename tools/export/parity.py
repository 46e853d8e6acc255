"""
Draws pictures and texts and writes them with the vectors that open_clip gives them in PyTorch, pictures decoded by Pillow:
what tools/export/parity.mjs holds the service's own stack to. Give it what the model was exported with.

    node tools/export/run.mjs parity.py --out .cache/parity --architecture ViT-B-32-quickgelu --seed 0
"""

import argparse
import io
import json
import logging
import warnings
from pathlib import Path

import telemetry_off  # noqa: F401, before ONNX Runtime loads

import numpy as np
import torch
from PIL import Image

from architecture import Architecture, add_model_arguments, open_architecture
from samples import drawn_picture, drawn_texts, file_of

SEED = 7
SIDES = (40, 900)
# Most of what people send is JPEG.
FILES = [("JPEG", {"quality": 90}), ("PNG", {}), ("JPEG", {"quality": 75, "progressive": True}), ("WEBP", {"quality": 85}), ("JPEG", {"quality": 95, "subsampling": 0})]
BATCH = 20


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    add_model_arguments(parser)
    parser.add_argument("--out", type=Path, required=True, help="an empty folder, or one of an earlier run")
    parser.add_argument("--count", type=int, default=200, help="of pictures, and of texts (default %(default)s)")
    arguments = parser.parse_args()
    architecture = open_architecture(arguments)
    arguments.out.mkdir(parents=True, exist_ok=True)
    texts = drawn_texts(arguments.count, SEED)
    pictures = [picture_file(index) for index in range(arguments.count)]
    for name, data in pictures:
        (arguments.out / name).write_bytes(data)
    text_vectors = batched(texts, architecture.embed_texts)
    image_vectors = batched([data for _, data in pictures], lambda files: embed_files(architecture, files))
    text_vectors.astype("<f4").tofile(arguments.out / "texts.f32")
    image_vectors.astype("<f4").tofile(arguments.out / "images.f32")
    index = {"model": architecture.name, "weights": architecture.weights, "dimension": text_vectors.shape[1], "texts": texts, "images": [name for name, _ in pictures]}
    (arguments.out / "index.json").write_text(json.dumps(index, indent=1, ensure_ascii=False), encoding="utf-8")


def picture_file(index: int) -> tuple[str, bytes]:
    format, options = FILES[index % len(FILES)]
    return f"{index:04}.{format.lower()}", file_of(drawn_picture(index, SEED, SIDES), format, **options)


def embed_files(architecture: Architecture, files: list[bytes]) -> torch.Tensor:
    return architecture.embed_images(torch.stack([architecture.preprocess(Image.open(io.BytesIO(data))) for data in files]))


def batched(items: list, embed) -> np.ndarray:
    parts = [embed(items[start : start + BATCH]).float().numpy() for start in range(0, len(items), BATCH)]
    return np.concatenate(parts)


if __name__ == "__main__":
    warnings.filterwarnings("ignore")
    logging.disable(logging.WARNING)
    main()
