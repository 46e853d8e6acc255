"""
Makes tokens.jsonl: texts and the ids that the tokenizer of the Python server gives them.

    pip install clip-server==0.8.3 ftfy==6.3.1 regex==2026.9.29
    python test/reference/tokens/make_tokens.py

The texts are drawn from a fixed seed, so a second run gives the same file (Python 3.10, whose Unicode 13 is older than
that of any engine in play: drawn texts hold no code point that is unassigned there, since whether such a one is a letter
depends on the Unicode version of the runtime and not on the tokenizer). Ids are neither cut nor padded: cutting to
the model's context length is the service's own step and has its own tests. Texts that ftfy takes for read in the wrong
encoding are left out, since the service does not repair those.
"""

import json
import random
import unicodedata
from pathlib import Path

import ftfy
from clip_server.model.simple_tokenizer import SimpleTokenizer

HERE = Path(__file__).resolve().parent
START, END = 49406, 49407

PLAIN = [
    "a photo of a cat", "A PHOTO OF A CAT", "two red circles left of a blue square", "hello, world!", "it's a dog's life",
    "we'll they've I'm you'd can't WON'T IT'S", "'tis the season", "rock'n'roll", "don’t “quote” me", "3.14159 and 1,000,000",
    "2024-12-31T23:59:59Z", "user@example.com", "https://example.com/a?b=c&d=e#f", "C++ & C# != F#", "snake_case camelCase kebab-case",
    "100% cotton", "$5.99 €10 £3 ¥500", "(parentheses) [brackets] {braces} <angles>", "a/b\\c|d", "***bold*** __under__ ~~strike~~",
    "....", "?!?!", "--", "__", "a.b.c", "...a", "a...", "#hashtag @mention", "e=mc^2", "½ ¼ ¾ ² ³", "Ⅷ ⅷ ①②③", "١٢٣ १२३ ๑๒๓",
    "supercalifragilisticexpialidocious", "pneumonoultramicroscopicsilicovolcanoconiosis", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
    "x", "X", "0", "00", "000000000000", "</w>", "a</w>", "the</w> cat</w>", "Ġhello", "Ċ", "łĠ",
]
ACCENTS = [
    "café", "cafe\u0301", "naïve", "Ünïcödé", "ÀÉÎÕÜ", "Å\u030a", "İstanbul", "ISTANBUL ı", "ßtraße STRASSE ẞ", "ÆØÅ æøå", "œuvre Œuvre",
    "Ñandú", "n\u0303", "Żółć gęślą jaźń", "Příliš žluťoučký kůň", "Đặng Thái Sơn", "a\u0300\u0301\u0302\u0303", "\u0301alone", "ﬁ ﬂ ﬀ",
    "Ω Ω Å Å", "ΣΑΣ ΟΔΥΣΣΕΥΣ ς", "Привет, мир", "ПРИВЕТ Ё ё й й", "Ελληνικά γράμματα", "Հայերեն", "ქართული ᲥᲐᲠᲗᲣᲚᲘ", "עברית שָׁלוֹם",
    "العربية مُحَمَّد", "فارسی می‌خواهم", "हिन्दी नमस्ते", "தமிழ்", "ภาษาไทย", "မြန်မာ", "ខ្មែរ", "አማርኛ", "ᏣᎳᎩ ꮳꮃꭹ", "𝒽𝑒𝓁𝓁𝑜 𝕎𝕆ℝ𝕃𝔻", "Ｆｕｌｌ ｗｉｄｔｈ",
    "𐐀𐐁 𐐨𐐩", "ǅ ǆ Ǆ", "ŉ ǰ ΐ ΰ", "ᾳ ᾼ ῼ", "Ⴀ ⴀ", "ꭰ Ꭰ", "K K", "ſ S s",
]
CJK = [
    "一只猫的照片", "一張貓的照片", "猫の写真", "ねこのしゃしん", "ネコノシャシン", "ﾈｺﾉｼｬｼﾝ", "が か\u3099", "ハ\u309a パ", "고양이 사진", "\u1100\u1161\u11a8 각",
    "你好，世界！", "「引用」『二重』", "東京タワー 333m", "混合 mixed 텍스트 テキスト", "𠀀𠀁𪚥", "豈 更 車", "﨑 崎", "〇一二三", "㊀㊁ ㍿ ㌔", "　全角　空白　",
]
EMOJI = [
    "😀", "a 😀 b", "😀😀😀", "👍🏽", "👨‍👩‍👧‍👦", "🏳️‍🌈", "🇩🇪🇫🇷", "❤️", "❤", "☺️ ☺", "1️⃣2️⃣", "🧑🏿‍🚀", "cat😺cat", "😺cat😺", "©®™", "✔✓✗", "→←↑↓ ⇒", "♪♫", "☃", "🫠🫡🫨🪿",
    "🤷‍♀️ ¯\\_(ツ)_/¯", "( ͡° ͜ʖ ͡°)", "Z͑ͫ̓ͪ̂ͫ̽͏̴̙̤̞͉͚̯̞̠͍A̴̵̜̰͔ͫ͗͢L̠ͨͧͩ͘G̴̻͈͍͔̹̑͗̎̅͛́Ǫ̵̹̻̝̳͂̌̌͘", "\ue000\uf8ff", "\U000f0000", "\U0010ffff", "\ufffd", "\ufffe\uffff",
]
CONTROL = [
    "a\u0000b", "\u0000", "\u0001\u0002\u0003", "a\tb", "a\nb", "a\r\nb", "a\u000bb", "a\u000cb", "a\u001bb[31mred", "a\u007fb", "a\u0080b", "a\u0085b", "a\u00a0b",
    "a\u00adb", "a\u180eb", "a\u200bb", "a\u200cb", "a\u200db", "a\u200eb", "a\u2028b", "a\u2029b", "a\u202eb", "a\u2060b", "a\ufeffb", "\ufeffbom", "a\u001cb", "a\u001db", "a\u001eb", "a\u001fb",
    "a\u1680b", "a\u2000b", "a\u2001b", "a\u2002b", "a\u2003b", "a\u2004b", "a\u2005b", "a\u2006b", "a\u2007b", "a\u2008b", "a\u2009b", "a\u200ab", "a\u202fb", "a\u205fb", "a\u3000b",
]
SPACES = [
    "", " ", "  ", "\t", "\n", "\n\n\n", " \t\n\r ", " a", "a ", "  a  b  ", "a" + " " * 50 + "b", " " * 200, "a\n\n\nb", "\ta\tb\t", " .", ". ", " ' ", "' s", " 's", "a 's", "a's ", "a\u00a0 \u00a0b",
]
ENTITIES = [
    "&amp;", "&lt;b&gt;", "cats &amp; dogs", "&amp;amp;", "&#39;", "it&#39;s", "&quot;quoted&quot;", "&nbsp;", "a&nbsp;b", "&#x1F600;", "&notanentity;", "&copy; 2024", "<b>bold</b>", "<br/>", "<!-- c -->", "&eacute;t&eacute;",
]
SPECIAL = [
    "<|startoftext|>", "<|endoftext|>", "a <|endoftext|> b", "a<|endoftext|>b", "<|startoftext|>a photo<|endoftext|>", "<|ENDOFTEXT|>", "<|StartOfText|>", "<|end of text|>", "<|endoftext|", "|endoftext|>", "<|endoftext|><|endoftext|>",
    " <|endoftext|> ", "<|startoftext|> ", "!!<|endoftext|>!!", "<<|endoftext|>>", "'s<|endoftext|>'s", "<|pad|>", "[CLS] [SEP] <s> </s> <unk>",
]
APOSTROPHES = [
    "'s", "'S", "'t", "'re", "'ve", "'m", "'ll", "'d", "''s", "'''", "a''b", "'sa", "'st", "'rea", "a'sb", "a'S", "A'LL", "o'clock", "O'Reilly's", "'70s", "dogs'", "y'all'd've", "’s", "a’s", "`s", "'é", "'ſ", "'\u0301s", "!'s", "'s!", "'s's's", "1's", "'1",
]
MENDED = [
    "a dog’s bone", "“quoted” ‘single’ ‚low’ ‛x „low“ ‟y", "ʼn ŉ", "Tom &amp; Jerry", "Tom &amp Jerry", "Tom &AMP; Jerry", "AT&T R&D", "a&b;c", "&", "&;", "&&amp;;", "&#;", "&#x;",
    "this&not that", "&notit; &notin; &notin", "&amp;lt;b&amp;gt;", "&amp;amp;amp;amp; deep", "&ampamp; &amplt", "P&EACUTE;REZ", "&NTILDE; &nTILDE; &SZLIG; &GTDOT; &ALPHA; &HELLIP;",
    "&#8217; &#x2019; &#146; &#x92; &#133;", "&#0; a", "a&#1;b", "a&#13;b", "a&#11;b", "a&#127;b", "&#xD800;x", "&#x110000;x", "&#99999999999999999999;x", "&#xFFFE;x", "&#xFDD0;x",
    "&#59;", "&#59", "&#38;amp;", "&#38amp;", "&hellip; &mdash; &trade; &euro; &frac12; &NotEqualTilde; &CounterClockwiseContourIntegral;", "&NewLine;&Tab;x", "&fjlig;&filig;ord",
    "<b>Tom &amp; Jerry</b>", "<b>&rsquo;s &amp;amp; &hellip</b>", "first &EACUTE;\n<b>second &EACUTE;</b>\nthird &EACUTE;", "a &EACUTE;\r<b>", "&lt;b&gt; &EACUTE;", "<&#xFEFF;>", "< &#x85; &#10; &#12; x",
    "ＨＥＬＬＯ ｗｏｒｌｄ！", "＆ａｍｐ；", "￥￦￠￡", "ﾊﾟﾋﾟ ｶﾞ", "ﾡﾢ", "￩￪", "ﬁsh ﬂow ﬀ ﬃ ﬄ ﬅ ﬆ", "'ﬅ", "ĲSSEL ĳs", "Ǆ ǅ ǆ Ǉ ǈ ǉ Ǌ ǋ ǌ Ǳ ǲ ǳ", "ﬓ ﬔ", "K Å Ω",
    "\x1b[31mred\x1b[0m cat", "\x1b[1;32mgreen\x1b[m", "\x1b]0;title\x07x", "\x1b[١mx", "a\x0bb", "a\x08b", "ca\x00t", "a\x0cb", "\ufeffcat", "ca\ufefft", "a\ufffcb", "a\ufff9b\ufffac\ufffb", "a\u206ab",
    "wait\x85 what", "\x91quoted\x92", "\x93x\x94", "\x80 5", "a\x81b", "a\u2028b\u2029c", "<|ENDOFTEXT|>", "<|StartOfText|> x", "a<|EndOfText|>b", "<|ſtartoftext|>", "&lt;|endoftext|&gt;",
    "ΣΣΣ", "ΟΔΥΣΣΕΥΣ ΣΟΦΟΣ", "Σ", "ΑΣ. ΑΣ'Α", "İ I ı", "IT’S THE DOG’S", "don‘t", "'ſ 'S", "x\u0345'", "ͅα", "a\x1cb\x1d", "cafe\u0301 \u1100\u1161", "\u212b \u2126", "   \u00a0\u3000 x \u3000",
    "price: 5 &euro; &lt; 6 &pound;", "it&apos;s &ldquo;fine&rdquo;", "Rock &amp;&amp; Roll", "fish &chips", "q=a&copy=1&reg=2&lt=3", "&quot;a photo&quot; of &#39;it&#39;", "¿qué? ¡sí!", "naïve café — déjà vu…",
]

WORDS = """a the of photo picture red green blue circle square left right above below two three cat dog house rocket coffee drawing
background white black small large yellow old woman man running through snow-covered mountains at sunset; Eiffel Tower (Paris) Tokyo's
neon-lit streets don’t “it” &amp; &lt; ﬁne Ｆ don't it's we're 42 1st 2nd café naïve über 猫 犬 写真 고양이 😀 🚀 ❤️ ... -- & @ # http://x.yz/q?a=1 the, The THE""".split()
ALPHABETS = [
    [chr(c) for c in range(0x20, 0x7F)],
    [chr(c) for c in range(0x00, 0x250)],
    [chr(c) for c in range(0x300, 0x370)] + list("aeiounc "),
    [chr(c) for c in range(0x370, 0x530)],
    [chr(c) for c in range(0x590, 0x700)] + [" "],
    [chr(c) for c in range(0x900, 0xE80)] + [" "],
    [chr(c) for c in range(0x1E00, 0x2300)],
    [chr(c) for c in range(0x3000, 0x3100)] + [chr(c) for c in range(0x4E00, 0x4F00)] + [chr(c) for c in range(0xAC00, 0xAC80)],
    [chr(c) for c in range(0x1F300, 0x1F700)] + ["\u200d", "\ufe0f", " ", "a"],
    list("&&&;#x<38abmpltgoqun \n"),
    list("’‘“”ʼﬁﬅŉǆＡｂ＆；ﾊﾟΣσ \x1b[1m\x92\ufeff"),
    ["'", "s", "t", "r", "e", "v", "m", "l", "d", " ", "S", "!", "1"],
    [" ", "\t", "\n", "\u00a0", "\u2009", "\u3000", "a", ".", "\u0085", "\u001c", "\u200b", "\ufeff"],
]


def drawn(rng):
    for _ in range(150):
        yield " ".join(rng.choice(WORDS) for _ in range(rng.randint(1, 24)))
    for alphabet in ALPHABETS:
        for _ in range(20):
            yield "".join(rng.choice(alphabet) for _ in range(rng.randint(1, 40)))
    for _ in range(60):
        points = (rng.choice([rng.randrange(0x20, 0xD800), rng.randrange(0xE000, 0x11000), rng.randrange(0x11000, 0x20000)]) for _ in range(12))
        yield "".join(map(chr, points))
    for count in (1, 2, 3, 7):
        words = [rng.choice(WORDS) for _ in range(2000)]
        yield (" " * count).join(words)[:2000]
    yield "a" * 2000
    yield "ab " * 700
    yield "😀" * 500
    yield "猫" * 2000
    yield "!" * 2000
    yield "1" * 2000
    yield "".join(rng.choice(ALPHABETS[0]) for _ in range(2000))
    yield "".join(rng.choice(ALPHABETS[1]) for _ in range(2000))


def assigned(text):
    return "".join(character for character in text if unicodedata.category(character) != "Cn")


def misread(text):
    return ftfy.fix_text(text) != ftfy.fix_text(text, fix_encoding=False)


def main():
    tokenizer = SimpleTokenizer()
    lists = [PLAIN, ACCENTS, CJK, EMOJI, CONTROL, SPACES, ENTITIES, SPECIAL, APOSTROPHES, MENDED]
    drawings = map(assigned, drawn(random.Random(20240607)))
    texts = [text for text in dict.fromkeys([*sum(lists, []), *drawings]) if not misread(text)]
    cases = [{"text": text, "ids": [START, *tokenizer.encode(text), END]} for text in texts]
    lines = "\n".join(json.dumps(case, separators=(",", ":")) for case in cases)
    (HERE / "tokens.jsonl").write_text(lines + "\n", encoding="ascii")
    print(len(cases), "texts")


if __name__ == "__main__":
    main()
