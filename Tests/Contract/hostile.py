"""Sends hostile requests to every operation of a server: no 5xx, no hang, and a healthy server afterwards.

    hostile.py ADDRESS TOKEN [--values N]

The values come from hostile.txt; the operations from the server's own OpenAPI document. Each value goes into every path parameter, every
query parameter, every header and every member of every body. Then come broken bodies, headers and connections. Everything is in a fixed
order, so that two runs send the same. With `--values N` each place gets N of the values, and each operation a fourth of what is broken.
Ends with 1 and a list of what went wrong.
"""

import argparse
import gzip
import http.client
import json
import pathlib
import socket
import sys
import time
import urllib.parse
import zlib

SECONDS = 5.0  # For one request, the server's own work included.
EXPECTED_5XX = {503}  # Only with these codes:
EXPECTED_CODES = {"embedding.busy", "model.overloaded"}


def dictionary(path):
    values = []
    for line in path.read_text("utf-8").splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        if line.startswith("repeat "):
            _, count, text = line.split(" ", 2)
            values.append(json.loads(text) * int(count))
        else:
            values.append(json.loads(line))
    return values


class Hostility:
    def __init__(self, address, token, share):
        self.host, self.port = address.removeprefix("http://").split(":")
        self.port = int(self.port)
        self.token = token
        self.share = share
        self.values = dictionary(pathlib.Path(__file__).with_name("hostile.txt"))
        self.sent = 0
        self.slowest = (0.0, "")
        self.statuses = {}
        self.failures = []
        self.connection = None
        self.place = 0
        self.signed_in = time.monotonic()

    # One request on a connection that is kept, so that tens of thousands are quick.
    def send(self, method, target, headers=None, body=None, *, what, expect=None):
        headers = {"Authorization": f"Bearer {self.token}", **(headers or {})}
        begun = time.monotonic()
        status, text = 0, b""
        for attempt in (1, 2):
            if self.connection is None:
                self.connection = http.client.HTTPConnection(self.host, self.port, timeout=SECONDS)
            try:
                self.connection.putrequest(method, "/", skip_accept_encoding=True)
                # The target as it is, which the library would refuse.
                self.connection._buffer[0] = f"{method} ".encode() + target + b" HTTP/1.1"
                for name, value in headers.items():
                    self.connection._buffer.append(name.encode("latin-1") + b": " + (value if isinstance(value, bytes) else value.encode("utf-8")))
                if body is not None:
                    self.connection._buffer.append(b"Content-Length: %d" % len(body))
                self.connection.endheaders(body)
                answer = self.connection.getresponse()
                status, text = answer.status, self.read(answer)
                if answer.will_close or answer.getheader("Content-Type", "").startswith("text/event-stream"):
                    self.close()
                break
            except TimeoutError:
                self.close()
                self.failures.append(f"{what}: no answer within {SECONDS} s")
                break
            except (http.client.HTTPException, OSError):
                # A connection that the server has closed after a refusal; a fresh one tells.
                self.close()
                if attempt == 2:
                    status = -1
        seconds = time.monotonic() - begun
        self.sent += 1
        self.statuses[status] = self.statuses.get(status, 0) + 1
        if seconds > self.slowest[0]:
            self.slowest = (seconds, what)
        if seconds > SECONDS:
            self.failures.append(f"{what}: {seconds:.1f} s")
        if status >= 500:
            code = json.loads(text).get("code") if text.startswith(b"{") else None
            if not (status in EXPECTED_5XX and code in EXPECTED_CODES):
                self.failures.append(f"{what}: {status} {text[:300]!r}")
        if expect is not None and status not in expect:
            self.failures.append(f"{what}: {status} instead of {sorted(expect)}: {text[:200]!r}")
        if status == -1:
            self.failures.append(f"{what}: the connection was closed without an answer")
        return status, text

    def read(self, answer):
        # An event stream may stay open for as long as an answer takes; what comes first is enough.
        if answer.getheader("Content-Type", "").startswith("text/event-stream"):
            return answer.read1(4096)
        return answer.read()

    def renew(self):
        """A new access token before the old one ends."""
        if time.monotonic() - self.signed_in < 600:
            return
        self.signed_in = time.monotonic()
        person = {"email": "ada@example.com", "password": "a long and quiet river"}
        body = json.dumps(person).encode()
        _, text = self.send("POST", b"/v1/auth/sign-in", {"Content-Type": "application/json"}, body, what="signing in", expect={200})
        self.token = json.loads(text)["access_token"]

    def close(self):
        if self.connection is not None:
            self.connection.close()
        self.connection = None

    def chosen(self):
        """The values for the next place: all, or its share of them."""
        self.place += 1
        if not self.share:
            return self.values
        start = (self.place * self.share) % len(self.values)
        return (self.values + self.values)[start : start + self.share]

    def some(self, things):
        """Of what every operation gets: all, or a fourth, another one for each operation."""
        if not self.share:
            return list(things)
        self.place += 1
        return [thing for number, thing in enumerate(things) if (number + self.place) % 4 == 0]

    # Operations

    def operations(self):
        status, text = self.send("GET", b"/openapi.json", what="openapi.json", expect={200})
        self.document = json.loads(text)
        for path, item in sorted(self.document["paths"].items()):
            for method, operation in sorted(item.items()):
                operation["parameters"] = [self.resolved(one) for one in operation["parameters"]]
                yield path, method.upper(), operation

    def resolved(self, parameter):
        """What a reference leads to."""
        if "$ref" in parameter:
            parameter = self.document["components"]["parameters"][parameter["$ref"].split("/")[-1]]
        return parameter

    def prepare(self):
        """One of everything, so that hostile values reach past the look-up of what they are sent to."""
        made = {}

        def post(path, body):
            status, text = self.send("POST", path.encode(), {"Content-Type": "application/json"}, json.dumps(body).encode(), what=path)
            return json.loads(text)

        made["project"] = post("/v1/projects", {"name": "Hostile"})["id"]
        root = f"/v1/projects/{made['project']}"
        _, text = self.send("POST", f"{root}/documents?name=a.txt".encode(), {"Content-Type": "text/plain"}, b"The office opens at nine.", what="upload")
        made["document"], made["revision"] = (json.loads(text)[name] for name in ("id", "revision_id"))
        made["thread"] = post(f"{root}/threads", {})["id"]
        made["message"] = post(f"{root}/threads/{made['thread']}/messages", {"content": "When does it open?"})["answer"]["id"]
        made["webhook"] = post(f"{root}/webhooks", {"url": "https://203.0.113.1/", "events": []}).get("webhook", {}).get("id", "x")
        made["key"] = post("/v1/me/keys", {"name": "Hostile"})["key"]["id"]
        # Not the one who sends all this: a new password would end their session.
        person = {"email": "grace@example.com", "name": "Grace", "password": "a long and quiet river"}
        made["user"] = post("/v1/users", person)["id"]
        self.made = made

    def target(self, path, replaced=None, query=None):
        def quoted(value):
            return urllib.parse.quote(str(value).encode("utf-8", "surrogatepass"), safe="")

        for name in [part[1:-1] for part in path.split("/") if part.startswith("{")]:
            value = replaced[1] if replaced and replaced[0] == name else self.made.get(name, "x")
            path = path.replace("{" + name + "}", quoted(value))
        if query:
            path += "?" + "&".join(f"{name}={quoted(value)}" for name, value in query)
        return path.encode()

    @staticmethod
    def is_dangerous(path, method):
        """What takes the ground from under the rest: it is sent hostile values, never a right request."""
        return method == "DELETE" or "/auth/" in path or path.endswith("/cancel")

    def body_of(self, operation):
        content = operation.get("requestBody", {}).get("content", {})
        return content.get("application/json", {}).get("example")

    def attack(self, path, method, operation):
        name = f"{method} {path}"
        example = self.body_of(operation)
        json_headers = {"Content-Type": "application/json"} if example is not None else {}
        plain = json.dumps(example).encode() if example is not None else None
        streams = operation["operationId"] == "messages.events"
        for parameter in operation["parameters"]:
            where, key = parameter["in"], parameter["name"]
            for value in self.chosen():
                what = f"{name} with {key}={str(value)[:40]!r}"
                if where == "path":
                    self.send(method, self.target(path, (key, value)), json_headers, plain, what=what)
                elif where == "query" and not self.is_dangerous(path, method):
                    self.send(method, self.target(path, None, [(key, value)]), json_headers, plain, what=what)
                elif where == "header" and not self.is_dangerous(path, method):
                    text = str(value).encode("utf-8", "surrogatepass")
                    for bad in (b"\r", b"\n", b"\0"):
                        text = text.replace(bad, b"")
                    self.send(method, self.target(path), {**json_headers, key: text[:16000]}, plain, what=what)
        if example is not None:
            for pointer in self.pointers(example):
                for value in self.chosen():
                    changed = self.replaced(example, pointer, value)
                    body = json.dumps(changed, ensure_ascii=True).encode()
                    self.send(method, self.target(path), json_headers, body, what=f"{name} with /{'/'.join(map(str, pointer))}={str(value)[:40]!r}")
        if operation.get("requestBody") is not None:
            self.broken_bodies(name, method, path, operation, plain or b"{}")
        if not streams and not self.is_dangerous(path, method):
            self.odd_headers(name, method, path, json_headers, plain)

    def pointers(self, value, at=()):
        found = [at]
        if isinstance(value, dict):
            for key, member in value.items():
                found += self.pointers(member, (*at, key))
        elif isinstance(value, list):
            for index, member in enumerate(value[:2]):
                found += self.pointers(member, (*at, index))
        return found

    def replaced(self, value, pointer, new):
        if not pointer:
            return new
        copy = list(value) if isinstance(value, list) else dict(value)
        copy[pointer[0]] = self.replaced(copy[pointer[0]], pointer[1:], new)
        return copy

    # Bodies that are no bodies

    def broken_bodies(self, name, method, path, operation, plain):
        deep = 100_000
        bodies = {
            "nothing": b"",
            "null": b"null",
            "a list": b"[]",
            "a number": b"1e999",
            "deep lists": b"[" * deep + b"]" * deep,
            "deep objects": b'{"a":' * deep + b"1" + b"}" * deep,
            "deep lists that never end": b"[" * deep,
            "a member twice": b'{"name":"a","name":"b","title":"a","title":["b"]}',
            "many members": json.dumps({f"m{n}": n for n in range(3000)}).encode(),
            "a very long number": b'{"name":' + b"9" * 30_000 + b"}",
            "a very long name": json.dumps({"x" * 60_000: 1}).encode(),
            "bytes that are no UTF-8": b'{"name":"\xff\xfe\xc3\x28\xa0\xa1"}',
            "an overlong slash": b'{"name":"\xc0\xaf"}',
            "UTF-16": '{"name":"a"}'.encode("utf-16"),
            "a byte order mark": b"\xef\xbb\xbf" + plain,
            "a lone surrogate": b'{"name":"\\ud800"}',
            "a bad escape": b'{"name":"\\x41\\u12"}',
            "a comment": b'{"name":"a"} // b',
            "something after it": plain + b"}",
            "half of it": plain[: len(plain) // 2],
            "literals of JavaScript": b'{"name":NaN,"n":Infinity,"u":undefined}',
            "NULs": b"\0" * 5000,
        }
        declared = list(operation["requestBody"]["content"])
        json_types = [one for one in declared if one != "multipart/form-data" and one != "*/*"] or ["application/json"]
        for title, body in self.some(bodies.items()):
            for type_ in json_types:
                self.send(method, self.target(path), {"Content-Type": type_}, body, what=f"{name} with {title} as {type_}")
        types = ["", "application/json; charset=utf-16", "text/plain", "application/xml", "application/json, text/html", "multipart/form-data",
                 "multipart/form-data; boundary=", "multipart/form-data; boundary=" + "b" * 300, "application/" + "x" * 4000, "a/b/c;;;=", "*/*"]
        for type_ in self.some(types):
            self.send(method, self.target(path), {"Content-Type": type_}, plain, what=f"{name} as {type_[:40]!r}")
        forms = {
            "no part": b"--b--\r\n",
            "no end": b"--b\r\nContent-Disposition: form-data; name=\"file\"\r\n\r\nabc",
            "no name": b"--b\r\nContent-Disposition: form-data\r\n\r\nabc\r\n--b--\r\n",
            "a path for a name": b"--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"../../etc/passwd\\\"\"\r\n\r\nabc\r\n--b--\r\n",
            "long headers": b"--b\r\nX: " + b"a" * 50_000 + b"\r\n\r\nabc\r\n--b--\r\n",
            "bad bytes": b"--b\r\nContent-Disposition: form-data; name=\"\xff\xfe\"\r\n\r\n\xff\r\n--b--\r\n",
        }
        for title, body in self.some(forms.items()):
            self.send(method, self.target(path), {"Content-Type": "multipart/form-data; boundary=b"}, body, what=f"{name} with a form with {title}")
        packed = gzip.compress(plain)
        bomb = gzip.compress(b" " * 30_000_000)
        codings = {
            "half a gzip": ("gzip", packed[: len(packed) // 2]),
            "a gzip with a broken end": ("gzip", packed[:-4] + b"\0\0\0\0"),
            "no gzip at all": ("gzip", plain),
            "a bomb": ("gzip", bomb),
            "a bomb in a bomb": ("gzip, gzip", gzip.compress(bomb)),
            "half a deflate": ("deflate", zlib.compress(plain)[:5]),
            "an unknown coding": ("br, identity, zstd", plain),
            "many codings": (", ".join(["gzip"] * 50), packed),
        }
        type_ = json_types[0]
        for title, (coding, body) in self.some(codings.items()):
            self.send(method, self.target(path), {"Content-Type": type_, "Content-Encoding": coding}, body, what=f"{name} with {title}")

    def odd_headers(self, name, method, path, headers, body):
        odd = {
            "Accept": ["", "*", "*/*;q=0", "application/json;q=2", "a" * 8000, ",".join(["text/x"] * 500), "application/json;q=\x7f"],
            "Accept-Encoding": ["*;q=0, identity;q=0", "gzip;q=NaN", "," * 2000],
            "Authorization": ["", "Bearer", "Bearer ", "Basic YTpi", "Bearer " + "a" * 10_000, "Bearer \xff"],
            "Range": ["bytes=-0", "bytes=9999999999999999999-", "bytes=" + ",".join("0-1" for _ in range(500)), "items=0-1"],
            "If-Range": ["\"", "Mon, 99 Foo 9999 99:99:99 GMT"],
            "If-None-Match": ["W/", "\"" * 100, ",".join(["\"x\""] * 1000)],
            "If-Match": ["*, *", "W/\"x"],
            "Prefer": ["return=minimal;;;=, respond-async", "," * 1000],
            "Parley-Version": ["1", "2026-11-23, 2026-11-23", "\xff"],
            "Last-Event-ID": ["-1", "9223372036854775808", "x" * 5000],
            "traceparent": ["00-" + "f" * 500, "zz-0-0-0"],
            "X-Request-Id": ["x" * 5000, "\xe9\xff"],
            "Host": ["evil.example", "", "localhost:99999999", "[::1"],
            "Origin": ["null", "http://evil.example", "://"],
            "Expect": ["100-continue", "200-never"],
            "Connection": ["close, keep-alive, upgrade"],
            "Upgrade": ["websocket, h2c"],
            "X-HTTP-Method-Override": ["DELETE"],
            "Cookie": ["=; ;;=a=b; " * 200],
            "Transfer-Encoding": ["gzip"],
        }
        for header, values in odd.items():
            for value in self.some(values):
                if header == "Transfer-Encoding" and body is not None:
                    continue
                self.send(method, self.target(path), {**headers, header: value.encode("latin-1")}, body, what=f"{name} with {header}: {value[:40]!r}")

    # Whole connections

    def raw(self, what, data, *, wait=SECONDS):
        """Sends bytes as they are; an answer of 4xx, or a closed connection, must come in time."""
        begun = time.monotonic()
        self.sent += 1
        with socket.create_connection((self.host, self.port), timeout=wait) as connection:
            text = b""
            try:
                connection.sendall(data)
                connection.shutdown(socket.SHUT_WR)
                while piece := connection.recv(65536):
                    text += piece
            except TimeoutError:
                self.failures.append(f"{what}: the connection hangs for {wait} s")
            except OSError:
                pass
        for line in text.split(b"\r\n"):
            if line.startswith(b"HTTP/1.1 5") and not line.startswith(b"HTTP/1.1 501") and not line.startswith(b"HTTP/1.1 505"):
                self.failures.append(f"{what}: {line!r}")
        self.slowest = max(self.slowest, (time.monotonic() - begun, what))

    def connections(self):
        host = f"Host: {self.host}\r\n".encode()
        token = f"Authorization: Bearer {self.token}\r\n".encode()
        head = b"POST /v1/projects HTTP/1.1\r\n" + host + token + b"Content-Type: application/json\r\n"
        for what, data in {
            "nothing at all": b"",
            "no HTTP": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" * 20,
            "a line without end": b"GET /" + b"a" * 200_000,
            "no version": b"GET /\r\n\r\n",
            "HTTP/0.9": b"GET / HTTP/0.9\r\n\r\n",
            "HTTP/2 preface": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
            "no host": b"GET /v1/me HTTP/1.1\r\n\r\n",
            "two hosts": b"GET /v1/me HTTP/1.1\r\n" + host + b"Host: evil.example\r\n\r\n",
            "many headers": b"GET /v1/me HTTP/1.1\r\n" + host + b"".join(b"X-%d: 1\r\n" % n for n in range(5000)) + b"\r\n",
            "a long header": b"GET /v1/me HTTP/1.1\r\n" + host + b"X: " + b"a" * 300_000 + b"\r\n\r\n",
            "a header with NUL": b"GET /v1/me HTTP/1.1\r\n" + host + b"X: a\0b\r\n\r\n",
            "a folded header": b"GET /v1/me HTTP/1.1\r\n" + host + b"X: a\r\n b\r\n\r\n",
            "a space before the colon": b"GET /v1/me HTTP/1.1\r\n" + host + b"X : a\r\n\r\n",
            "two lengths": head + b"Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}x",
            "length and chunks": head + b"Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            "a length below zero": head + b"Content-Length: -1\r\n\r\n{}",
            "a length beyond everything": head + b"Content-Length: 99999999999999999999\r\n\r\n{}",
            "less than announced": head + b"Content-Length: 100\r\n\r\n{}",
            "a chunk of no size": head + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n",
            "a chunk too long": head + b"Transfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\n{}\r\n",
            "chunks that stop": head + b"Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n",
            "a smuggled request": head + b"Transfer-Encoding: chunked\r\nTransfer-encoding: x\r\n\r\n0\r\n\r\nGET /v1/users HTTP/1.1\r\n" + host + b"\r\n",
            "an unknown method": b"BREW /v1/projects HTTP/1.1\r\n" + host + token + b"\r\n",
            "a method in small letters": b"get /v1/me HTTP/1.1\r\n" + host + token + b"\r\n",
            "CONNECT": b"CONNECT evil.example:443 HTTP/1.1\r\n" + host + b"\r\n",
            "a target of another server": b"GET http://evil.example/v1/me HTTP/1.1\r\n" + host + token + b"\r\n",
            "a target with raw bytes": b"GET /v1/\xff\xfe\x01 HTTP/1.1\r\n" + host + token + b"\r\n",
            "a very long target": b"GET /v1/projects?filter=" + b"a" * 70_000 + b" HTTP/1.1\r\n" + host + token + b"\r\n",
            "ten thousand parameters": b"GET /v1/projects?" + b"a=1&" * 10_000 + b" HTTP/1.1\r\n" + host + token + b"\r\n",
            "hundreds at once": (b"GET /v1/me HTTP/1.1\r\n" + host + token + b"\r\n") * 300,
        }.items():
            self.raw(what, data)

    def healthy(self):
        # A request whose length cannot be told, such as one in `Transfer-Encoding: gzip`, spoils what follows on its connection alone.
        self.close()
        self.send("GET", b"/health/ready", what="afterwards, /health/ready", expect={200})
        status, text = self.send("GET", b"/v1/me", what="afterwards, /v1/me", expect={200})
        self.send("POST", b"/v1/projects", {"Content-Type": "application/json"}, b'{"name":"Afterwards"}', what="afterwards, a project", expect={201})
        _, text = self.send("GET", b"/metrics", what="afterwards, /metrics", expect={200})
        undeclared = [line for line in text.decode().splitlines() if line.startswith("parley_http_undeclared_errors_total{")]
        for line in undeclared:
            self.failures.append(f"an error that its endpoint does not declare: {line}")

    def run(self):
        operations = list(self.operations())
        self.prepare()
        for path, method, operation in operations:
            self.renew()
            self.attack(path, method, operation)
        self.connections()
        self.healthy()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("address")
    parser.add_argument("token")
    parser.add_argument("--values", type=int, default=0, help="how many values each place gets; all when left out")
    options = parser.parse_args()
    hostility = Hostility(options.address, options.token, options.values)
    begun = time.monotonic()
    hostility.run()
    seconds, what = hostility.slowest
    counts = ", ".join(f"{count} × {status}" for status, count in sorted(hostility.statuses.items()))
    print(f"hostile: {hostility.sent} requests with {len(hostility.values)} values in {time.monotonic() - begun:.0f} s; slowest {seconds:.2f} s ({what})")
    print(f"answers: {counts}")
    for failure in hostility.failures[:60]:
        print("FAILED", failure)
    if hostility.failures:
        sys.exit(f"{len(hostility.failures)} hostile requests were not answered as they should be.")


if __name__ == "__main__":
    main()
