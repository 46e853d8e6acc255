"""Texts to ids: by open_clip's own tokenizer where the vocabulary is CLIP's, else by the file that the caller gives."""

import json
from pathlib import Path

import torch
from open_clip.tokenizer import SimpleTokenizer, get_clean_fn
from tokenizers import Tokenizer

from clip_tokenizer_json import clip_tokenizer_json

CONTEXT_LENGTH_DEFAULT = 77


class BundledTokenizer:
    """CLIP's byte-pair encoding, as open_clip runs it; its vocabulary comes with the open_clip package."""

    pad_id = 0

    def __init__(self, context_length: int, clean: str):
        self.inner = SimpleTokenizer(context_length=context_length, clean=clean)
        self.context_length = context_length

    def __call__(self, texts: list[str]) -> torch.Tensor:
        return self.inner(texts)

    def json(self) -> str:
        return clip_tokenizer_json(self.inner)


class FileTokenizer:
    """
    Any `tokenizer.json`; texts are cleaned as open_clip's HFTokenizer cleans them where `clean` names a way, rows filled up
    with the padding token and cut with the last token kept.
    """

    def __init__(self, path: Path, context_length: int, clean: str | None = None):
        self.clean = get_clean_fn(clean) if clean else str
        self.text = path.read_text(encoding="utf-8")
        self.inner = Tokenizer.from_str(self.text)
        self.inner.no_padding()
        self.inner.no_truncation()
        self.context_length = context_length
        self.pad_id = self._pad_id()

    def __call__(self, texts: list[str]) -> torch.Tensor:
        rows = torch.full((len(texts), self.context_length), self.pad_id, dtype=torch.long)
        for row, text in zip(rows, texts):
            ids = self.inner.encode(self.clean(text)).ids
            if len(ids) > self.context_length:
                ids = ids[: self.context_length - 1] + ids[-1:]
            row[: len(ids)] = torch.tensor(ids)
        return rows

    def json(self) -> str:
        return self.text

    def _pad_id(self) -> int:
        padding = json.loads(self.text).get("padding") or {}
        named = self.inner.token_to_id("<pad>")
        return padding.get("pad_id", named if named is not None else 0)


def tokenizer_of(text_config: dict, path: Path | None):
    """Exits with a sentence when the architecture's vocabulary lies on a hub and no file was given."""
    context_length = text_config.get("context_length", CONTEXT_LENGTH_DEFAULT)
    options = text_config.get("tokenizer_kwargs", {})
    if path is not None:
        return FileTokenizer(path, context_length, options.get("clean", "whitespace"))
    if "hf_tokenizer_name" in text_config:
        raise SystemExit(f"This architecture reads the vocabulary of {text_config['hf_tokenizer_name']}: pass its tokenizer.json with --tokenizer.")
    return BundledTokenizer(context_length, options.get("clean", "lower"))
