"""
The texts whose token ids stand in golden.json: each is split otherwise by some tokenizer that is taken for the right one. All of their
characters are older than Unicode 7, whose letters and marks every library agrees on. Left out is what the service cleans otherwise than
ftfy (text read in the wrong encoding) and the names of special tokens, which libraries spell differently.
"""

TOKEN_TEXTS = [
    # Nothing, blanks only, and blanks that ASCII does not have: no-break, em, ideographic, next line, zero width, byte-order mark.
    "",
    " \t\n ",
    "a\u00a0red\u2003cat\u3000on\u0085the\u200bmat\ufeff!",
    "  two  blanks\tand\r\na line  ",
    # Case that is no simple table: final sigma, dotted and dotless i, sharp s.
    "ΟΔΟΣ ΣΑΣ. Σ",
    "İstanbul ISTANBUL ı",
    "STRASSE Straße ẞ",
    # The same letters composed, decomposed, and with marks in another order.
    "café crème mến yêu",
    "cafe\u0301 cre\u0300me me\u0302\u0301n ye\u0302u",
    "a\u0323\u0302 a\u0302\u0323 \u0301x",
    "고양이 사진",
    "\u1100\u1169\u110b\u1163\u11bc\u110b\u1175 \u1109\u1161\u110c\u1175\u11ab",
    "ｶﾞﾊﾟ カ\u3099 Ａｂｃ１２３ ①㍿™ ﬁ",
    # Scripts with marks, joiners or no blanks between words.
    "مُحَمَّد قطة على الطاولة ١٢٣",
    "हिन्दी नमस्ते बिल्ली १२३",
    "แมวบนโต๊ะ ៣ မြန်မာ",
    "שָׁלוֹם חתול",
    "一只猫的照片，猫の写真。𠀀",
    # Pictures of several characters, digits that are none, runs of marks, contractions.
    "👨\u200d👩\u200d👧 👍🏽 🇩🇪🇫🇷 1️⃣ ❤️",
    "3.14159 1,000,000 2024 x² ½ Ⅷ ٣",
    "it's don't WE'LL 'S rock'n'roll I'm they've",
    "don’t “quote” me … — a_b __x__ C++ #tag @you $5 <b>&amp;</b>",
    "!?!?...--- (a) [b] {c} a/b\\c|d",
    # A word that is no word, and what does not fit into any context length.
    "pneumonoultramicroscopicsilicovolcanoconiosis xqzvkj",
    "One of 2 cats isn't sleeping under the café's table, and 猫 is not either; " * 12,
    "ab" * 600,
]
