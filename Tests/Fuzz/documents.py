"""Mutated documents: number n of a seed is always the same bytes."""
import random
import re
import struct
import zipfile
import zlib
from io import BytesIO

import bombs
import seeds

NUMBERS = [
    "1e309", "-1e309", "1e18", "-1e18", "1e19", "9e18", "NaN", "nan", "inf", "-0", "0.0000000000001", "1e-320", "-1", "0", "1", "255", "256", "32768", "65535",
    "65536", "2147483647", "2147483648", "-2147483649", "4294967296", "9223372036854775807", "9223372036854775808", "-9223372036854775809",
    "18446744073709551616", "999999999999999999999999999999", "0x7fffffff", "1.7976931348623157e308", "٣", "１２", "Ⅷ", "²", "",
]
STRINGS = [
    b"\0", b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"\xc0\xaf", b"\xe2\x80\xae", b"\xcc\x81" * 300,
    b"\xe2\x80\x8d" * 200, b"\xef\xb8\x8f" * 500, b"\xf0\x9f\x91\xa9\xe2\x80\x8d" * 40, b"\r", b"\x0c", b"\x1b$B", b"&#xD800;", b"&#1114112;", b"&amp" * 50,
    b"<![CDATA[", b"]]>", b"<!--", b"-->", b"<!DOCTYPE a [<!ENTITY b 'c'>", b"%PDF-", b"PK\x03\x04", b"{\\rtf", b"```", b"](", b"[^", b"|---|", b"\n\n", b"-\n",
    b"<table>", b"</table>", b"<td colspan=1000000000 rowspan=1000000000>", b"<ol start=9223372036854775807><li>", b"<svg>", b"<title>", b"<pre>",
    b"a" * 5000, b"9" * 400, b"(" * 500, b"[" * 500, b"<" * 300, b"<b>" * 200, b"*" * 300, b"_a" * 200, b"`" * 65, b"> " * 200, b"- " * 200, b"\t" * 100,
]
WORDS = [b"obj", b"endobj", b"stream", b"endstream", b"xref", b"trailer", b"/Kids", b"/Parent", b"/Length", b"/Count", b"/MediaBox", b"/Contents", b"Tj", b"TJ",
         b"Tf", b"Td", b"Tm", b"cm", b"re", b"q", b"Q", b"BT", b"ET", b"/Type", b"R"]
NUMBER = re.compile(rb"-?\d+(?:\.\d+)?")
VALUE = re.compile(rb'"[^"<>]{0,200}"')


class Documents:
    """- Parameter root: the repository, whose files are seeds too."""

    def __init__(self, root, seed):
        self.seed, self.seeds = seed, seeds.load(root)
        self.formats = ["pdf", "docx", "html", "md", "txt", "eml", "mbox", "json", "jsonl", "xml", "srt", "ipynb", "zip", "tar", "png"]

    def make(self, number):
        """Name and bytes of a document."""
        chance = random.Random(f"{self.seed}-document-{number}")
        format = self.formats[number % len(self.formats)]
        if chance.random() < 0.04:
            title, ending, data = bombs.make(chance)
            return f"{title}-{number}.{ending}", data
        if chance.random() < 0.02 and self.seeds["other"]:
            format = "other"
        data = chance.choice(self.seeds[format])
        change = {"docx": self.docx, "pdf": self.pdf, "zip": self.archive, "tar": self.bytes, "png": self.bytes}.get(format, self.text)
        data = change(chance, data)
        ending = "bin" if format == "other" else format
        if chance.random() < 0.03:
            ending = chance.choice(["", "pdf", "docx", "txt", "md", "html", "exe"])
        return f"{format}-{number}.{ending}", data or b"x"

    # Any bytes

    def bytes(self, chance, data, rounds=None):
        data = bytearray(data)
        for _ in range(rounds or chance.choice((1, 1, 2, 4, 12))):
            kind = chance.randrange(9)
            place = chance.randrange(len(data) + 1)
            if kind == 0 and data:
                for _ in range(chance.choice((1, 3, 40))):
                    data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
            elif kind == 1 and len(data) > 4:
                del data[chance.randrange(len(data) // 4, len(data)) :]
            elif kind == 2:
                del data[place : place + chance.choice((1, 2, 16, 200))]
            elif kind == 3:
                block = bytes(data[place : place + chance.choice((1, 7, 40, 300))])
                data[place:place] = block * chance.choice((2, 10, 100, 600))
            elif kind == 4:
                data[place:place] = chance.choice(STRINGS)
            elif kind == 5:
                other = chance.choice(self.seeds[chance.choice(self.formats)])
                start = chance.randrange(len(other))
                data[place:place] = other[start : start + chance.choice((10, 200, 2000))]
            elif kind == 6:
                data = bytearray(self.number(chance, bytes(data)))
            elif kind == 7 and len(data) > 8:
                end = chance.randrange(place, min(place + 300, len(data)) + 1) if place < len(data) else place
                piece = list(data[place:end])
                chance.shuffle(piece)
                data[place:end] = bytes(piece)
            else:
                data[place:place] = chance.randbytes(chance.choice((1, 4, 60)))
        return bytes(data[:2_000_000])

    def number(self, chance, data, pattern=NUMBER):
        """One number, or all that are alike, with another in its place."""
        found = list(pattern.finditer(data[:400_000]))
        if not found:
            return data
        for match in sorted(chance.sample(found, min(len(found), chance.choice((1, 1, 3, 20)))), key=lambda one: -one.start()):
            data = data[: match.start()] + chance.choice(NUMBERS).encode() + data[match.end() :]
        return data

    def text(self, chance, data):
        data = self.bytes(chance, data)
        if chance.random() < 0.1:
            data = self.transcoded(chance, data)
        return data

    def transcoded(self, chance, data):
        """Another encoding than it says, with the right mark, a wrong one or none."""
        text = data.decode("utf-8", "surrogateescape")
        code = chance.choice(["utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be", "utf-7", "cp1252", "shift_jis", "gb18030", "iso-2022-jp", "koi8-r", "cp037"])
        mark = chance.choice([b"", b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf", b"\0\0\xfe\xff", b"\xff\xfe\0\0"])
        return mark + text.encode(code, "replace") + chance.choice([b"", b"\0", b"\xd8", b"\xd8\0"])

    # PDF

    def pdf(self, chance, data):
        kind = chance.randrange(6)
        if kind == 0:
            return seeds.pdf([self.content(chance) for _ in range(chance.choice((1, 1, 2, 30)))])
        if kind == 1:
            data = self.number(chance, data)
        elif kind == 2:
            found = [match for word in WORDS for match in re.finditer(re.escape(word), data[:200_000])]
            if found:
                match = chance.choice(found)
                data = data[: match.start()] + chance.choice(WORDS) + data[match.end() :]
        elif kind == 3:
            data = self.stream(chance, data)
        else:
            return self.bytes(chance, data)
        return data if chance.random() < 0.6 else self.bytes(chance, data, 1)

    def content(self, chance):
        """A page of operators with numbers that no page has."""
        def n():
            return chance.choice(NUMBERS) if chance.random() < 0.4 else str(chance.randrange(-2000, 2000))

        lines = ["BT /F1 12 Tf 72 700 Td"]
        for _ in range(chance.choice((1, 5, 60))):
            word = chance.choice(["(Word)", "(a-)", "(" + "W" * chance.choice((1, 200, 3000)) + ")", "(1.)", "(....)", "()", "<FEFF0041>", "(\\377\\376)"])
            lines.append(chance.choice([
                f"/F1 {n()} Tf", f"{n()} {n()} Td", f"{n()} {n()} {n()} {n()} {n()} {n()} Tm", f"{n()} Tz", f"{n()} TL T*", f"{n()} Tw", f"{n()} Tc",
                f"{n()} Ts", f"{n()} Tr", f"[{word} {n()} {word}] TJ", f"{n()} {n()} {n()} {n()} {n()} {n()} cm", "q", "Q", f"{word} '",
            ]))
            lines.append(f"{word} Tj")
        return "\n".join(lines + ["ET"])

    def stream(self, chance, data):
        """Unpacks a stream, mutates it, and packs it again."""
        found = list(re.finditer(rb"stream\r?\n", data))
        for match in chance.sample(found, min(len(found), 6)):
            end = data.find(b"endstream", match.end())
            try:
                plain = zlib.decompress(data[match.end() : end])
            except zlib.error:
                continue
            packed = zlib.compress(self.bytes(chance, self.number(chance, plain), 1), 1)
            # The length that stands before it is now another; readers look for the end.
            return data[: match.end()] + packed + b"\n" + data[end:]
        return self.bytes(chance, data)

    # DOCX

    def docx(self, chance, data):
        if chance.random() < 0.12:
            return self.bytes(chance, data)
        try:
            with zipfile.ZipFile(BytesIO(data)) as archive:
                parts = {name: archive.read(name) for name in archive.namelist() if name.endswith(".xml") and archive.getinfo(name).file_size < 300_000}
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError):
            return self.bytes(chance, data)
        telling = [name for name in parts if name.startswith(("word/", "docProps/"))]
        for _ in range(chance.choice((1, 1, 2, 3))):
            name = chance.choice(telling)
            part = parts[name]
            kind = chance.randrange(5)
            if kind == 0:
                part = self.number(chance, part, VALUE) if chance.random() < 0.3 else self.number(chance, part)
            elif kind == 1:
                part = self.repeated(chance, part)
            elif kind == 2:
                part = self.nested(chance, part)
            else:
                part = self.bytes(chance, part, chance.choice((1, 3)))
            parts[name] = part[:2_000_000]
        packed = seeds.zipped(parts, zipfile.ZIP_DEFLATED if chance.random() < 0.1 else zipfile.ZIP_STORED)
        return self.headers(chance, packed) if chance.random() < 0.1 else packed

    def archive(self, chance, data):
        """Other bytes, or lies in the archive's own numbers."""
        return self.headers(chance, data) if chance.random() < 0.4 else self.bytes(chance, data)

    def repeated(self, chance, part):
        """One element many times."""
        found = list(re.finditer(rb"<w:(p|tr|tc|tbl|r|lvl|style|footnote|num)[ >]", part))
        if not found:
            return part
        match = chance.choice(found)
        closing = b"</w:" + match.group(1) + b">"
        end = part.find(closing, match.end())
        if end < 0:
            return part
        piece = part[match.start() : end + len(closing)]
        return part[: match.start()] + piece * min(chance.choice((3, 50, 1000)), 400_000 // len(piece) + 1) + part[match.start() :]

    def nested(self, chance, part):
        """An element within itself, many times."""
        tag = chance.choice([b"w:p", b"w:tbl", b"w:tc", b"w:r", b"w:del", b"mc:Fallback", b"w:txbxContent", b"w:sdt", b"a:b"])
        place = part.find(b"<w:p>", chance.randrange(len(part) + 1))
        place = place if place >= 0 else len(part) // 2
        depth = chance.choice((2, 30, 500, 5000))
        return part[:place] + (b"<" + tag + b">") * depth + (b"</" + tag + b">") * chance.choice((depth, depth - 1, 0)) + part[place:]

    def headers(self, chance, data):
        """Lies in the archive's own numbers."""
        data = bytearray(data)
        for signature, places in ((b"PK\x01\x02", (8, 10, 20, 24, 28, 30, 32, 42)), (b"PK\x03\x04", (6, 8, 18, 22, 26, 28)), (b"PK\x05\x06", (8, 10, 12, 16, 20))):
            start = data.find(signature)
            if start >= 0 and chance.random() < 0.5:
                place = start + chance.choice(places)
                value = chance.choice((0, 1, 0x7FFF, 0xFFFF, 0x7FFFFFFF, 0xFFFFFFFF, len(data), len(data) - 1))
                data[place : place + 4] = struct.pack("<I", value)
        return bytes(data)
