"""What an attacker of each kind sends, again and again. Each maker gives a function that does it once on the worker's connection."""
import gzip
import itertools
import json
import pathlib
import socket
import time
import zipfile

import seeds
from seeds import WORD, docx, paragraph

SHARED = pathlib.Path(__file__).resolve().parents[2].parent / "shared" / "cases" / "hostile"


class Attacker:
    """Somebody with a role in a project, or nobody: `token` is None for a stranger.
    - Parameter project: theirs; of a stranger's, the one whose id they have heard of."""

    def __init__(self, port, token, project, thread):
        self.port, self.token, self.thread = port, token, thread
        self.root = f"/v1/projects/{project}"
        self.numbers = itertools.count()

    def upload(self, connection, data, ending):
        """Bytes that the project does not have, so that they are read anew."""
        number = next(self.numbers)
        data = renamed(data, number) if ending == "docx" else data + b"\n%" + str(number).encode() if ending == "pdf" else data + f"\n{number}\n".encode()
        connection.call("POST", f"{self.root}/documents?name=a{number}.{ending}", data, self.token, "application/octet-stream")


def renamed(data, number):
    """The archive with another comment at its end."""
    note = str(number).encode()
    place = data.rfind(b"PK\x05\x06")
    return data[: place + 20] + len(note).to_bytes(2, "little") + note


def shared(name, otherwise):
    """The file as it was first tried, where it is there."""
    path = SHARED / name
    return path.read_bytes() if path.is_file() else otherwise()


# Costly files

def tall_word_in_pdf(attacker):
    data = shared("crash-634.pdf", lambda: seeds.pdf(["BT /F1 1e18 Tf 1 0 0 1e18 72 700 Tm (Word) Tj ET"]))
    return lambda connection: attacker.upload(connection, data, "pdf")


def note_many_times(attacker):
    def made():
        notes = f'<w:footnotes xmlns:w="{WORD}"><w:footnote w:id="1"><w:p><w:r><w:t>{"note " * 300_000}</w:t></w:r></w:p></w:footnote></w:footnotes>'
        return docx("<w:p><w:r><w:t>a</w:t>" + '<w:footnoteReference w:id="1"/>' * 3000 + "</w:r></w:p>", zipfile.ZIP_DEFLATED, footnotes=notes)

    data = shared("note12G.docx", made)
    return lambda connection: attacker.upload(connection, data, "docx")


def long_numbering(attacker):
    def made():
        levels = "".join(f'<w:lvl w:ilvl="{n}"><w:start w:val="9999"/><w:numFmt w:val="upperLetter"/><w:lvlText w:val="{"%1" * 5000}"/></w:lvl>' for n in range(9))
        numbers = f'<w:numbering xmlns:w="{WORD}"><w:abstractNum w:abstractNumId="0">{levels}</w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num></w:numbering>'
        return docx(paragraph("a", '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr>') * 5000, zipfile.ZIP_DEFLATED, numbering=numbers)

    data = shared("numbering.docx", made)
    return lambda connection: attacker.upload(connection, data, "docx")


def hyphens_in_text(attacker):
    data = (b"a" * 49 + b"-\n") * 20_000
    return lambda connection: attacker.upload(connection, data, "txt")


def tables_in_html(attacker):
    data = b"<html><body>" + b"<table><tr><td>x" * 10_000 + b"y " * 100_000
    return lambda connection: attacker.upload(connection, data, "html")


def brackets_in_markdown(attacker):
    data = b"[" * 150_000 + b"](" * 150_000
    return lambda connection: attacker.upload(connection, data, "md")


def title_before_each_passage(attacker):
    data = ("# A" + "\ufe0f" * 60_000 + "\n\n" + "The office opens at nine o'clock. " * 10_000).encode()
    return lambda connection: attacker.upload(connection, data, "md")


# JSON

def deep_import(attacker):
    data = shared("import-cpu.json", lambda: b"[" * 500 + b"]" * 500)
    return lambda connection: connection.call("POST", f"{attacker.root}/threads/import", data, attacker.token)


def deep_bulk(attacker):
    data = shared("bulk-lock.json", lambda: b'{"operations":[' + b",".join([b'{"op":"create","body":{"title":' + b"[" * 60 + b"]" * 60 + b"}}"] * 900) + b"]}")
    return lambda connection: connection.call("POST", f"{attacker.root}/threads/bulk", data, attacker.token, headers=["Prefer: respond-async"])


def large_bulk(attacker):
    data = json.dumps({"operations": [{"op": "create", "body": {"title": "x" * 190}}] * 1000}).encode()
    return lambda connection: connection.call("POST", f"{attacker.root}/threads/bulk", data, attacker.token, headers=["Prefer: respond-async"])


def many_members(attacker):
    data = b"{" + b",".join(b'"m%d":1' % n for n in range(80_000)) + b"}"
    return lambda connection: connection.call("POST", "/v1/auth/sign-in", data, attacker.token)


def marks_in_a_name(attacker):
    data = ('{"a' + "\u0301\u0316" * 20_000 + '":1}').encode()
    return lambda connection: connection.call("POST", "/v1/auth/sign-in", data, attacker.token)


def packed_bodies(attacker):
    data = gzip.compress(b'{"a":"' + b" " * 1_000_000 + b'"}' + b" " * 30_000_000, 9)
    return lambda connection: connection.call("POST", "/v1/auth/sign-in", data, attacker.token, headers=["Content-Encoding: gzip"])


# Much of what is allowed

def wrong_passwords(attacker):
    return lambda connection: connection.call("POST", "/v1/auth/sign-in", {"email": "vic@example.com", "password": "not the right one at all"})


def large_exports(attacker):
    kinds = itertools.cycle(["text/html", "application/json", "text/markdown", "application/pdf"])
    return lambda connection: connection.call("GET", f"{attacker.root}/threads/{attacker.thread}/export", token=attacker.token, headers=[f"Accept: {next(kinds)}"])


def whole_lists(attacker):
    return lambda connection: connection.call("GET", f"{attacker.root}/threads/{attacker.thread}/messages?all=true", token=attacker.token)


def searches(attacker):
    words = " ".join(f"word{n} office opens nine" for n in range(200))
    return lambda connection: connection.call("POST", f"{attacker.root}/search", {"query": words, "limit": 100}, attacker.token)


def questions(attacker):
    return lambda connection: connection.call("POST", f"{attacker.root}/threads/{attacker.thread}/messages", {"content": "When does the office open?"}, attacker.token)


# Slowness and numbers

class Slow:
    """Connections that are opened, begun with some bytes, and then fed a byte a second."""

    def __init__(self, attacker, count, begin):
        self.attacker, self.count, self.begin = attacker, count, begin
        self.open = []

    def __call__(self, connection):
        while len(self.open) < self.count:
            try:
                one = socket.create_connection(("127.0.0.1", self.attacker.port), timeout=2)
                one.sendall(self.begin)
                self.open.append(one)
            except OSError:
                break
        for one in list(self.open):
            try:
                one.sendall(b"a")
            except OSError:
                self.open.remove(one)
                one.close()
        time.sleep(1)


def begun(attacker, path, more=""):
    token = f"Authorization: Bearer {attacker.token}\r\n" if attacker.token else ""
    return f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n{token}{more}".encode()


def slow_uploads(attacker):
    return Slow(attacker, 40, begun(attacker, f"{attacker.root}/documents?name=slow.txt", "Content-Type: text/plain\r\nContent-Length: 100000\r\n\r\nabc"))


def slow_bodies(attacker):
    return Slow(attacker, 40, begun(attacker, "/v1/auth/sign-in", "Content-Type: application/json\r\nContent-Length: 100000\r\n\r\n{\"a"))


def slow_headers(attacker):
    return Slow(attacker, 40, begun(attacker, "/v1/auth/sign-in", "X-A: "))


def many_connections(attacker):
    return Slow(attacker, 300, b"")


KINDS = [
    tall_word_in_pdf, note_many_times, long_numbering, hyphens_in_text, tables_in_html, brackets_in_markdown, title_before_each_passage, deep_import, deep_bulk,
    large_bulk, many_members, marks_in_a_name, packed_bodies, wrong_passwords, large_exports, whole_lists, searches, questions, slow_uploads, slow_bodies,
    slow_headers, many_connections,
]
