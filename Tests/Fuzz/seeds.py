"""Files that the mutations begin from: those of the repository, of the data beside it where that is there, and small ones made here."""
import io
import os
import pathlib
import struct
import tarfile
import zipfile
import zlib

LARGEST = 400_000  # Bytes; larger files cost more than they find.
ENDINGS = {".pdf", ".docx", ".html", ".htm", ".md", ".txt", ".eml", ".pptx", ".xlsx", ".epub"}
WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def load(root):
    """Seeds by format: {"pdf": [bytes, …], …}, in an order that is the same every time."""
    root = pathlib.Path(root)
    places = [root / "docs", root / "Tests", root.parent / "shared" / "data" / "documents", root.parent / "shared" / "cases"]
    found = made()
    for place in places:
        for path in sorted(place.rglob("*")) if place.is_dir() else []:
            if path.suffix in ENDINGS and path.is_file() and path.stat().st_size <= LARGEST:
                ending = {".htm": ".html"}.get(path.suffix, path.suffix)[1:]
                found.setdefault(ending if ending in found else "other", []).append(path.read_bytes())
    return found


def made():
    return {
        "pdf": [pdf(["BT /F1 12 Tf 72 700 Td (The office opens at nine.) Tj 0 -14 Td (It closes at five.) Tj ET"]), pdf(PAGES)],
        "docx": [docx(body) for body in (PARAGRAPHS, LIST, TABLE, NOTED)],
        "html": [HTML.encode(), HTML.encode("utf-16"), HTML.replace("utf-8", "windows-1252").encode("cp1252")],
        "md": [MARKDOWN.encode()],
        "txt": [TEXT.encode(code) for code in ("utf-8", "utf-16", "utf-16-le", "utf-32", "utf-8-sig")]
        + [RUSSIAN.encode("koi8-r"), RUSSIAN.encode("cp1251"), JAPANESE.encode("shift_jis"), JAPANESE.encode("iso-2022-jp"), b"caf\xe9 \x93ole\x94\n"],
        "eml": [MAIL.encode(), MAIL.replace("\n", "\r\n").encode()],
        "mbox": [("From a@example.org Wed Jul 16 06:24:10 2008\n" + MAIL + "\n\n").encode() * 3],
        "json": [JSON.encode(), ("[" + ",".join('{"name":"A\\u00e9","age":%d}' % n for n in range(9)) + "]").encode()],
        "jsonl": [b'{"level":"error","text":"pump"}\n{"level":"info","list":[1,2]}\n'],
        "xml": [XML.encode(), XML.encode("utf-16")],
        "srt": [SUBTITLES.encode(), ("WEBVTT\n\n" + SUBTITLES.replace(",", ".")).encode()],
        "ipynb": [NOTEBOOK.encode()],
        "zip": [zipped({"a.txt": TEXT.encode(), "b/c.md": MARKDOWN.encode(), "d.zip": zipped({"e.html": HTML.encode()}), "f.docx": docx(TABLE)})],
        "tar": [tarred({"a.txt": TEXT.encode(), "b/" + "c" * 120 + ".md": MARKDOWN.encode()}, code) for code in (tarfile.GNU_FORMAT, tarfile.PAX_FORMAT)],
        "png": [png(64, 40), png(300, 200)],
        "other": [],
    }


def tarred(parts, format):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=format) as archive:
        for name, data in parts.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(data)
            archive.addfile(entry, io.BytesIO(data))
    return out.getvalue()


def png(width, height):
    """A gray picture with bars."""
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = b"".join(b"\0" + bytes(0 if (x // 9 + y // 14) % 3 == 0 else 255 for x in range(width)) for y in range(height))
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def pdf(pages):
    """A PDF without compression, so that a mutation reaches its operators."""
    objects = [b"<< /Type /Catalog /Pages 2 0 R >>"]
    kids = " ".join(f"{4 + 2 * number} 0 R" for number in range(len(pages)))
    objects.append(f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} /MediaBox [0 0 612 792] >>".encode())
    objects.append(b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>")
    for number, content in enumerate(pages):
        objects.append(f"<< /Type /Page /Parent 2 0 R /Resources << /Font << /F1 3 0 R >> >> /Contents {5 + 2 * number} 0 R >>".encode())
        objects.append(f"<< /Length {len(content)} >>\nstream\n{content}\nendstream".encode())
    return assembled(objects)


def assembled(objects, trailer=b""):
    out, places = bytearray(b"%PDF-1.4\n"), []
    for number, content in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n" % number + content + b"\nendobj\n"
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    return bytes(out) + b"trailer\n<< /Size %d /Root 1 0 R %s >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, trailer, start)


def zipped(parts, method=zipfile.ZIP_STORED):
    """Stored, so that making it costs nothing and a mutation of the XML stays one."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method, compresslevel=1) as archive:
        for name, data in parts.items():
            archive.writestr(zipfile.ZipInfo(name), data, method)
    return out.getvalue()


def parts_of(body, **more):
    """The members of a Word document with this XML between `w:body` and its end."""
    types = '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'
    parts = {"[Content_Types].xml": types, "word/document.xml": f'<?xml version="1.0"?><w:document xmlns:w="{WORD}"><w:body>{body}</w:body></w:document>'}
    parts["word/styles.xml"] = more.pop("styles", STYLES)
    parts["word/numbering.xml"] = more.pop("numbering", NUMBERING)
    parts["word/footnotes.xml"] = more.pop("footnotes", NOTES)
    parts["docProps/core.xml"] = more.pop("core", CORE)
    return {name: part.encode() if isinstance(part, str) else part for name, part in parts.items()}


def docx(body, method=zipfile.ZIP_STORED, **more):
    return zipped(parts_of(body, **more), method)


def paragraph(text, properties=""):
    return f"<w:p><w:pPr>{properties}</w:pPr><w:r><w:t xml:space=\"preserve\">{text}</w:t></w:r></w:p>"


PAGES = [
    "BT /F1 24 Tf 72 720 Td (Handbook) Tj /F1 11 Tf 0 -40 Td (1. Opening hours) Tj 0 -14 Td (The office opens at nine and closes at five, ex-) Tj "
    "0 -14 Td (cept on Fridays.) Tj ET",
    "q 1 0 0 1 0 0 cm BT /F1 11 Tf 72 720 Td [(Vis) -250 (itors)] TJ 14 TL T* (sign the book.) Tj 100 Tz 2 Tw 1 Tc ET Q 0 0 100 100 re f",
]
STYLES = (
    f'<w:styles xmlns:w="{WORD}"><w:style w:type="paragraph" w:styleId="H1"><w:name w:val="heading 1"/><w:pPr><w:outlineLvl w:val="0"/></w:pPr></w:style>'
    '<w:style w:type="paragraph" w:styleId="H2"><w:name w:val="heading 2"/><w:basedOn w:val="H1"/></w:style>'
    '<w:style w:type="paragraph" w:styleId="L"><w:name w:val="List Number"/><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style></w:styles>'
)
NUMBERING = (
    f'<w:numbering xmlns:w="{WORD}"><w:abstractNum w:abstractNumId="0"><w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="decimal"/>'
    '<w:lvlText w:val="%1."/></w:lvl><w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="lowerRoman"/><w:lvlText w:val="%1.%2)"/></w:lvl>'
    '</w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num></w:numbering>'
)
NOTES = f'<w:footnotes xmlns:w="{WORD}"><w:footnote w:id="1"><w:p><w:r><w:t>A note below.</w:t></w:r></w:p></w:footnote></w:footnotes>'
CORE = '<cp:coreProperties xmlns:dc="x"><dc:title>Handbook</dc:title><dc:creator>Ada</dc:creator><dcterms:created>2024-05-01T10:00:00Z</dcterms:created></cp:coreProperties>'
PARAGRAPHS = paragraph("Opening hours", '<w:pStyle w:val="H1"/>') + paragraph("The office opens at nine.") + paragraph("It closes at five.")
LIST = "".join(
    paragraph(f"Item {n}", f'<w:numPr><w:ilvl w:val="{n % 2}"/><w:numId w:val="1"/></w:numPr>') for n in range(6))
TABLE = (
    '<w:tbl><w:tblPr><w:tblLook w:firstRow="1"/></w:tblPr>'
    + "".join(f'<w:tr>{"".join(f"""<w:tc><w:tcPr><w:gridSpan w:val="2"/><w:vMerge/></w:tcPr>{paragraph(f"{r}.{c}")}</w:tc>""" for c in range(3))}</w:tr>' for r in range(3))
    + "</w:tbl>"
)
NOTED = '<w:p><w:r><w:t>With a note</w:t><w:footnoteReference w:id="1"/><w:lastRenderedPageBreak/><w:t>and a page.</w:t></w:r></w:p>'
HTML = (
    '<!DOCTYPE html><html><head><meta charset="utf-8"><title>Hours &amp; rules</title></head><body><nav>Home</nav><main><h1>Opening</h1>'
    "<p>The office opens at <b>nine</b>&nbsp;&#8211; caf&eacute;.</p><ul><li>One<ol start='3'><li>Two</ol></ul><table><caption>T</caption>"
    "<tr><th colspan=2 rowspan=1>Day<th>Hours<tr><td>Monday<td>9<td>5</table><pre>a  b\n c</pre><blockquote>So.</blockquote></main></body></html>"
)
MARKDOWN = """---
title: Handbook
date: 2024-05-01
---
# Opening *hours*

The **office** opens at `nine`, see [the site](https://example.com "t") or ![plan](a.png) and <b>x</b>.

1. One
   - Two
2. Three

| Day | Hours |
| --- | :-: |
| Monday | 9 \\| 5 |

```swift
let a = 1
```

> Quoted [^1] text

Heading
=======
<div><p>Inline</p></div>

[a]: https://example.com
"""
TEXT = """THE HANDBOOK

1. Opening hours

The office opens at nine and closes at five, except on Fridays when every-
body leaves at noon; see part 2.3 for the holidays and the days between them.

  - one
  - two

2.3 Holidays
Ünïcödé – “quotes” … 田中さん مرحبا 👩‍👩‍👧 e\u0301
"""
MAIL = """From: =?utf-8?Q?J=C3=BCrgen?= <j@example.org>
To: anna@example.org
Date: Wed, 16 Jul 2008 09:24:06 +0300
Subject: =?utf-8?B?R3LDvMOfZQ==?=
Message-ID: <1@example.org>
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary="x"

--x
Content-Type: multipart/alternative; boundary=y

--y
Content-Type: text/plain; charset=utf-8; format=flowed
Content-Transfer-Encoding: quoted-printable

The pump stops at 5 bar =E2=80=93 or =
later.
> Why?
-- 
J.
--y
Content-Type: text/html; charset=iso-8859-1

<p>The pump <b>stops</b> at 5 bar.<table><tr><td>1<td>2</table>
--y--
--x
Content-Type: text/markdown; name*0*=utf-8''Gr%C3%BC; name*1=n.md
Content-Disposition: attachment
Content-Transfer-Encoding: base64

IyBXYXRlcgoKSXQgaXMgZ3JlZW4uCg==
--x
Content-Type: message/rfc822

From: c@example.org
Subject: Older

Text.
--x--
"""
JSON = '{"server":{"port":8080,"hosts":["a","b"],"note":"Gr\\u00fcn \\ud83e\\udd86\\n"},"list":[[1,2],{"a":null,"b":true}],"x":-1.5e3}'
XML = """<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><article><title>On pumps</title><sec id="1"><title>Pressure</title><p>The pump in hall 3 holds <b>five</b>
bar &amp; more, and everybody who has seen it knows that well enough.</p><![CDATA[a < b]]><none/></sec><!-- note --></article>"""
SUBTITLES = "1\n00:00:01,000 --> 00:00:03,500\n<i>The office</i>\n\n2\n00:00:04,000 --> 00:00:05,000\n{\\an8}- opens at nine.\n- <v Anna>Yes.\n"
NOTEBOOK = (
    '{"nbformat":4,"nbformat_minor":5,"metadata":{},"cells":[{"cell_type":"markdown","source":["# Data\\n","Read."]},{"cell_type":"code","source":"f()",'
    '"outputs":[{"output_type":"stream","text":["one\\n"]},{"output_type":"execute_result","data":{"text/plain":"1","text/html":"<table><tr><td>1</table>"}},'
    '{"output_type":"error","ename":"E","evalue":"no"}]}]}'
)
RUSSIAN = "Контора открывается в девять часов утра и закрывается в пять.\n" * 4
JAPANESE = "事務所は九時に開きます。金曜日は正午に閉まります。\n" * 4
