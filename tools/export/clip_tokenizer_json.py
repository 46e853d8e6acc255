"""CLIP's vocabulary as a `tokenizer.json` of Hugging Face's `tokenizers`, from the merges inside open_clip."""

import json

START, END = "<|startoftext|>", "<|endoftext|>"
WORD = r"<\|startoftext\|>|<\|endoftext\|>|'s|'t|'re|'ve|'m|'ll|'d|[\p{L}]+|[\p{N}]|[^\s\p{L}\p{N}]+"


def clip_tokenizer_json(tokenizer) -> str:
    """`tokenizer` is open_clip's SimpleTokenizer; it calls the two special tokens by other names than everyone else."""
    names = dict(zip(tokenizer.all_special_ids, (START, END)))
    vocabulary = {names.get(id, token): id for token, id in tokenizer.encoder.items()}
    start, end = tokenizer.all_special_ids
    return json.dumps(
        {
            "version": "1.0",
            "truncation": None,
            "padding": None,
            "added_tokens": [_special(start, START), _special(end, END)],
            "normalizer": {
                "type": "Sequence",
                "normalizers": [
                    {"type": "NFC"},
                    {"type": "Replace", "pattern": {"Regex": r"\s+"}, "content": " "},
                    {"type": "Lowercase"},
                ],
            },
            "pre_tokenizer": {
                "type": "Sequence",
                "pretokenizers": [
                    {"type": "Split", "pattern": {"Regex": WORD}, "behavior": "Removed", "invert": True},
                    {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": True, "use_regex": True},
                ],
            },
            "post_processor": {
                "type": "RobertaProcessing",
                "sep": [END, end],
                "cls": [START, start],
                "trim_offsets": False,
                "add_prefix_space": False,
            },
            "decoder": {"type": "ByteLevel", "add_prefix_space": True, "trim_offsets": True, "use_regex": True},
            "model": {
                "type": "BPE",
                "dropout": None,
                "unk_token": END,
                "continuing_subword_prefix": "",
                "end_of_word_suffix": "</w>",
                "fuse_unk": False,
                "byte_fallback": False,
                "ignore_merges": False,
                "vocab": vocabulary,
                "merges": [" ".join(pair) for pair in tokenizer.bpe_ranks],
            },
        },
        ensure_ascii=False,
    )


def _special(id: int, content: str) -> dict:
    return {"id": id, "content": content, "single_word": False, "lstrip": False, "rstrip": False, "normalized": False, "special": True}
