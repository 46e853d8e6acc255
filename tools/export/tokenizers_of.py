"""Texts to ids, as the Python world does: by open_clip's tokenizer where it is CLIP's byte-pair encoding, else by Rust's library."""

import json
from pathlib import Path

import torch
from open_clip.tokenizer import SimpleTokenizer, get_clean_fn
from tokenizers import Tokenizer

from clip_tokenizer_json import END, START, clip_tokenizer_json

CONTEXT_LENGTH_DEFAULT = 77


class BundledTokenizer:
    """CLIP's byte-pair encoding, as open_clip runs it; its vocabulary comes with the open_clip package."""

    pad_id = 0

    def __init__(self, context_length: int, clean: str):
        self.inner = SimpleTokenizer(context_length=context_length, clean=clean)
        self.context_length = context_length

    def __call__(self, texts: list[str]) -> torch.Tensor:
        return self.inner(texts)

    def ids(self, text: str) -> list[int]:
        """Start and end token included, cut to the context, not padded."""
        start, end = self.inner.all_special_ids
        return [start, *self.inner.encode(text)[: self.context_length - 2], end]

    def json(self) -> str:
        return clip_tokenizer_json(self.inner)


class ClipFileTokenizer(BundledTokenizer):
    """
    The same with the vocabulary and the merges of a `tokenizer.json`. Rust's library would give other ids: models of this
    family were trained with texts that were mended and lowered first, of which the file knows half.
    """

    def __init__(self, text: str, context_length: int):
        super().__init__(context_length, "lower")
        model, names = json.loads(text)["model"], dict(zip((START, END), ("<start_of_text>", "<end_of_text>")))
        self.text = text
        self.inner.encoder = {names.get(token, token): id for token, id in model["vocab"].items()}
        pairs = [tuple(merge.split(" ") if isinstance(merge, str) else merge) for merge in model["merges"]]
        self.inner.bpe_ranks = {pair: rank for rank, pair in enumerate(pairs)}
        self.inner.all_special_ids = [self.inner.encoder[name] for name in names.values()]
        self.inner.sot_token_id, self.inner.eot_token_id = self.inner.all_special_ids

    def json(self) -> str:
        return self.text


class FileTokenizer:
    """
    Any `tokenizer.json`; texts are cleaned as open_clip's HFTokenizer cleans them where `clean` names a way, cut with the tokens
    around them kept, and rows filled up with the padding token.
    """

    def __init__(self, text: str, context_length: int, clean: str | None = None):
        self.clean = get_clean_fn(clean) if clean else str
        self.text = text
        self.inner = Tokenizer.from_str(text)
        self.inner.no_padding()
        self.inner.enable_truncation(context_length)
        self.context_length = context_length
        self.pad_id = self._pad_id()

    def __call__(self, texts: list[str]) -> torch.Tensor:
        rows = torch.full((len(texts), self.context_length), self.pad_id, dtype=torch.long)
        for row, text in zip(rows, texts):
            ids = self.ids(text)
            row[: len(ids)] = torch.tensor(ids)
        return rows

    def ids(self, text: str) -> list[int]:
        """The tokens around it included, cut to the context, not padded."""
        return self.inner.encode(self.clean(text)).ids

    def json(self) -> str:
        return self.text

    def _pad_id(self) -> int:
        padding = json.loads(self.text).get("padding") or {}
        named = self.inner.token_to_id("<pad>")
        return padding.get("pad_id", named if named is not None else 0)


def file_tokenizer(path: Path, context_length: int, clean: str | None = None):
    """What a `tokenizer.json` is read with; which files are CLIP's own encoding is decided as in libs/clip/src/tokenizer."""
    text = path.read_text(encoding="utf-8")
    model = json.loads(text)["model"]
    if model["type"] == "BPE" and model.get("end_of_word_suffix") == "</w>" and START in model["vocab"]:
        return ClipFileTokenizer(text, context_length)
    return FileTokenizer(text, context_length, clean)


def tokenizer_of(text_config: dict, path: Path | None):
    """Exits with a sentence when the architecture's vocabulary lies on a hub and no file was given."""
    context_length = text_config.get("context_length", CONTEXT_LENGTH_DEFAULT)
    options = text_config.get("tokenizer_kwargs", {})
    if path is not None:
        return file_tokenizer(path, context_length, options.get("clean", "whitespace"))
    if "hf_tokenizer_name" in text_config:
        raise SystemExit(f"This architecture reads the vocabulary of {text_config['hf_tokenizer_name']}: pass its tokenizer.json with --tokenizer.")
    return BundledTokenizer(context_length, options.get("clean", "lower"))
