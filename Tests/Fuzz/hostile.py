"""Mutated requests and hostile bodies, made from the server's own OpenAPI document. Number n of a seed is always the same bytes, with
`@name@` where the household's ids go."""
import gzip
import json
import pathlib
import random
import re

from documents import NUMBERS, STRINGS

METHODS = ("get", "post", "put", "patch", "delete")
DEPTHS = (64, 513, 5_000, 100_000, 500_000)
MANY = (200, 3_000, 80_000)


def dictionary():
    """The values of the contract test's hostile client, without the longest."""
    values = []
    for line in (pathlib.Path(__file__).parent.parent / "Contract" / "hostile.txt").read_text("utf-8").splitlines():
        if line.startswith("repeat "):
            _, count, text = line.split(" ", 2)
            values.append(json.loads(text) * min(int(count), 5000))
        elif line.strip() and not line.startswith("#"):
            values.append(json.loads(line))
    return values


class Hostility:
    """- Parameter document: what `/openapi.json` answered."""

    def __init__(self, document, seed):
        self.document, self.seed = document, seed
        self.values = dictionary() + [None, True, [], {}, [[]], {"a": {}}, [None] * 50, 1e308, -0.0, 10**40]
        self.raw = [text.encode() for text in NUMBERS if text] + [b"1e999999", b"-", b"01", b"1.", b".5", b"tru", b"9" * 5000, b'"\\ud800"', b'"\\ud83d\\ude00\\ud83d"', b'"\xff"', b'"\\u0000"']
        self.operations = []
        for path, item in sorted(document["paths"].items()):
            for method in METHODS:
                if method in item:
                    self.operations.append((method.upper(), path, item[method]))
        self.with_bodies = [(method, path, *self.body_of(operation)) for method, path, operation in self.operations if operation.get("requestBody")]

    # What a right request looks like

    def resolved(self, value):
        while isinstance(value, dict) and "$ref" in value:
            found = self.document
            for name in value["$ref"].removeprefix("#/").split("/"):
                found = found[name]
            value = found
        return value

    def body_of(self, operation):
        """Media types, and a body as good as the document tells."""
        content = self.resolved(operation["requestBody"])["content"]
        kinds = [kind for kind in content if "json" in kind] or ["application/json"]
        first = content.get(kinds[0], {})
        example = first.get("example")
        if example is None:
            example = self.sample(self.resolved(first.get("schema", {})), 0)
        return kinds, example, operation.get("operationId", "")

    def sample(self, schema, depth):
        schema = self.resolved(schema)
        for many in ("oneOf", "anyOf", "allOf"):
            if schema.get(many):
                return self.sample(schema[many][0], depth + 1)
        if "example" in schema:
            return schema["example"]
        kind = schema.get("type")
        kind = kind[0] if isinstance(kind, list) else kind
        if kind == "object" and depth < 6:
            return {name: self.sample(one, depth + 1) for name, one in schema.get("properties", {}).items()}
        if kind == "array" and depth < 6:
            return [self.sample(schema.get("items", {}), depth + 1)]
        return {"integer": 1, "number": 0.5, "boolean": True}.get(kind, "text")

    def good(self, operation_id, example):
        """Bodies of foreign protocols, which the document does not describe to the end."""
        if operation_id == "mcp.post":
            return {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": "search", "arguments": {"project": "@project@", "query": "office", "limit": 3}}}
        if operation_id == "threads.import":
            return [{"title": "T", "mapping": {"a": {"id": "a", "parent": None, "children": ["b"], "message": {"id": "a", "author": {"role": "user"}, "create_time": 1.5,
                     "content": {"content_type": "text", "parts": ["Hi"]}}}, "b": {"id": "b", "parent": "a", "children": [], "message": None}}, "current_node": "b"}]
        if operation_id == "questionSets.import":
            return [{"question": "When?", "expected": [{"document": "a.txt", "quote": "nine", "gain": 1}], "tags": ["a"]}]
        if operation_id.endswith(".bulk"):
            return {"operations": [{"op": "create", "body": {"name": "a", "title": "a", "question": "q"}}, {"op": "update", "id": "@thread@", "body": {"title": "b"}}, {"op": "delete", "id": "x"}]}
        return example

    # Bodies

    def body(self, number, operation):
        """A request with a hostile body to one operation, as somebody signed in or as a stranger."""
        method, path, kinds, example, name = operation
        chance = random.Random(f"{self.seed}-body-{name}-{number}")
        kind = chance.choice(kinds)
        content = self.content(chance, self.good(name, example), name)
        if "ndjson" in kind and chance.random() < 0.7:
            content = content[:20_000].replace(b"\n", b" ") + b"\n"
            content *= chance.choice((1, 3, 50))
        headers = [("Content-Type", kind if chance.random() < 0.97 else "application/json; charset=utf-16")]
        if chance.random() < 0.7:
            headers.append(("Authorization", "Bearer @token@"))
        if chance.random() < 0.1:
            headers.append(("Prefer", "respond-async"))
        if chance.random() < 0.05:
            headers.append(("Idempotency-Key", f"k{chance.randrange(20)}"))
        if chance.random() < 0.03:
            content = gzip.compress(content * chance.choice((1, 1, 30)), 1)
            headers.append(("Content-Encoding", "gzip"))
        return self.request(method, self.target(path), headers, content)

    def content(self, chance, example, name):
        draw = chance.random()
        if draw < 0.55:
            value = example
            for _ in range(chance.choice((1, 1, 2, 5))):
                value = self.changed(chance, value)
                # What was repeated a thousand times is not repeated again: making it would take longer than anything that is measured.
                if len(json.dumps(value)) > 300_000:
                    break
            text = json.dumps(value, ensure_ascii=chance.random() < 0.5).encode("utf-8", "surrogatepass")
            return self.with_raw(chance, text) if chance.random() < 0.3 else text
        if draw < 0.72:
            return self.bytes(chance, json.dumps(example).encode())
        if draw < 0.93:
            return self.small(chance, example)
        return self.large(chance, example)

    def changed(self, chance, value):
        """One place of the value, or a new member, with something hostile in it."""
        places = list(pointers(value))
        place = chance.choice(places)
        draw = chance.random()
        if draw < 0.75:
            return replaced(value, place, chance.choice(self.values))
        if draw < 0.85:
            size = len(json.dumps(at(value, place))) + 1
            return replaced(value, place, [at(value, place)] * min(chance.choice((2, 100, 1000)), 300_000 // size + 2))
        if draw < 0.92:
            return replaced(value, place, {str(chance.choice(self.values))[:2000]: at(value, place)})
        deep = at(value, place)
        for _ in range(chance.choice((2, 30, 200))):
            deep = [deep] if chance.random() < 0.5 else {"a": deep}
        return replaced(value, place, deep)

    def with_raw(self, chance, text):
        """A token of JSON that no writer would write."""
        found = list(re.finditer(rb'-?\d+(?:\.\d+)?|"[^"\\]{0,60}"|true|false|null', text))
        if not found:
            return text
        match = chance.choice(found)
        return text[: match.start()] + chance.choice(self.raw) + text[match.end() :]

    def bytes(self, chance, text):
        text = bytearray(text)
        for _ in range(chance.choice((1, 2, 5))):
            place = chance.randrange(len(text) + 1)
            kind = chance.randrange(5)
            if kind == 0 and text:
                text[chance.randrange(len(text))] ^= 1 << chance.randrange(8)
            elif kind == 1:
                del text[place:]
            elif kind == 2:
                text[place:place] = chance.choice(STRINGS)
            elif kind == 3:
                text[place:place] = text[place : place + chance.choice((5, 30))] * chance.choice((2, 50))
            else:
                del text[place : place + chance.choice((1, 5))]
        return bytes(text)

    def small(self, chance, example):
        plain = json.dumps(example).encode()
        names = list(example) if isinstance(example, dict) else ["a"]
        name = json.dumps(chance.choice(names) if names else "a").encode()
        return chance.choice([
            b"", b"null", b"[]", b"{}", b"1e999", b'"a"', b" " * 5000, b"\0" * 500, b"\xef\xbb\xbf" + plain, plain + b"}", plain + plain, plain[: len(plain) // 2],
            plain.decode().encode("utf-16"), plain.decode().encode("utf-32-le"), b"{" + name + b":1," + name + b":[]," + name + b':"x"}', b'{"\\ud800":1,"\xc3\xa9":1,"e\xcc\x81":2}',
            b"{" + b",".join(name + b":null" for _ in range(500)) + b"}", b'{"a":NaN,"b":Infinity}', b"//" + plain, b"[" * chance.choice((100, 511, 512, 513)), b'{"a":' * 200 + b"1" + b"}" * 200,
            b"[" + b",".join([plain] * chance.choice((2, 60))) + b"]", b'{"a":"' + b"\\u0000" * 500 + b'"}', b'{"a":"' + b"\\" * 501 + b'"}', b"{" + name + b":" + b"9" * 30_000 + b"}",
        ])

    def large(self, chance, example):
        """Around the megabyte that a body may have."""
        kind = chance.randrange(12)
        depth, many = chance.choice(DEPTHS), chance.choice(MANY)
        plain = json.dumps(example).encode()
        name = json.dumps(chance.choice(list(example)) if isinstance(example, dict) and example else "a").encode()
        if kind == 0:
            return b"[" * depth + chance.choice([b"", b"]" * depth])
        if kind == 1:
            return b'{"a":' * (depth // 2) + b"1" + chance.choice([b"", b"}" * (depth // 2)])
        if kind == 2:
            return b"{" + name + b":" + b"[" * depth + b"]" * depth + b"}"
        if kind == 3:
            return b"{" + b",".join(b'"m%d":1' % n for n in range(many)) + b"}"
        if kind == 4:
            return b"{" + name + b":{" + b",".join(b'"m%d":[]' % n for n in range(many)) + b"}}"
        if kind == 5:
            return b"{" + name + b":[" + b",".join([chance.choice([b"1", b"{}", b"[]", b"null", b'""'])] * many) + b"]}"
        if kind == 6:
            return b"{" + name + b":" + chance.choice([b"", b"-", b"0.", b"1e"]) + b"9" * (many * 10) + b"}"
        if kind == 7:
            return b"{" + name + b':"' + chance.choice([b"a", b"\\u00e9", b"\xcc\x81", b"\\n", b"\xf0\x9f\x91\xa9\xe2\x80\x8d"]) * (many * 2) + b'"}'
        if kind == 8:
            # Names that are equal to Swift and differ to others, over and over.
            return b"{" + b",".join(b'"%s%d":1' % (chance.choice((b"\xc3\xa9", b"e\xcc\x81")), n % (many // 10)) for n in range(min(many, 20_000))) + b"}"
        if kind == 9:
            return b"[" + b",".join([plain] * min(many // 10, 900_000 // len(plain) + 1)) + b"]"
        if kind == 10:
            operation = chance.choice([b"{}", b'{"op":"create","body":{}}', b'{"op":"create","body":' + b"[" * 300 + b"]" * 300 + b"}", b'{"op":"update","id":"x","body":{"title":1}}', b"1"])
            return b'{"operations":[' + b",".join([operation] * min(many // 4, 1_000_000 // len(operation))) + b"]}"
        return b"{" + b",".join(b'"%s":1' % (b"k" * 3000 + b"%d" % n) for n in range(many // 300)) + b"}"

    # Requests

    def target(self, path):
        return path.replace("{", "@").replace("}", "@").encode()

    def request(self, method, target, headers, content=None):
        lines = [method.encode() + b" " + target + b" HTTP/1.1", b"Host: 127.0.0.1:@port@"]
        lines += [f"{name}: {value}".encode() for name, value in headers]
        if content is not None:
            lines.append(b"Content-Length: @length@")
        return b"\r\n".join(lines) + b"\r\n\r\n" + (content or b"")

    def mutated(self, number):
        """Any operation with something wrong in its method, target, headers or framing; and whether it may end early."""
        chance = random.Random(f"{self.seed}-request-{number}")
        method, path, operation = chance.choice(self.operations)
        content = None
        headers = [("Authorization", "Bearer @token@")] if chance.random() < 0.7 else []
        if operation.get("requestBody"):
            kinds, example, name = self.body_of(operation)
            content = json.dumps(self.good(name, example)).encode()
            headers.append(("Content-Type", kinds[0]))
        target = self.target(path)
        kind = chance.randrange(10)
        if kind <= 2:
            target += self.query(chance, operation)
        elif kind == 3:
            target = self.odd_target(chance, target)
        elif kind == 4:
            method = chance.choice(["BREW", "get", "HEAD", "OPTIONS", "TRACE", "CONNECT", "PRI", "G\0T", "A" * 300, "PUT", "PATCH", "DELETE", "POST", "GET"])
        elif kind <= 6:
            headers += self.odd_headers(chance)
        request = self.request(method, target, headers, content)
        if kind == 7:
            return self.framed(chance, request, content or b"{}"), True
        if kind == 8:
            return self.bytes(chance, request)[:200_000], True
        if kind == 9:
            request = self.request(method, self.path_value(chance, path), headers, content)
        return request, False

    def value(self, chance):
        value = chance.choice(self.values)
        text = value if isinstance(value, str) else json.dumps(value)
        return text.encode("utf-8", "surrogatepass")[:4000]

    def quoted(self, chance, raw):
        """Percent-encoded, more or less as it should be."""
        draw = chance.random()
        if draw < 0.1:
            return bytes(byte for byte in raw if byte > 0x20)[:2000]
        text = b"".join(bytes([byte]) if chr(byte).isalnum() and byte < 128 else b"%%%02X" % byte for byte in raw)
        return text + b"%" + chance.choice([b"", b"2", b"zz", b"00", b"u0041"]) if draw < 0.2 else text

    def query(self, chance, operation):
        names = [self.resolved(one)["name"] for one in operation.get("parameters", []) if self.resolved(one).get("in") == "query"] or ["limit", "filter", "sort", "fields", "cursor"]
        pairs = []
        for _ in range(chance.choice((1, 1, 2, 5, 300))):
            name = chance.choice(names).encode()
            if name == b"filter" and chance.random() < 0.6:
                value = self.filter(chance)
            else:
                value = self.quoted(chance, self.value(chance))
            pairs.append(name + b"=" + value[:3000])
        return b"?" + b"&".join(pairs)[:60_000]

    def filter(self, chance):
        field = chance.choice([b"id", b"name", b"state", b"created_at", b"tags", b"size", b"title", b"pages", b"x"])
        parts = []
        for _ in range(chance.choice((1, 2, 40))):
            value = chance.choice([b"null", b'"a', b'"\\"\\\\"', b"2026-99-99", b"1e400", b"a" * 900, b"", b",,,", b'"' + b"%25" * 50 + b'"', b"-9223372036854775809"])
            parts.append(field + chance.choice([b"=", b"!=", b"~", b"%3E=", b"%3C", b"%3C=", b"~~", b""]) + value)
        return b";".join(parts)

    def odd_target(self, chance, target):
        return chance.choice([
            target.replace(b"/", b"//"), target + b"/", target + b"/../../etc/passwd", b"/." + target, target.replace(b"/v1", b"/%76%31"), target + b"%00", target + b"#a", target + b"?" + b"a=1&" * 2000,
            b"http://evil.example" + target, b"*", b"/" + b"a/" * 3000, b"/" + b"%2e%2e%2f" * 500, target + b";a=b", target.upper(), b"/v1/projects/" + b"@project@/" * 30, target + b"?" + b"%" * 500,
            target + b"\xff\xfe", target.replace(b"@", b"%40", 1), b"/openapi.json/" + target, target + b"?fields=" + b"a." * 2000, target + b"?include=" + b"creator," * 500,
        ])

    def path_value(self, chance, path):
        names = re.findall(r"\{(\w+)\}", path)
        target = self.target(path)
        if not names:
            return target + b"/" + self.quoted(chance, self.value(chance))
        return target.replace(b"@" + chance.choice(names).encode() + b"@", self.quoted(chance, self.value(chance)))

    def odd_headers(self, chance):
        odd = [
            ("Accept", "a/b," * 1500), ("Accept", "*/*;q=NaN"), ("Accept", "text/csv"), ("Accept", "application/x-ndjson"), ("Accept-Encoding", "gzip;q=1e309, *;q=0"),
            ("Accept-Encoding", "gzip"), ("Authorization", "Bearer " + "a" * 7000), ("Authorization", "Basic YTpi"), ("Range", "bytes=0-18446744073709551615"),
            ("Range", "bytes=" + ",".join("0-1" for _ in range(500))), ("Range", "bytes=-9223372036854775808"), ("If-None-Match", ",".join(['"x"'] * 1000)), ("If-Match", '*, W/"x'),
            ("If-Modified-Since", "Mon, 99 Foo 99999 99:99:99 GMT"), ("Prefer", "respond-async, wait=99999999999999999999"), ("Prefer", "," * 2000), ("Parley-Version", "9999-99-99"),
            ("Parley-Version", "0000-01-01"), ("Last-Event-ID", "18446744073709551616"), ("Last-Event-ID", "-1"), ("traceparent", "00-" + "f" * 32 + "-" + "f" * 16 + "-ff"), ("X-Request-Id", "x" * 5000),
            ("Host", "evil.example"), ("Host", "a" * 300), ("Origin", "http://evil.example"), ("Expect", "100-continue"), ("Connection", "upgrade"), ("Upgrade", "h2c"), ("Cookie", "a=b; " * 1000),
            ("Idempotency-Key", "k" * 300), ("Idempotency-Key", "\u00e9"), ("X-Forwarded-For", "1.2.3.4, " * 500), ("Forwarded", "for=" + "1" * 3000), ("Content-Encoding", "gzip"), ("Content-Encoding", "gzip, " * 60),
            ("Content-Type", "multipart/form-data; boundary=" + "b" * 300), ("Content-Type", ";" * 1000), ("Content-Type", "application/json; charset=\"" + "a" * 2000), ("Mcp-Session-Id", "x" * 500),
            ("MCP-Protocol-Version", "9999-99-99"), ("Accept-Language", "x-" * 2000), ("X", "a" * 60_000), ("A" * 5000, "b"),
        ]
        chosen = [chance.choice(odd) for _ in range(chance.choice((1, 1, 2, 6)))]
        return chosen * chance.choice((1, 1, 1, 2, 50)) if chance.random() < 0.2 else chosen

    def framed(self, chance, request, content):
        """The body's end told in two ways, in a wrong way, or not at all."""
        head = request.partition(b"\r\n\r\n")[0].replace(b"\r\nContent-Length: @length@", b"")
        chunks = b"".join(b"%x\r\n%s\r\n" % (len(content[n : n + 7]), content[n : n + 7]) for n in range(0, len(content), 7))
        second = b"GET /v1/users HTTP/1.1\r\nHost: evil.example\r\n\r\n"
        framing, body = chance.choice([
            (b"Transfer-Encoding: chunked", chunks + b"0\r\n\r\n"), (b"Transfer-Encoding: chunked", chunks + b"0\r\nA: b\r\n\r\n"), (b"Transfer-Encoding: chunked", chunks),
            (b"Transfer-Encoding: chunked", b"ffffffffffffffff\r\n" + content), (b"Transfer-Encoding: chunked", b"-1\r\n" + content), (b"Transfer-Encoding: chunked", b"2;" + b"a" * 20_000 + b"\r\n{}\r\n0\r\n\r\n"),
            (b"Transfer-Encoding: chunked", b"00000000000000000000002\r\n{}\r\n0\r\n\r\n"), (b"Transfer-Encoding: chunked", b"1\r\na\r\n" * 3000 + b"0\r\n\r\n"),
            (b"Transfer-Encoding: chunked\r\nContent-Length: 4", b"0\r\n\r\n" + second), (b"Transfer-Encoding: chunked\r\nTransfer-Encoding: identity", b"0\r\n\r\n" + second),
            (b"Transfer-Encoding : chunked", chunks + b"0\r\n\r\n"), (b"Transfer-Encoding: xchunked", content), (b"Transfer-Encoding: gzip, chunked", chunks + b"0\r\n\r\n"),
            (b"Content-Length: 2\r\nContent-Length: 30", content), (b"Content-Length: -1", content), (b"Content-Length: 18446744073709551616", content), (b"Content-Length: 9223372036854775807", content),
            (b"Content-Length: 0x10", content), (b"Content-Length: +5", content), (b"Content-Length: 5 5", content), (b"Content-Length: 1", content), (b"Content-Length: 99999", content),
            (b"Content-Length: 0\r\n\r\n" + second[:-2] + b"X: y", b""), (b"X: a\r\n b", b""), (b"X: a\nTransfer-Encoding: chunked", b"0\r\n\r\n"), (b"X\0: a", b""), (b": a", b""), (b"Host: evil.example", b""),
        ])
        return head + b"\r\n" + framing + b"\r\n\r\n" + body


# Places within a value of JSON

def pointers(value, at=(), depth=0):
    yield at
    if depth < 8:
        if isinstance(value, dict):
            for name, member in list(value.items())[:30]:
                yield from pointers(member, (*at, name), depth + 1)
        elif isinstance(value, list):
            for index, member in enumerate(value[:2]):
                yield from pointers(member, (*at, index), depth + 1)


def at(value, place):
    for step in place:
        value = value[step]
    return value


def replaced(value, place, new):
    if not place:
        return new
    copy = list(value) if isinstance(value, list) else dict(value)
    copy[place[0]] = replaced(copy[place[0]], place[1:], new)
    return copy
