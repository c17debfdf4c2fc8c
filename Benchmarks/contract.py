#!/usr/bin/env python3
"""Measures what the rules of the API cost, on a running release binary with SQLite and a million documents.

usage: contract.py --binary .build/release/parley --home .parley [--documents 1000000] [--rounds 300]

Prints one line for each goal and ends with 1 when one is missed. Each figure is the median over rounds of requests that take turns,
so that what else the machine does falls on both sides alike.
"""
import argparse, http.client, json, os, pathlib, re, socket, sqlite3, statistics, subprocess, sys, tempfile, time

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def identifier(prefix, milliseconds, number):
    """A UUIDv7-like id that sorts by its time: 26 digits of Crockford base 32."""
    value = (milliseconds << 80) | (7 << 76) | (2 << 62) | number
    return prefix + "_" + "".join(ALPHABET[(value >> shift) & 31] for shift in range(125, -1, -5))


class Server:
    def __init__(self, options, folder):
        home = pathlib.Path(options.home).resolve()
        self.folder, self.port = folder, options.port
        command = [
            options.binary, "serve", "--data-path", f"{folder}/data", "--http-port", str(self.port), "--answer-quotes-only", "true",
            "--embedding-model", f"{home}/models/all-MiniLM-L6-v2", "--inference-runtime", f"{home}/runtime/openvino",
            "--log-level", "warning", "--rate-ordinary", "1000000000",
        ]
        self.log = open(f"{folder}/log", "wb")
        self.process = subprocess.Popen(command, stdout=self.log, stderr=subprocess.STDOUT)
        self.connection, self.token = None, None
        for _ in range(600):
            try:
                if self.call("GET", "/health/ready")[0] == 200:
                    return
            except OSError:
                self.connection = None
            time.sleep(0.1)
        raise SystemExit("The server did not become ready within a minute; see " + f"{folder}/log")

    def call(self, method, path, body=None, headers=None):
        if self.connection is None:
            self.connection = http.client.HTTPConnection("127.0.0.1", self.port)
        headers = dict(headers or {})
        if self.token:
            headers["Authorization"] = "Bearer " + self.token
        if body is not None:
            headers["Content-Type"], body = "application/json", json.dumps(body)
        self.connection.request(method, path, body, headers)
        response = self.connection.getresponse()
        return response.status, response.headers, response.read()

    def json(self, method, path, body=None):
        status, _, content = self.call(method, path, body)
        if status >= 400:
            raise SystemExit(f"{method} {path}: {status} {content.decode()}")
        return json.loads(content) if content else None

    def sign_in(self):
        token = re.search(r"welcome\?token=([A-Za-z0-9_-]+)", open(f"{self.folder}/log").read()).group(1)
        person = {"email": "bench@example.com", "password": "a long and quiet river"}
        self.token = self.json("POST", "/v1/auth/first-run", person | {"token": token, "name": "Bench"})["access_token"]

    def stop(self):
        self.process.terminate()
        self.process.wait()


def fill(path, project, user, count):
    """Documents straight into the rows: a million uploads would measure something else."""
    database = sqlite3.connect(path, timeout=60)
    start = 1_700_000_000_000

    def documents():
        for n in range(count):
            now = start + n
            yield (identifier("doc", now, n), project, f"document {n:07d}.txt", f"{n:064x}", identifier("rev", now, n), user, now, now)

    def revisions():
        for n in range(count):
            now = start + n
            yield (identifier("rev", now, n), identifier("doc", now, n), project, f"{n:064x}", 1000 + n, "text/plain", "ready", 1.0, 3, now)

    with database:
        database.executemany(
            "INSERT INTO documents (id, project_id, name, content_hash, latest_revision_id, created_by, created_at, updated_at)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?)", documents())
        database.executemany(
            "INSERT INTO revisions (id, document_id, project_id, content_hash, size, media_type, state, progress, chunks, created_at)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", revisions())
        text = "The office is open from nine to five on weekdays. " * 4000
        first = identifier("rev", start, 0)
        database.execute(
            "INSERT INTO parsed_texts (revision_id, text, length, outline) VALUES (?, ?, ?, ?)",
            (first, text, len(text), json.dumps({"pages": [], "headings": []})))
        database.execute("UPDATE documents SET current_revision_id = ? WHERE id = ?", (first, identifier("doc", start, 0)))
    database.execute("ANALYZE")
    database.close()
    return identifier("doc", start, 0)


class Lane:
    """A connection that does little work of its own, so that what is measured is the server's answer."""

    def __init__(self, server):
        self.socket = socket.create_connection(("127.0.0.1", server.port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.token = server.token

    def request(self, path, headers):
        lines = [f"GET {path} HTTP/1.1", "Host: 127.0.0.1", f"Authorization: Bearer {self.token}"]
        return "\r\n".join(lines + [f"{name}: {value}" for name, value in headers.items()] + ["", ""]).encode()

    def seconds(self, request, allowed=(b"200", b"304")):
        begin = time.perf_counter()
        self.socket.sendall(request)
        answer = self.socket.recv(1 << 20)
        while (end := answer.find(b"\r\n\r\n")) < 0:
            answer += self.socket.recv(1 << 20)
        length = re.search(rb"(?i)content-length: (\d+)", answer[:end])
        wanted = end + 4 + (int(length.group(1)) if length and answer[9:12] != b"304" else 0)
        got = len(answer)
        while got < wanted:
            got += len(self.socket.recv(1 << 20))
        taken = time.perf_counter() - begin
        if answer[9:12] not in allowed:
            raise SystemExit(f"{request.split()[1].decode()}: {answer[9:12].decode()}")
        return taken


def compare(server, rounds, *calls):
    """Median seconds of the calls, taken in turns."""
    lane = Lane(server)
    requests = [lane.request(path, headers) for path, headers in calls]
    for request in requests * 20:
        lane.seconds(request)
    times = [[] for _ in requests]
    for _ in range(rounds):
        for request, taken in zip(requests, times):
            taken.append(lane.seconds(request))
    return [statistics.median(taken) for taken in times]


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--binary", required=True)
    parser.add_argument("--home", required=True)
    parser.add_argument("--documents", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=300)
    parser.add_argument("--port", type=int, default=18_099)
    options = parser.parse_args()
    missed = False

    def report(name, ratio, limit, detail):
        nonlocal missed
        missed = missed or ratio > limit
        print(f"{'ok  ' if ratio <= limit else 'MISS'} {name}: {ratio:.2f} (at most {limit:.2f}) – {detail}")

    with tempfile.TemporaryDirectory() as folder:
        server = Server(options, folder)
        try:
            server.sign_in()
            project = server.json("POST", "/v1/projects", {"name": "Benchmark"})["id"]
            user = server.json("GET", "/v1/me")["id"]
            begin = time.perf_counter()
            document = fill(f"{folder}/data/parley.sqlite", project, user, options.documents)
            print(f"{options.documents} documents in {time.perf_counter() - begin:.0f} s")
            root = f"/v1/projects/{project}/documents"
            for sort in ("id", "name", "-created_at"):
                path = f"{root}?limit=100&sort={sort}"
                deep = walk(server, path, options.documents)
                first, last = compare(server, options.rounds, (path, {}), (deep, {}))
                report(f"last page : first page, sort={sort}", last / first, 1.3, f"{last * 1000:.2f} to {first * 1000:.2f} ms for 100 items")
            for name, path in (
                ("a text of 200,000 characters", f"{root}/{document}/text"), ("a document", f"{root}/{document}"),
                ("100 documents", f"{root}?limit=100"), ("100 documents by name", f"{root}?limit=100&sort=name"),
            ):
                tag = server.call("GET", path)[1]["ETag"]
                least, full, same = compare(server, options.rounds, ("/health/live", {}), (path, {}), (path, {"If-None-Match": tag}))
                detail = f"{same * 1000:.2f} to {full * 1000:.2f} ms; {least * 1000:.2f} ms for an answer that looks at nothing"
                report(f"304 : full answer, {name}", same / full, 1 / 3, detail)
            path = f"{root}?limit=100"
            full, sparse = compare(server, options.rounds, (path, {}), (path + "&fields=id,name,tags,error.code", {}))
            report("sparse fields : all fields, 100 documents", sparse / full, 1.05, f"{sparse * 1000:.2f} to {full * 1000:.2f} ms")
        finally:
            server.stop()
    sys.exit(1 if missed else 0)


def walk(server, path, count):
    """Follows next_cursor to the last page; the signed cursors leave no short cut."""
    cursor, address = None, path
    pages = (count + 99) // 100
    for _ in range(pages - 1):
        cursor = server.json("GET", address + "&fields=id")["page"]["next_cursor"]
        address = f"{path}&cursor={cursor}"
    return address


if __name__ == "__main__":
    main()
