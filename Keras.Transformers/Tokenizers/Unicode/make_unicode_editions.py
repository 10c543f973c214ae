"""Makes UnicodeFast.txt and UnicodeSlow.txt: what Hugging Face's fast and slow tokenizers know about every code point.

    python make_unicode_editions.py fast > UnicodeFast.txt     (package tokenizers; made with 0.20.3)
    python make_unicode_editions.py slow > UnicodeSlow.txt     (package transformers; made with 4.46.3 on Python 3.11, Unicode 14)

The facts are those of Unicode, but of the editions that the references were built with: the fast tokenizer's punctuation and mark
categories are older than its decompositions. So they are asked of its components, one code point at a time, instead of being taken
from one edition of the Unicode database. A rerun gives the same bytes.
"""
import sys
import unicodedata

SCALARS = [c for c in range(0x110000) if not 0xD800 <= c < 0xE000]
HANGUL = range(0xAC00, 0xAC00 + 11172)  # decomposed by rule

# One mark of each combining class; a class is recognised by how NFD orders a mark among these.
ONE_OF_EACH_CLASS = {
    0x0334: 1, 0x093C: 7, 0x3099: 8, 0x094D: 9, 0x05B0: 10, 0x05B1: 11, 0x05B2: 12, 0x05B3: 13, 0x05B4: 14, 0x05B5: 15, 0x05B6: 16,
    0x05B7: 17, 0x05B8: 18, 0x05B9: 19, 0x05BB: 20, 0x05BC: 21, 0x05BD: 22, 0x05BF: 23, 0x05C1: 24, 0x05C2: 25, 0xFB1E: 26, 0x064B: 27,
    0x064C: 28, 0x064D: 29, 0x064E: 30, 0x064F: 31, 0x0650: 32, 0x0651: 33, 0x0652: 34, 0x0670: 35, 0x0711: 36, 0x0C55: 84, 0x0C56: 91,
    0x0E38: 103, 0x0E48: 107, 0x0EB8: 118, 0x0EC8: 122, 0x0F71: 129, 0x0F72: 130, 0x0F74: 132, 0x0321: 202, 0x1DCE: 214, 0x031B: 216,
    0x302A: 218, 0x0316: 220, 0x059A: 222, 0x302E: 224, 0x1D16D: 226, 0x05AE: 228, 0x0301: 230, 0x0315: 232, 0x035C: 233, 0x035D: 234,
    0x0345: 240,
}


class Fast:
    name = "fast tokenizers (tokenizers 0.20.3)"

    def __init__(self):
        from tokenizers import normalizers, pre_tokenizers
        def bert(**on):
            options = dict(clean_text=False, handle_chinese_chars=False, strip_accents=False, lowercase=False)
            return normalizers.BertNormalizer(**{**options, **on}).normalize_str
        self.clean, self.chinese, self.strip = bert(clean_text=True), bert(handle_chinese_chars=True), bert(strip_accents=True)
        self.nfd = normalizers.NFD().normalize_str
        pieces = pre_tokenizers.BertPreTokenizer().pre_tokenize_str
        self.is_space = lambda c: len(pieces("a" + c + "a")) == 2
        self.is_punctuation = lambda c: len(pieces("a" + c + "a")) == 3
        byte_level = pre_tokenizers.ByteLevel(add_prefix_space=False).pre_tokenize_str
        self.is_letter = lambda c: len(byte_level("a" + c + "a")) == 1
        self.is_number = lambda c: len(byte_level("1" + c + "1")) == 1
        self.classes = self.find_classes()
        self.compositions = []

    def find_classes(self):
        def moves(first, second):
            return first != second and self.nfd("a" + first + second) == "a" + second + first

        def rank(c):  # the number of known classes above its own
            return sum(moves(chr(m), c) for m in ONE_OF_EACH_CLASS)

        class_of_rank = {rank(chr(m)): value for m, value in ONE_OF_EACH_CLASS.items()}
        whole = [chr(c) for c in SCALARS if self.nfd(chr(c)) == chr(c)]
        marks = [c for c in whole if moves("\u0345", c) or moves("\u0301", c) or moves(c, "\u0334")]
        return {ord(c): class_of_rank[rank(c)] for c in marks}


class Slow:
    name = "slow BERT tokenizer (transformers 4.46.3, Unicode 14)"

    def __init__(self):
        from transformers.models.bert import tokenization_bert as bert
        basic = bert.BasicTokenizer(do_lower_case=False)
        self.clean, self.strip = basic._clean_text, basic._run_strip_accents
        self.chinese = basic._tokenize_chinese_chars
        self.nfd = lambda text: unicodedata.normalize("NFD", text)
        self.is_space = str.isspace
        self.is_punctuation = bert._is_punctuation
        self.classes = {c: unicodedata.combining(chr(c)) for c in SCALARS if unicodedata.combining(chr(c)) and self.nfd(chr(c)) == chr(c)}
        self.compositions = self.find_compositions()

    def find_compositions(self):
        for c in SCALARS:
            parts = unicodedata.decomposition(chr(c)).split()
            if len(parts) == 2 and parts[0][0] != "<" and unicodedata.normalize("NFC", chr(c)) == chr(c):
                yield f"{parts[0].lstrip('0')}.{parts[1].lstrip('0')}={c:X}"


def ranges(points):
    runs = []
    for c in sorted(points):
        if runs and runs[-1][1] == c - 1:
            runs[-1][1] = c
        else:
            runs.append([c, c])
    return " ".join(f"{a:X}" if a == b else f"{a:X}-{b:X}" for a, b in runs)


def main(source):
    def those(test):
        return ranges(c for c in SCALARS if test(chr(c)))

    print(f"# What Hugging Face's {source.name} knows about code points. Made by make_unicode_editions.py; do not edit.")
    print("removed", those(lambda c: source.clean(c) == ""))
    print("space", those(source.is_space))
    print("punctuation", those(source.is_punctuation))
    print("ideograph", those(lambda c: source.chinese(c) != c))
    print("mark", those(lambda c: source.nfd(c) == c and source.strip(c) == ""))
    if isinstance(source, Fast):
        print("letter", those(source.is_letter))
        print("number", those(source.is_number))
    for value in sorted(set(source.classes.values())):
        print("class", value, ranges(c for c, v in source.classes.items() if v == value))
    print("decomposition", " ".join(
        f"{c:X}=" + ".".join(f"{ord(d):X}" for d in source.nfd(chr(c))) for c in SCALARS if c not in HANGUL and source.nfd(chr(c)) != chr(c)))
    if compositions := list(source.compositions):
        print("composition", " ".join(compositions))


main({"fast": Fast, "slow": Slow}[sys.argv[1]]())
