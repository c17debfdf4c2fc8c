#!/usr/bin/env python3
"""Shows by the server's own system calls that a 2xx is sent after what it acknowledges is on the disk.

Runs the real server under strace, uploads a document and makes a thread, and follows each marked name and text through the trace: the
bytes are written, the file and then its folder synced, the page of the database's log that holds the name written and synced, and only
then the answer written to the socket. Each step must have ended before the next begins. Exits with 1 when an order is not kept."""
import argparse
import os
import re
import secrets
import shutil
import socket
import sys
import tempfile
import time

from server import Model, Server, SQLite

CALLS = "openat,write,writev,pwrite64,pwritev,sendmsg,sendto,fsync,fdatasync,rename,renameat,renameat2"


class Call:
    """One system call: when it began and ended (as line numbers of the trace), and its text."""

    def __init__(self, begin, text):
        self.begin, self.end, self.text = begin, begin, text
        self.name = text.split("(", 1)[0]

    @property
    def result(self):
        found = re.search(r"\) += (-?\d+)(?!.*\) += )", self.text)
        return int(found.group(1)) if found else None


def read(path):
    """The calls of a trace, those that were interrupted by others put together again."""
    calls, open_calls = [], {}
    with open(path, encoding="utf-8", errors="replace") as lines:
        for number, line in enumerate(lines):
            thread, _, text = line.rstrip("\n").partition(" ")
            text = text.strip()
            if text.endswith("<unfinished ...>"):
                open_calls[thread] = Call(number, text.removesuffix("<unfinished ...>"))
                calls.append(open_calls[thread])
            elif text.startswith("<... "):
                call = open_calls.pop(thread, None)
                if call:
                    call.end, call.text = number, call.text + text.split("resumed>", 1)[1]
            elif "(" in text:
                calls.append(Call(number, text))
    return calls


class Story:
    """Steps that must follow one another, each begun after the one before it has ended."""

    def __init__(self, title, calls):
        self.title, self.calls, self.at, self.steps, self.broken = title, calls, -1, [], False

    def then(self, what, matches):
        if self.broken:
            return
        for call in self.calls:
            if call.begin > self.at and matches(call):
                if call.name in ("fsync", "fdatasync", "rename", "renameat", "renameat2") and call.result != 0:
                    continue
                self.at = call.end
                self.steps.append(f"  {call.begin:>7}–{call.end:<7} {what}: {shorten(call.text)}")
                return
        self.broken = True
        self.steps.append(f"  WRONG: after that there is no call that {what}")

    def tell(self):
        print(self.title)
        print("\n".join(self.steps))
        return not self.broken


def shorten(text):
    text = re.sub(r'"((?:[^"\\]|\\.){0,24})(?:[^"\\]|\\.)*"(\.\.\.)?', r'"\1…"', text)
    return re.sub(r"/tmp/parley-trace-[^/]*/data/", "", text)[:160]


def send(server, head, body):
    """One request on a connection of its own; the port it was sent from and the answer."""
    with socket.create_connection(("127.0.0.1", server.port)) as place:
        port = place.getsockname()[1]
        request = head + f"\r\nHost: localhost\r\nAuthorization: Bearer {server.key}\r\nContent-Length: {len(body)}\r\n\r\n"
        place.sendall(request.encode() + body)
        answer = place.recv(65536).decode(errors="replace")
    return port, answer


def settle(path):
    """Waits until strace, which runs beside the server, has written all of it."""
    size = -1
    while size != os.path.getsize(path):
        size = os.path.getsize(path)
        time.sleep(0.3)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--binary", required=True)
    parser.add_argument("--home", required=True)
    chosen = parser.parse_args()
    if not shutil.which("strace"):
        sys.exit("strace is not installed; script/setup --tests installs it.")
    folder = tempfile.mkdtemp(prefix="parley-trace-")
    trace = folder + "/trace"
    database = SQLite(folder + "/data")
    server = Server(chosen.binary, chosen.home, folder + "/data", Model.serve(), database)
    server.start(prefix=["strace", "-D", "-f", "--seccomp-bpf", "-yy", "-s", "100000", "-e", "trace=" + CALLS, "-o", trace])
    project = server.sign_in()
    mark = secrets.token_hex(6)
    text = f"# Trace\n\nThe bytes of this document are marked {mark}-text.".encode()
    upload_port, upload = send(
        server, f"POST /v1/projects/{project}/documents?name={mark}-name.md HTTP/1.1\r\nContent-Type: application/octet-stream", text)
    thread_port, thread = send(
        server, f"POST /v1/projects/{project}/threads HTTP/1.1\r\nContent-Type: application/json", f'{{"title": "{mark}-thread"}}'.encode())
    server.stop()
    settle(trace)
    calls = read(trace)

    def to_log(word, port, status):
        """The last page with this word that was written to the log before the answer."""
        answer = next((call.begin for call in calls if answered(port, status)(call)), 0)
        pages = [call for call in calls if call.name.startswith("pwrite") and "parley.sqlite-wal>" in call.text and word in call.text]
        last = max((call for call in pages if call.begin < answer), key=lambda call: call.begin, default=None)
        return lambda call: call is last

    def log_synced(call):
        return call.name in ("fsync", "fdatasync") and "parley.sqlite-wal>" in call.text

    def answered(port, status):
        return lambda call: (
            call.name in ("write", "writev", "sendmsg", "sendto") and f"127.0.0.1:{port}]" in call.text and f"HTTP/1.1 {status}" in call.text)

    first = Story("An upload is answered with 202", calls)
    first.then("writes the file's bytes", lambda call: call.name == "write" and "/blobs/incoming/" in call.text and f"{mark}-text" in call.text)
    first.then("syncs the file", lambda call: call.name == "fsync" and "/blobs/incoming/" in call.text)
    first.then("gives it its name", lambda call: call.name.startswith("rename") and "/blobs/incoming/" in call.text)
    first.then("syncs its folder", lambda call: call.name == "fsync" and re.search(r"/blobs/[0-9a-f]{2}>", call.text))
    first.then("writes the document's row to the log", to_log(f"{mark}-name", upload_port, 202))
    first.then("syncs the log", log_synced)
    first.then("sends the answer", answered(upload_port, 202))
    second = Story("A thread is answered with 201", calls)
    second.then("writes the thread's row to the log", to_log(f"{mark}-thread", thread_port, 201))
    second.then("syncs the log", log_synced)
    second.then("sends the answer", answered(thread_port, 201))
    # The other way round: no answer left before the log was synced.
    kept = [first.tell(), second.tell()]
    for port, status, story in ((upload_port, 202, first), (thread_port, 201, second)):
        sent = [call for call in calls if answered(port, status)(call)]
        if len(sent) != 1 or sent[0].end != story.at:
            print(f"WRONG: the answer {status} was sent {len(sent)} times, or before its log was synced")
            kept.append(False)
    if not (upload.startswith("HTTP/1.1 202") and thread.startswith("HTTP/1.1 201")):
        print(f"WRONG: the answers were {upload[:40]!r} and {thread[:40]!r}")
        kept.append(False)
    if not all(kept):
        sys.exit(f"an order is not kept; the trace is in {trace}")
    print(f"both orders kept, in a trace of {len(calls)} calls")
    shutil.rmtree(folder)


if __name__ == "__main__":
    main()
