"""Documents made to cost much: each kind in sizes that a person could send by the thousand."""
import io
import struct
import warnings
import zipfile
import zlib

import seeds
from seeds import WORD, docx, paragraph, zipped


def make(chance):
    """Title, ending and bytes of one of them."""
    kind = chance.choice(KINDS)
    return (kind.__name__.replace("_", "-"), *kind(chance))


def scale(chance, *sizes):
    return chance.choice(sizes)


# Text and Markdown

def hyphens(chance):
    return "txt", (b"a" * 49 + b"-\n") * scale(chance, 100, 2000, 20000)


def hyphen_list(chance):
    return "txt", b"- one\n" + b"ab-\n" * scale(chance, 1000, 50000)


def long_line(chance):
    return "txt", chance.choice([b"a", b"a ", b"\xe7\x94\xb0", b"\xcc\x81", b"\xe2\x80\x8d", b"1.", b"\"", b". ", b"-", b"\xe2\x80\xae"]) * scale(chance, 10_000, 300_000)


def one_character(chance):
    """A letter under more marks than a page has letters."""
    mark = chance.choice([b"\xcc\x81", b"\xef\xb8\x8f", b"\xe2\x80\x8d", b"\xcd\x8f"])
    return "md", b"# A" + mark * scale(chance, 1000, 60_000) + b"\n\n" + b"The office opens at nine o'clock. " * scale(chance, 10, 3000)


def long_heading(chance):
    return "md", b"# " + b"word " * scale(chance, 1000, 40_000) + b"\n\n" + b"The office opens at nine o'clock.\n\n" * scale(chance, 10, 3000)


def long_header_row(chance):
    return "md", b"| a" + b"\xef\xb8\x8f" * scale(chance, 1000, 60_000) + b" | b |\n|---|---|\n" + b"| one cell | another cell of the row |\n" * 3000


def backticks(chance):
    return "md", b"x " + b" ".join(b"`" * n + b" a" for n in range(scale(chance, 50, 500, 1500), 0, -1))


def brackets(chance):
    count = scale(chance, 1000, 50_000)
    return "md", chance.choice([b"[" * count + b"](" * count, b"[a](" * count, b"![" * count + b"]" * count, b"[" * count, b"[[a]]" * count, b"[^a]: b\n" * count])


def emphasis(chance):
    count = scale(chance, 1000, 60_000)
    return "md", chance.choice([b"*a **b " * count, b"*" * count + b"a" + b"*" * count, b"_a" * count, b"**a" * count + b"b**" * count, b"~~a~ " * count])


def quotes(chance):
    depth = scale(chance, 100, 5000)
    return "md", chance.choice([b"> " * depth + b"a", b"\n".join(b">" * n + b" a" for n in range(1, 500)), b"- " * depth + b"a", b"\n".join(b" " * n + b"- a" for n in range(800))])


def wide_table(chance):
    columns = scale(chance, 100, 20_000)
    return "md", b"|a" * columns + b"|\n" + b"|-" * columns + b"|\n" + (b"|b" * columns + b"|\n") * scale(chance, 1, 10)


def front_matter(chance):
    return "md", b"---\n" + b"title: " + b"t" * scale(chance, 500, 100_000) + b"\n---\n" + b"a paragraph of text\n\n" * 2000


def tags(chance):
    return "md", chance.choice([b"<a ", b"<!--", b"<div>\n", b"<b", b"&amp", b"&#x110000;", b"\\", b"<http://a", b"~~~\n"]) * scale(chance, 1000, 100_000)


# HTML

def nested_tables(chance):
    depth = scale(chance, 100, 3000, 20_000)
    return "html", b"<html><body>" + b"<table><tr><td>x" * depth + b"y " * scale(chance, 1000, 100_000)


def nested_elements(chance):
    tag = chance.choice([b"div", b"b", b"ul><li", b"blockquote", b"pre", b"svg", b"p", b"a", b"title", b"table", b"td", b"article"])
    return "html", b"<html><body>" + (b"<" + tag + b">") * scale(chance, 1000, 100_000) + b"text" + b"</div>" * 10


def spans(chance):
    size = chance.choice([b"1000000000", b"65534", b"-1", b"18446744073709551616"])
    return "html", b"<html><table>" + (b"<tr>" + b"<td colspan=" + size + b" rowspan=" + size + b">a" * 3) * scale(chance, 2, 2000)


def attributes(chance):
    count = scale(chance, 1000, 60_000)
    return "html", chance.choice([b"<html><p " + b"a=b " * count + b">x", b"<html><p " + b" ".join(b"a%d=1" % n for n in range(count)) + b">x",
                                  b"<html><p style='" + b"display : none;" * count + b"'>x", b"<html><p class='" + b"a " * count + b"'>x", b"<html><p a='" + b"&" * count + b"'>x"])


def unclosed(chance):
    return "html", b"<html><body>a" + chance.choice([b"<!--", b"<![CDATA[", b"<script>", b"<title>", b"<a href='", b"<!DOCTYPE", b"</", b"<?", b"<textarea><"]) * scale(chance, 1, 50_000)


def charset(chance):
    name = chance.choice(["utf-7", "utf-16", "ucs-4", "iso-2022-cn-ext", "iso-2022-kr", "tscii", "ibm1364", "ibm1390", "euc-kr", "big5-hkscs", "x" * 40, "utf-8//translit", "hz-gb-2312", "johab", "cp1255"])
    return "html", f'<html><meta charset="{name}"><p>'.encode() + chance.randbytes(scale(chance, 100, 20_000)).replace(b"\0", b" ").replace(b"<", b"\x1b")


def entities(chance):
    declared = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10 if n else "ha"}">' for n in range(10))
    return chance.choice(["html", "txt"]), f'<?xml version="1.0"?><!DOCTYPE html [{declared}]><html><body>&e9;<p>text</p></body></html>'.encode()


# DOCX

def styles_in_circles(chance):
    names = ["S" * scale(chance, 1, 5000) + str(n) for n in range(20)]
    styles = f'<w:styles xmlns:w="{WORD}">' + "".join(
        f'<w:style w:type="paragraph" w:styleId="{"a" if n == 0 else names[n]}"><w:name w:val="n{n}"/><w:basedOn w:val="{names[(n + 1) % 20]}"/></w:style>' for n in range(20)) + "</w:styles>"
    return "docx", docx(paragraph("a", '<w:pStyle w:val="a"/>') * scale(chance, 10, 5000), zipfile.ZIP_DEFLATED, styles=styles)


def note_many_times(chance):
    notes = f'<w:footnotes xmlns:w="{WORD}"><w:footnote w:id="1"><w:p><w:r><w:t>{"note " * scale(chance, 10, 20_000)}</w:t></w:r></w:p></w:footnote></w:footnotes>'
    body = "<w:p><w:r><w:t>a</w:t>" + '<w:footnoteReference w:id="1"/>' * scale(chance, 10, 3000) + "</w:r></w:p>"
    return "docx", docx(body, zipfile.ZIP_DEFLATED, footnotes=notes)


def numbering(chance):
    pattern = chance.choice(["%1" * scale(chance, 2, 5000), "".join(f"%{n}" for n in range(1, 10)) * scale(chance, 1, 500), "%9223372036854775808", "%"])
    start, level = chance.choice(["1", "9999", "9223372036854775807", "-5", "18446744073709551616"]), chance.choice(["0", "8", "9", "-1", "99999999999"])
    numbers = (
        f'<w:numbering xmlns:w="{WORD}"><w:abstractNum w:abstractNumId="0">'
        + "".join(f'<w:lvl w:ilvl="{n}"><w:start w:val="{start}"/><w:numFmt w:val="{chance.choice(["upperLetter", "lowerRoman", "decimal", "x"])}"/><w:lvlText w:val="{pattern}"/></w:lvl>' for n in range(9))
        + '</w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num></w:numbering>')
    item = paragraph("a", f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="1"/></w:numPr>')
    return "docx", docx(item * scale(chance, 3, 1000), zipfile.ZIP_DEFLATED, numbering=numbers)


def docx_tables(chance):
    depth = scale(chance, 20, 2000)
    cell = "<w:tbl><w:tr><w:tc>" + paragraph("x")
    return "docx", docx(cell * depth + paragraph("y " * scale(chance, 10, 20_000)) + "</w:tc></w:tr></w:tbl>" * depth, zipfile.ZIP_DEFLATED)


def page_breaks(chance):
    return "docx", docx("<w:p><w:r><w:t>a</w:t>" + "<w:lastRenderedPageBreak/>" * scale(chance, 100, 100_000) + "<w:t>b</w:t></w:r></w:p>", zipfile.ZIP_DEFLATED)


def docx_tags(chance):
    return "docx", docx(chance.choice(["<w:p>", "<w:tbl>", "<w:del>", "<w:p><w:r><w:t>a", "</w:p>", "<!ENTITY a 'b'>", "<a xmlns:" + "q" * 200 + f'="{WORD}">']) * scale(chance, 100, 50_000), zipfile.ZIP_DEFLATED)


def zip_ratio(chance):
    return "docx", docx(" " * scale(chance, 1_000_000, 20_000_000) + paragraph("a"), zipfile.ZIP_DEFLATED)


def zip_members(chance):
    parts = seeds.parts_of(paragraph("a"))
    parts.update({f"word/m{n}.xml": b"" for n in range(scale(chance, 100, 20_000))})
    return "docx", zipped(parts)


def zip_duplicates(chance):
    out = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(out, "w") as archive:
        warnings.simplefilter("ignore")
        for n in range(scale(chance, 2, 100)):
            for name, data in seeds.parts_of(paragraph(f"a{n}")).items():
                archive.writestr(zipfile.ZipInfo(name), data)
    return "docx", out.getvalue()


def zip_nested(chance):
    inner = docx(paragraph("a"))
    for _ in range(scale(chance, 2, 10)):
        inner = zipped({"word/document.xml": inner, "word/styles.xml": inner[:1000]})
    return "docx", inner


def zip_lies(chance):
    """A length in the directory that the member does not have."""
    data = bytearray(docx(paragraph("a"), zipfile.ZIP_DEFLATED))
    place = data.find(b"PK\x01\x02")
    for offset in (20, 24, 42):
        if chance.random() < 0.6:
            data[place + offset : place + offset + 4] = struct.pack("<I", chance.choice((0, 1, 0x7FFFFFFF, 0xFFFFFFFF, len(data))))
    return "docx", bytes(data)


def zip_overlap(chance):
    """Many names for one packed member, so that it unpacks again and again."""
    packed = zlib.compressobj(9, zlib.DEFLATED, -15)
    data = packed.compress(b" " * 1_000_000) + packed.flush()
    out = bytearray(struct.pack("<IHHHHHIIIHH", 0x04034B50, 20, 0, 8, 0, 0, 0, len(data), 1_000_000, 1, 0) + b"a" + data)
    start, count = len(out), scale(chance, 10, 5000)
    for n in range(count):
        name = b"word/document.xml" if n == 0 else b"word/%d.xml" % n
        out += struct.pack("<IHHHHHHIIIHHHHHII", 0x02014B50, 20, 20, 0, 8, 0, 0, 0, len(data), 1_000_000, len(name), 0, 0, 0, 0, 0, 0) + name
    return "docx", bytes(out) + struct.pack("<IHHHHIIH", 0x06054B50, 0, 0, count, count, len(out) - start, start, 0)


# PDF

def pdf_boxes(chance):
    box = " ".join(chance.choice(["1e18", "-1e18", "0", "1e309", "nan", "2147483648", "0.0001"]) for _ in range(4))
    return "pdf", seeds.pdf(["BT /F1 12 Tf 1e15 1e15 Td (Word) Tj 1 0 0 1e17 0 0 Tm (Tall) Tj ET"]).replace(b"[0 0 612 792]", f"[{box}]".encode())


def pdf_circles(chance):
    data = seeds.pdf(["BT /F1 12 Tf (a) Tj ET"])
    return "pdf", chance.choice([data.replace(b"/Kids [4 0 R]", b"/Kids [2 0 R 2 0 R]"), data.replace(b"/Contents 5 0 R", b"/Contents 4 0 R"), data.replace(b"/Parent 2 0 R", b"/Parent 4 0 R"),
                                 data.replace(b"/Count 1", b"/Count 2000000000"), data.replace(b"/Length", b"/Length 5 0 R /L")])


def pdf_pages(chance):
    return "pdf", seeds.pdf(["BT /F1 12 Tf (a) Tj ET"] * scale(chance, 10, 2000))


def pdf_forms(chance):
    """Forms that draw forms: ten to the power of their number."""
    depth = scale(chance, 3, 5)
    objects = [b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [4 0 R] /Count 1 /MediaBox [0 0 612 792] >>",
               b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
               b"<< /Type /Page /Parent 2 0 R /Resources << /XObject << /X 6 0 R >> >> /Contents 5 0 R >>", b"<< /Length 5 >>\nstream\n/X Do\nendstream"]
    for n in range(depth):
        content = b"BT /F1 12 Tf (a) Tj ET" if n == depth - 1 else b"/X Do " * 10
        objects.append(b"<< /Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /Font << /F1 3 0 R >> /XObject << /X %d 0 R >> >> /Length %d >>\nstream\n" % (7 + n, len(content)) + content + b"\nendstream")
    return "pdf", seeds.assembled(objects)


def pdf_words(chance):
    words = "\n".join(f"({'a-' if n % 2 else 'b'}) Tj 0 -1 Td" for n in range(scale(chance, 100, 20_000)))
    return "pdf", seeds.pdf([f"BT /F1 12 Tf 72 700 Td {words} ET"])


def pdf_flate(chance):
    content = zlib.compress(b"BT /F1 12 Tf (a) Tj ET " * scale(chance, 1000, 300_000), 9)
    data = seeds.pdf(["@"])
    return "pdf", data.replace(b"/Length 1 >>\nstream\n@", b"/Length %d /Filter /FlateDecode >>\nstream\n" % len(content) + content)


# Several things at once

def polyglot(chance):
    first = chance.choice([b"%PDF-1.4\n", b"<html>", b"# a\n", b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"\xff\xfe", b"GIF89a", b"{\\rtf1", b"From a\nReceived: b\nSubject: c\n"])
    return chance.choice(["pdf", "docx", "html", "txt", "md"]), first + chance.choice([docx(paragraph("a")), seeds.pdf(["BT (a) Tj ET"]), b"<p>a</p>" * 20, b"a\n\n" * 20])


def controls(chance):
    return "txt", chance.choice([b"\0", b"\x1b[31m", b"\x7f", b"\xe2\x80\xa8", b"\xef\xbb\xbf", b"\xed\xa0\x80", b"\xff", b"\x0c", b"\r"]) * scale(chance, 10, 100_000) + b" text"


KINDS = [
    hyphens, hyphen_list, long_line, one_character, long_heading, long_header_row, backticks, brackets, emphasis, quotes, wide_table, front_matter, tags,
    nested_tables, nested_elements, spans, attributes, unclosed, charset, entities, styles_in_circles, note_many_times, numbering, docx_tables, page_breaks,
    docx_tags, zip_ratio, zip_members, zip_duplicates, zip_nested, zip_lies, zip_overlap, pdf_boxes, pdf_circles, pdf_pages, pdf_forms, pdf_words, pdf_flate,
    polyglot, controls,
]
