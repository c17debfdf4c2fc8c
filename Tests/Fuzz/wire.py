"""HTTP/1.1 on bare sockets: what is sent goes out byte for byte, connections are kept, and every answer is timed."""
import json
import select
import socket
import time

LONGEST = 12.0  # Seconds for one answer; past that it counts as none.


class Answer:
    """What came back. `status` is 0 when the connection ended without an answer, -1 when none came in time."""

    __slots__ = ("status", "headers", "body", "seconds", "before")

    def __init__(self, status, headers=None, body=b"", seconds=0.0, before=b""):
        self.status, self.headers, self.body, self.seconds = status, headers or {}, body, seconds
        self.before = before  # How the request before it on the same connection began, where none was answered.

    def json(self):
        try:
            return json.loads(self.body)
        except ValueError:
            return None

    @property
    def problem(self):
        found = self.json()
        return found.get("code") if isinstance(found, dict) else None


class Connection:
    """One connection for one thread, opened again when the server has closed it."""

    def __init__(self, port, patience=LONGEST):
        self.port, self.patience = port, patience
        self.socket, self.before = None, b""

    def close(self):
        if self.socket is not None:
            self.socket.close()
        self.socket, self.before = None, b""

    def call(self, method, target, body=None, token=None, kind="application/json", headers=()):
        """A plain request; a body that is no bytes is sent as JSON."""
        if body is not None and not isinstance(body, (bytes, bytearray)):
            body = json.dumps(body).encode()
        lines = [f"{method} {target} HTTP/1.1", "Host: 127.0.0.1", *headers]
        if token:
            lines.append(f"Authorization: Bearer {token}")
        if body is not None:
            lines += [f"Content-Type: {kind}", f"Content-Length: {len(body)}"]
        return self.send("\r\n".join(lines).encode() + b"\r\n\r\n" + (body or b""))

    def send(self, request, ends=False):
        """Sends the bytes and reads one answer. With `ends`, nothing more is sent, so that a request that is not whole is answered too."""
        for attempt in (1, 2):
            fresh = self.socket is None
            begun = time.monotonic()
            try:
                if fresh:
                    self.socket = socket.create_connection(("127.0.0.1", self.port), timeout=self.patience)
                    self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                answer = self.exchange(request, ends, begun)
            except TimeoutError:
                before = self.before
                self.close()
                return Answer(-1, seconds=time.monotonic() - begun, before=before)
            except OSError:
                answer = None
            if answer is not None:
                answer.seconds = time.monotonic() - begun
                if self.socket is not None:
                    self.before = request[:80]
                return answer
            self.close()
            # A kept connection may have been closed by the server in the meantime; a fresh one tells.
            if fresh:
                break
        return Answer(0, seconds=time.monotonic() - begun)

    def exchange(self, request, ends, begun):
        early = self.write(request)
        if ends and not early:
            self.socket.shutdown(socket.SHUT_WR)
        buffer = bytearray()
        while True:
            end = buffer.find(b"\r\n\r\n")
            if end >= 0:
                if not buffer.startswith(b"HTTP/1.1 1"):
                    break
                del buffer[: end + 4]
                continue
            if not self.receive(buffer, begun):
                return None
        lines = bytes(buffer[:end]).decode("latin-1").split("\r\n")
        status = int(lines[0].split(" ")[1])
        headers = {}
        for line in lines[1:]:
            name, _, value = line.partition(":")
            headers[name.lower()] = value.strip()
        del buffer[: end + 4]
        body, whole = self.content(buffer, status, headers, request.startswith(b"HEAD"), begun)
        if ends or early or not whole or headers.get("connection", "").lower() == "close":
            self.close()
        return Answer(status, headers, body)

    def write(self, request):
        """True when the server answered before it had read everything."""
        if len(request) < 65536:
            self.socket.sendall(request)
            return False
        view, place = memoryview(request), 0
        while place < len(view):
            readable, writable, _ = select.select([self.socket], [self.socket], [], self.patience)
            if readable:
                return True
            if not writable:
                raise TimeoutError
            place += self.socket.send(view[place : place + 262144])
        return False

    def receive(self, buffer, begun):
        if time.monotonic() - begun > self.patience:
            raise TimeoutError
        piece = self.socket.recv(262144)
        buffer += piece
        return bool(piece)

    def content(self, buffer, status, headers, is_head, begun):
        """The body, and whether its end was seen; of an event stream only what comes first."""
        if is_head or status in (204, 304):
            return b"", not buffer
        if headers.get("content-type", "").startswith("text/event-stream"):
            if not buffer:
                self.receive(buffer, begun)
            return bytes(buffer), False
        if "content-length" in headers:
            length = int(headers["content-length"])
            while len(buffer) < length:
                if not self.receive(buffer, begun):
                    return bytes(buffer), False
            return bytes(buffer[:length]), len(buffer) == length
        if headers.get("transfer-encoding") == "chunked":
            while not buffer.endswith(b"0\r\n\r\n"):
                if not self.receive(buffer, begun):
                    return bytes(buffer), False
            return unchunked(buffer), True
        while self.receive(buffer, begun):
            pass
        return bytes(buffer), False


def unchunked(buffer):
    pieces, place = [], 0
    while True:
        end = buffer.find(b"\r\n", place)
        if end < 0:
            return b"".join(pieces)
        size = int(bytes(buffer[place:end]).split(b";")[0], 16)
        if size == 0:
            return b"".join(pieces)
        pieces.append(bytes(buffer[end + 2 : end + 2 + size]))
        place = end + 2 + size + 2
