"""
Writes golden.json into a model folder that came without one, from its own ONNX files: vectors by onnxruntime in Python,
pictures read by Pillow, ids by Python's tokenizers. Such a file tells whether the service computes what the Python world
computes with these files, and whether they are still whole; it cannot tell whether they are what their author meant.

    node tools/export/run.mjs golden_of_folder.py models/mini-clip

`--token-ids` adds the ids alone to a golden.json that is there, and keeps its vectors, which may be those of PyTorch.
"""

import argparse
import io
import json
from pathlib import Path

import telemetry_off  # noqa: F401, before ONNX Runtime loads

import onnxruntime
import torch
from open_clip.transform import PreprocessCfg, image_transform_v2
from PIL import Image

from golden import Golden, golden_inputs, token_ids_of, write_content, write_golden
from onnx_vectors import OnnxFolder
from tokenizers_of import CONTEXT_LENGTH_DEFAULT, file_tokenizer
from variants import LOAD_COSINE_MIN


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--cosine-min", type=float, default=LOAD_COSINE_MIN["fp32"])
    parser.add_argument("--token-ids", action="store_true", help="only add token ids to the golden.json that is there")
    arguments = parser.parse_args()
    folder = arguments.folder
    config = json.loads((folder / "config.json").read_text())
    tokenizer = tokenizer_of_folder(folder, config)
    if arguments.token_ids:
        golden = json.loads((folder / "golden.json").read_text(encoding="utf-8"))
        return write_content(folder / "golden.json", {**golden, "token_ids": token_ids_of(tokenizer)})
    texts, pictures = golden_inputs()
    files, transform = OnnxFolder(folder), transform_of(json.loads((folder / "preprocess_config.json").read_text()))
    golden = Golden(
        model=config.get("name", folder.name),
        weights="those of the folder",
        made_by=f"onnxruntime {onnxruntime.__version__} in Python, float32",
        texts=texts,
        text_vectors=files.embed_texts(tokenizer(texts), tokenizer.pad_id),
        pictures=pictures,
        picture_vectors=files.embed_images(torch.stack([transform(Image.open(io.BytesIO(png))) for png in pictures])),
        token_ids=token_ids_of(tokenizer),
    )
    write_golden(folder / "golden.json", golden, arguments.cosine_min)


def tokenizer_of_folder(folder: Path, config: dict):
    """Cleaning and context length are found where the service looks for them (libs/clip/src/files/model-files.ts)."""
    text = config.get("text_cfg") or config.get("text_config") or {}
    clean = text.get("tokenizer_kwargs", {}).get("clean") or ("whitespace" if "hf_tokenizer_name" in text else None)
    lengths = [config.get("context_length"), text.get("context_length"), text.get("max_position_embeddings"), CONTEXT_LENGTH_DEFAULT]
    return file_tokenizer(folder / "tokenizer.json", next(length for length in lengths if length), clean)


def transform_of(config: dict):
    """For the plain case: the short side to S, the centre square of S, bicubic."""
    side = config["crop_size"]["height"]
    if config["size"].get("shortest_edge") != side or config.get("resample", 3) != 3:
        raise SystemExit("Only models that resize bicubically to the side of their crop are known here.")
    return image_transform_v2(PreprocessCfg(size=side, mean=config["image_mean"], std=config["image_std"]), is_train=False)


if __name__ == "__main__":
    main()
