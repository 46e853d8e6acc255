"""
Makes pipelines.jsonl: `tokenizer.json` files of every part that the service knows, and the ids that Hugging Face's Rust library
gives to texts that such libraries differ on. The first line holds the texts and the models, each other line one file: its name, its
JSON with the name of its model, and ids by the places of their texts.

    pip install tokenizers==0.23.3 sentencepiece==0.2.3
    python test/reference/tokens/make_pipelines.py

`--texts 5000 --out FILE` draws as many texts for each, for a comparison that is not kept. `--charsmap nmt_nfkc` runs `Precompiled`
with the table of SigLIP and XLM-R (half a megabyte) instead of a small one.
"""

import argparse
import io
import json
import random
from pathlib import Path

import sentencepiece
from sentencepiece import sentencepiece_model_pb2 as spm
from tokenizers import Tokenizer

from pipeline_texts import CORPUS, drawn_texts

HERE = Path(__file__).resolve().parent
SEED = 7


def base64_charsmap(rule: str) -> str:
    """SentencePiece's compiled table: `small`, or the name of one of its own."""
    import base64

    model = io.BytesIO()
    rules = HERE / "charsmap_rules.tsv"
    kind = {"normalization_rule_tsv": str(rules)} if rule == "small" else {"normalization_rule_name": rule}
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(CORPUS), model_writer=model, vocab_size=300, hard_vocab_limit=False, minloglevel=2, **kind
    )
    proto = spm.ModelProto()
    proto.ParseFromString(model.getvalue())
    return base64.b64encode(proto.normalizer_spec.precompiled_charsmap).decode()


def characters() -> list[str]:
    """Those of the corpus."""
    return sorted({character for line in CORPUS for character in line if not character.isspace()})


def pieces(draw: random.Random, count: int) -> list[str]:
    """Beginnings and middles of the corpus's words."""
    words = [word for line in CORPUS for word in line.split()]
    found = {}
    while len(found) < count:
        word = draw.choice(words)
        start = draw.randrange(len(word))
        found[word[start : start + draw.randint(2, 6)]] = True
    return list(found)


def byte_alphabet() -> list[str]:
    plain = [*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    extra = iter(range(0x100, 0x200))
    return [chr(byte) if byte in plain else chr(next(extra)) for byte in range(256)]


def merges_of(draw: random.Random, alphabet: list[str], lines: list[str], count: int, prefix: str = "", suffix: str = "") -> tuple[dict, list]:
    """A vocabulary and merges of neighbours that occur, in an order by chance, so that far letters matter."""
    vocab = {token: id for id, token in enumerate(["<unk>", *alphabet])}
    for token in alphabet:
        for form in {prefix + token, token + suffix, prefix + token + suffix}:
            vocab.setdefault(form, len(vocab))
    words = [[(prefix if at else "") + c + (suffix if at == len(word) - 1 else "") for at, c in enumerate(word)] for line in lines for word in line.split()]
    merges = []
    for _ in range(count * 20):
        word = draw.choice(words)
        if len(word) < 2 or len(merges) == count:
            continue
        at = draw.randrange(len(word) - 1)
        left, right = word[at], word[at + 1]
        merged = left + right[len(prefix) :]
        if [left, right] in merges:
            continue
        merges.append([left, right])
        vocab.setdefault(merged, len(vocab))
        for other in words:
            for i in range(len(other) - 1):
                if other[i : i + 2] == [left, right]:
                    other[i : i + 2] = [merged]
                    break
    return vocab, merges


def models(draw: random.Random) -> dict[str, dict]:
    alphabet, some = characters(), pieces(draw, 250)
    bpe_vocab, bpe_merges = merges_of(draw, alphabet + ["▁"], [line.replace(" ", " ▁") for line in CORPUS], 160)
    byte_lines = [" ".join("".join(byte_alphabet()[b] for b in word.encode()) for word in line.split()) for line in CORPUS]
    byte_vocab, byte_merges = merges_of(draw, byte_alphabet(), byte_lines, 160)
    suffix_vocab, suffix_merges = merges_of(draw, alphabet, CORPUS, 120, suffix="</w>")
    prefix_vocab, prefix_merges = merges_of(draw, alphabet, CORPUS, 120, prefix="##")
    fallback = {token: id for id, token in enumerate([*bpe_vocab, *(f"<0x{byte:02X}>" for byte in range(256))])}
    few = {token: id for token, id in fallback.items() if token not in characters()[::3]}
    few = {token: id for id, token in enumerate(few)}
    few_merges = [[a, b] for a, b in bpe_merges if a in few and b in few and a + b in few]
    less = {token: id for token, id in bpe_vocab.items() if token not in characters()[::3]}
    less_merges = [[a, b] for a, b in bpe_merges if a in less and b in less and a + b in less]
    less = {token: id for id, token in enumerate(less)}
    words = sorted({word for line in CORPUS for word in line.split()})
    scored = [["<unk>", 0.0], ["▁", -3.5], *([p, round(-draw.uniform(2, 12), 6)] for p in [*some, *("▁" + p for p in some[:120])])]
    singles = [[c, round(-draw.uniform(6, 14), 6)] for c in alphabet[::2]]
    bytes_too = [[f"<0x{byte:02X}>", -20.0] for byte in range(256)]
    plain = {"type": "BPE", "dropout": None, "unk_token": "<unk>", "continuing_subword_prefix": None, "end_of_word_suffix": None}
    plain |= {"fuse_unk": False, "byte_fallback": False, "ignore_merges": False}
    return {
        "bpe": plain | {"vocab": bpe_vocab, "merges": bpe_merges},
        "bpe-bytes": plain | {"vocab": byte_vocab, "merges": byte_merges, "unk_token": None},
        "bpe-suffix": plain | {"vocab": suffix_vocab, "merges": [" ".join(pair) for pair in suffix_merges], "end_of_word_suffix": "</w>"},
        "bpe-prefix": plain | {"vocab": prefix_vocab, "merges": prefix_merges, "continuing_subword_prefix": "##"},
        "bpe-unknown": plain | {"vocab": less, "merges": less_merges},
        "bpe-fused": plain | {"vocab": less, "merges": less_merges, "fuse_unk": True},
        "bpe-nothing": plain | {"vocab": less, "merges": less_merges, "unk_token": None},
        "bpe-fallback": plain | {"vocab": few, "merges": few_merges, "fuse_unk": True, "byte_fallback": True},
        "bpe-ignore": plain | {"vocab": bpe_vocab | {w: len(bpe_vocab) + i for i, w in enumerate(w for w in words if w not in bpe_vocab)}, "merges": bpe_merges, "ignore_merges": True},
        "unigram": {"type": "Unigram", "unk_id": 0, "vocab": [*scored, *singles], "byte_fallback": False},
        "unigram-fallback": {"type": "Unigram", "unk_id": 0, "vocab": [*scored, *singles, *bytes_too], "byte_fallback": True},
        "word-piece": {
            "type": "WordPiece",
            "unk_token": "[UNK]",
            "continuing_subword_prefix": "##",
            "max_input_chars_per_word": 20,
            "vocab": {t: i for i, t in enumerate(dict.fromkeys(["[UNK]", *some, *("##" + p for p in some), *alphabet[::2], *("##" + c for c in alphabet[::2])]))},
        },
        "word-level": {"type": "WordLevel", "unk_token": "[UNK]", "vocab": {t: i for i, t in enumerate(dict.fromkeys(["[UNK]", *words, *alphabet]))}},
    }


def regex(pattern: str) -> dict:
    return {"Regex": pattern}


GPT4 = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
BEHAVIORS = ["Removed", "Isolated", "Contiguous", "MergedWithPrevious", "MergedWithNext"]


def normalizers(charsmap: str) -> dict[str, dict]:
    bert = [(c, h, s, l) for c in (True, False) for h in (True, False) for s in (None, True, False) for l in (True, False)]
    return {
        **{form.lower(): {"type": form} for form in ("NFC", "NFD", "NFKC", "NFKD", "Lowercase", "StripAccents", "Nmt", "ByteLevel")},
        **{f"strip-{l}-{r}": {"type": "Strip", "strip_left": l, "strip_right": r} for l in (True, False) for r in (True, False)},
        "replace": {"type": "Replace", "pattern": {"String": "a."}, "content": "$1"},
        "replace-regex": {"type": "Replace", "pattern": regex(r" {2,}"), "content": "▁"},
        "replace-blank": {"type": "Replace", "pattern": regex(r"\s+"), "content": " "},
        "replace-class": {"type": "Replace", "pattern": regex(r"[^\p{L}\s]|(?<=a)b"), "content": ""},
        "prepend": {"type": "Prepend", "prepend": "▁"},
        "precompiled": {"type": "Precompiled", "precompiled_charsmap": charsmap},
        **{
            f"bert-{c}-{h}-{s}-{l}": {"type": "BertNormalizer", "clean_text": c, "handle_chinese_chars": h, "strip_accents": s, "lowercase": l}
            for c, h, s, l in bert
        },
    }


def pre_tokenizers() -> dict[str, dict]:
    space = [{"type": "WhitespaceSplit"}]
    return {
        **{kind.lower(): {"type": kind} for kind in ("Whitespace", "WhitespaceSplit", "BertPreTokenizer")},
        **{f"punctuation-{b}": {"type": "Punctuation", "behavior": b} for b in BEHAVIORS},
        **{f"digits-{i}": {"type": "Sequence", "pretokenizers": space + [{"type": "Digits", "individual_digits": i}]} for i in (True, False)},
        "delimiter": {"type": "CharDelimiterSplit", "delimiter": "e"},
        **{
            f"split-{b}-{i}": {"type": "Split", "pattern": regex(r"\p{L}+|[^\s\p{L}]"), "behavior": b, "invert": i}
            for b in BEHAVIORS
            for i in (True, False)
        },
        **{f"split-string-{b}": {"type": "Split", "pattern": {"String": " "}, "behavior": b, "invert": False} for b in BEHAVIORS},
        "split-gpt4": {"type": "Split", "pattern": regex(GPT4), "behavior": "Isolated", "invert": False},
        **{f"metaspace-{s}-{x}": {"type": "Metaspace", "replacement": "▁", "prepend_scheme": s, "split": x} for s in ("always", "first", "never") for x in (True, False)},
    }


def byte_levels() -> dict[str, dict]:
    return {f"{p}-{r}": {"type": "ByteLevel", "add_prefix_space": p, "trim_offsets": True, "use_regex": r} for p in (True, False) for r in (True, False)}


def added(content: str, id: int, **flags) -> dict:
    return {"id": id, "content": content, "single_word": False, "lstrip": False, "rstrip": False, "normalized": False, "special": True} | flags


def files(made: dict[str, dict], charsmap: str) -> dict[str, dict]:
    """Each with its model's name in place of the model."""
    split = {"type": "WhitespaceSplit"}
    marks = {"type": "Metaspace", "replacement": "▁", "prepend_scheme": "always", "split": True}
    found: dict[str, dict] = {}

    def file(name: str, model: str, **parts) -> None:
        base = {"version": "1.0", "truncation": None, "padding": None, "added_tokens": [], "normalizer": None, "pre_tokenizer": None}
        found[name] = base | {"post_processor": None, "decoder": None, "model": model} | parts

    for model in made:
        levels = {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": True, "use_regex": True}
        file(f"model {model}", model, pre_tokenizer=levels if model == "bpe-bytes" else marks if "unigram" in model else split)
        file(f"model {model} of the whole text", model)
    for name, normalizer in normalizers(charsmap).items():
        file(f"normalizer {name}", "unigram", normalizer=normalizer)
    for name, pre_tokenizer in pre_tokenizers().items():
        file(f"pre-tokenizer {name}", "word-piece" if "metaspace" not in name else "unigram", pre_tokenizer=pre_tokenizer)
    for name, pre_tokenizer in byte_levels().items():
        file(f"pre-tokenizer bytes {name}", "bpe-bytes", pre_tokenizer=pre_tokenizer)

    special = [["<s>", 1], ["</s>", 2]]
    template = {
        "type": "TemplateProcessing",
        "single": [{"SpecialToken": {"id": "<s>", "type_id": 0}}, {"Sequence": {"id": "A", "type_id": 0}}, {"SpecialToken": {"id": "</s>", "type_id": 0}}],
        "pair": [{"Sequence": {"id": "A", "type_id": 0}}, {"Sequence": {"id": "B", "type_id": 1}}],
        "special_tokens": {t: {"id": t, "ids": [i, i] if t == "</s>" else [i], "tokens": [t, t] if t == "</s>" else [t]} for t, i in special},
    }
    roberta = {"type": "RobertaProcessing", "sep": special[1], "cls": special[0], "trim_offsets": True, "add_prefix_space": True}
    file("template", "unigram", pre_tokenizer=marks, post_processor=template)
    file("roberta", "unigram", pre_tokenizer=marks, post_processor=roberta)
    file("processors", "unigram", pre_tokenizer=marks, post_processor={"type": "Sequence", "processors": [byte_levels()["True-True"], template]})

    size = len(made["unigram"]["vocab"])
    tokens = [
        added("<unk>", 0),
        added("<mask>", size, lstrip=True),
        added("cat", size + 1, single_word=True, normalized=True, special=False),
        added("cats", size + 2, rstrip=True, normalized=True, special=False),
        added("CAT", size + 3, single_word=True, lstrip=True, rstrip=True),
        added("<|x|>", size + 4),
        added("<|x|><|x|>", size + 5),
        added("É", size + 6, normalized=True, special=False),
    ]
    for scheme in ("always", "first", "never"):
        metaspace = marks | {"prepend_scheme": scheme}
        file(f"added tokens {scheme}", "unigram", added_tokens=tokens, normalizer={"type": "Lowercase"}, pre_tokenizer=metaspace)
        file(f"added tokens, as they are, {scheme}", "unigram", added_tokens=tokens, pre_tokenizer=metaspace)
    file("added tokens of a byte-pair encoding", "bpe-bytes", added_tokens=[added("<|x|>", len(made["bpe-bytes"]["vocab"])), added("cat", len(made["bpe-bytes"]["vocab"]) + 1, normalized=True, special=False)], normalizer={"type": "NFC"}, pre_tokenizer=byte_levels()["True-True"])

    # The kinds that models of the catalogue have.
    spaces = {"type": "Replace", "pattern": regex(r" {2,}"), "content": " "}
    precompiled = {"type": "Precompiled", "precompiled_charsmap": charsmap}
    file("XLM-R", "unigram", normalizer={"type": "Sequence", "normalizers": [precompiled, spaces]}, pre_tokenizer={"type": "Sequence", "pretokenizers": [split, marks]}, post_processor=template)
    siglip = [{"type": "Lowercase"}, {"type": "Replace", "pattern": regex(r"[!\"#$%&'()*+,\-./:;<=>?@\[\\\]\^_`{|}~]"), "content": ""}, {"type": "Replace", "pattern": regex(r"\s+"), "content": " "}, {"type": "Strip", "strip_left": True, "strip_right": True}, precompiled]
    file("SigLIP", "unigram", normalizer={"type": "Sequence", "normalizers": siglip}, pre_tokenizer=marks, post_processor=template)
    file("Gemma", "bpe-fallback", normalizer={"type": "Replace", "pattern": {"String": " "}, "content": "▁"}, pre_tokenizer={"type": "Split", "pattern": {"String": " "}, "behavior": "MergedWithPrevious", "invert": False}, post_processor=template)
    file("BERT", "word-piece", normalizer=normalizers(charsmap)["bert-True-True-None-True"], pre_tokenizer={"type": "BertPreTokenizer"}, post_processor={"type": "BertProcessing", "sep": special[1], "cls": special[0]})
    file("RoBERTa", "bpe-bytes", pre_tokenizer=byte_levels()["False-True"], post_processor=roberta)
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--texts", type=int, default=0)
    parser.add_argument("--charsmap", default="small")
    parser.add_argument("--out", type=Path, default=HERE / "pipelines.jsonl")
    arguments = parser.parse_args()
    texts = drawn_texts(arguments.texts, SEED)
    draw = random.Random(SEED)
    with arguments.out.open("w", encoding="utf-8", newline="\n") as out:
        made = models(random.Random(SEED))
        out.write(json.dumps({"texts": texts, "models": made}, ensure_ascii=False, separators=(",", ":")) + "\n")
        for name, content in files(made, base64_charsmap(arguments.charsmap)).items():
            model = content["model"]
            content["model"] = made[model]
            tokenizer = Tokenizer.from_str(json.dumps(content))
            chosen = range(len(texts)) if arguments.texts else sorted(draw.sample(range(len(texts)), 24))
            cases = {at: tokenizer.encode(texts[at]).ids for at in chosen}
            content["model"] = model
            out.write(json.dumps({"name": name, "file": content, "ids": cases}, ensure_ascii=False, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main()
