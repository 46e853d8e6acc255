"""
golden.json: a few inputs with the vectors, and texts with the token ids, that the original model gives them, by which a model is
checked whenever the service loads it. Pictures are PNG files, vectors little-endian float32, both in base64.
"""

import base64
import io
import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from PIL import Image

from architecture import Architecture
from samples import drawn_picture, drawn_texts, file_of
from token_texts import TOKEN_TEXTS

FORMAT = 1
PICTURES, SEED = 4, 20
# Small and of few colours, so that the file stays small; some are smaller than the model's square and some larger.
SIDES, COLOURS = (60, 300), 24


@dataclass
class Golden:
    """What was fed and what came out; vectors are float32 [items, D]."""

    model: str
    weights: str
    made_by: str
    texts: list[str]
    text_vectors: np.ndarray
    pictures: list[bytes]
    picture_vectors: np.ndarray
    token_ids: list[dict]


def golden_inputs() -> tuple[list[str], list[bytes]]:
    """Texts and PNG files."""
    pictures = [drawn_picture(index, SEED, SIDES, noisy=False).quantize(COLOURS, dither=Image.Dither.NONE).convert("RGB") for index in range(PICTURES)]
    return golden_texts(), [file_of(picture, "PNG", optimize=True) for picture in pictures]


def golden_texts() -> list[str]:
    """A caption, then what tokenizers differ on, then one that is cut, then two of common length."""
    texts = drawn_texts(22, SEED)
    return ["a photo of a cat", texts[2], texts[3], texts[7], texts[20], texts[21]]


def golden_of(architecture: Architecture) -> Golden:
    texts, pictures = golden_inputs()
    return Golden(
        model=architecture.name,
        weights=architecture.weights,
        made_by=f"PyTorch {torch.__version__.split('+')[0]}, float32",
        texts=texts,
        text_vectors=architecture.embed_texts(texts).float().numpy(),
        pictures=pictures,
        picture_vectors=architecture.embed_images(pixels_of(architecture, pictures)).float().numpy(),
        token_ids=token_ids_of(architecture.tokenizer),
    )


def token_ids_of(tokenizer) -> list[dict]:
    """Texts with their ids, start and end token included, cut to the context and not padded."""
    return [{"text": text, "ids": tokenizer.ids(text)} for text in TOKEN_TEXTS]


def pixels_of(architecture: Architecture, pictures: list[bytes]) -> torch.Tensor:
    return torch.stack([architecture.preprocess(Image.open(io.BytesIO(picture))) for picture in pictures])


def write_golden(path: Path, golden: Golden, cosine_min: float) -> None:
    """`cosine_min` is the least cosine that the model of this folder is held to."""
    content = {
        "format": FORMAT,
        "model": golden.model,
        "weights": golden.weights,
        "made_by": golden.made_by,
        "cosine_min": cosine_min,
        "texts": [{"text": text, "vector": _base64(vector)} for text, vector in zip(golden.texts, golden.text_vectors)],
        "images": [{"png": _base64(png), "vector": _base64(vector)} for png, vector in zip(golden.pictures, golden.picture_vectors)],
        "token_ids": golden.token_ids,
    }
    write_content(path, content)


def write_content(path: Path, content: dict) -> None:
    path.write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def _base64(value: bytes | np.ndarray) -> str:
    data = value if isinstance(value, bytes) else value.astype("<f4").tobytes()
    return base64.b64encode(data).decode()
