"""The real server as a process of its own, on a folder of its own, spoken to over HTTP; and a language model that it asks."""
import http.client
import http.server
import json
import os
import random
import signal
import socket
import sqlite3
import subprocess
import tempfile
import threading
import time

ANSWER = "The ledger of each day is closed at noon. A copy of it is kept in the northern tower. Nobody has ever asked for the copy."


class Model(http.server.BaseHTTPRequestHandler):
    """Speaks OpenAI's protocol; gives its answer word by word, so that there is something to interrupt."""

    protocol_version = "HTTP/1.1"
    pause = 0.008

    def log_message(self, *_):
        pass

    def do_GET(self):
        self.reply(b'{"object":"list","data":[]}', "application/json")

    def do_POST(self):
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Connection", "close")
        self.end_headers()
        try:
            for word in ANSWER.split(" "):
                self.piece({"choices": [{"index": 0, "delta": {"content": word + " "}, "finish_reason": None}]})
                time.sleep(self.pause)
            self.piece({"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]})
            self.piece({"choices": [], "usage": {"prompt_tokens": 100, "completion_tokens": 25}})
            self.wfile.write(b"data: [DONE]\n\n")
        except OSError:
            pass
        self.close_connection = True

    def piece(self, value):
        self.wfile.write(f"data: {json.dumps(value)}\n\n".encode())
        self.wfile.flush()

    def reply(self, body, kind):
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    @classmethod
    def serve(cls):
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), cls)
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, daemon=True).start()
        return f"http://127.0.0.1:{server.server_port}/v1"


def free_port():
    with socket.socket() as place:
        place.bind(("127.0.0.1", 0))
        return place.getsockname()[1]


class Gone(Exception):
    """The server did not answer: nobody knows whether it did what it was asked."""


class SQLite:
    """The database as the server left it, read past the server."""

    def __init__(self, folder):
        self.path = os.path.join(folder, "parley.sqlite")
        self.url = None

    def rows(self, sql):
        with sqlite3.connect(f"file:{self.path}?mode=ro", uri=True, timeout=10) as connection:
            return [tuple(row) for row in connection.execute(sql)]

    def integrity(self):
        """On a copy of all its files, so that looking at them does not mend them."""
        with tempfile.TemporaryDirectory() as folder:
            for suffix in ("", "-wal"):
                if os.path.exists(self.path + suffix):
                    with open(self.path + suffix, "rb") as source, open(os.path.join(folder, "copy" + suffix), "wb") as copy:
                        copy.write(source.read())
            connection = sqlite3.connect(os.path.join(folder, "copy"))
            found = [row[0] for row in connection.execute("PRAGMA integrity_check")]
            found += [f"{row[0]} {row[1]} names a row of {row[2]} that is not there" for row in connection.execute("PRAGMA foreign_key_check")]
            connection.close()
        return [line for line in found if line != "ok"]

    def stop(self):
        pass


class Postgres:
    """A cluster of its own, spoken to by psql."""

    def __init__(self, folder, bin):
        self.bin, self.data, self.port = bin, os.path.join(folder, "cluster"), free_port()
        self.folder = folder
        # PostgreSQL does not run as root.
        self.user = []
        if os.geteuid() == 0:
            self.user = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]
            os.makedirs(self.data)
            os.chown(self.data, 65534, 65534)
            os.chmod(folder, 0o755)
        self.run("initdb", "-D", self.data, "-U", "parley", "-A", "trust", "-E", "UTF8", "--no-instructions")
        self.start()
        self.run("psql", "-h", "127.0.0.1", "-p", str(self.port), "-U", "parley", "-d", "postgres", "-c", "CREATE DATABASE parley")
        self.url = f"postgres://parley@127.0.0.1:{self.port}/parley"

    def run(self, program, *arguments):
        return subprocess.run(
            self.user + [os.path.join(self.bin, program), *arguments], check=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            text=True, cwd="/").stdout

    def start(self):
        options = f"-p {self.port} -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c max_connections=60"
        subprocess.run(
            self.user + [os.path.join(self.bin, "pg_ctl"), "-D", self.data, "-o", options, "-w", "-l", self.data + "/log", "start"], check=True,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd="/")

    def crash(self):
        """No time to write anything down: the next start recovers from the log."""
        self.run("pg_ctl", "-D", self.data, "-m", "immediate", "stop")
        self.start()

    def rows(self, sql):
        text = self.run(
            "psql", "-h", "127.0.0.1", "-p", str(self.port), "-U", "parley", "-d", "parley", "-At", "-F", "\x1f", "-R", "\x1e", "-c", sql)
        lines = [line for line in text.rstrip("\n").split("\x1e") if line]
        return [tuple(int(cell) if cell.isdigit() else cell for cell in line.split("\x1f")) for line in lines]

    def integrity(self):
        return []

    def stop(self):
        self.run("pg_ctl", "-D", self.data, "-m", "fast", "stop")


class Server:
    many = False

    def __init__(self, binary, home, folder, model, database, more=(), blobs=None):
        self.port = free_port()
        self.folder, self.blobs = folder, blobs or os.path.join(folder, "blobs")
        self.command = [
            binary, "serve", "--http-port", str(self.port), "--data-path", folder, "--log-level", "error", "--model-url", model,
            "--model-name", "scripted", "--answer-abstain", "false", "--embedding-model", home + "/models/all-MiniLM-L6-v2",
            "--inference-runtime", home + "/runtime/openvino", "--rate-ordinary", "0", "--remote-breaker-failures", "1000", *more,
        ]
        if blobs:
            self.command += ["--storage-path", blobs]
        if database.url:
            self.command += ["--database-url", database.url]
        self.log = open(folder + ".log", "ab")
        self.key = None
        self.process = None
        self.alive = False
        self.starts = []

    def start(self, prefix=()):
        began = time.monotonic()
        # Whatever of the environment begins like a setting would be taken for one.
        environment = {name: value for name, value in os.environ.items() if not name.startswith("PARLEY_")}
        self.process = subprocess.Popen(
            [*prefix, *self.command], stdin=subprocess.DEVNULL, stdout=self.log, stderr=self.log, env=environment)
        while True:
            try:
                if self.call("GET", "/health/live")[0] == 200:
                    break
            except Gone:
                pass
            if self.process.poll() is not None or time.monotonic() - began > 60:
                raise SystemExit(f"the server did not start; {self.log.name} tells why")
            time.sleep(0.005)
        self.alive = True
        self.starts.append(time.monotonic() - began)

    def kill(self):
        self.alive = False
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def stop(self):
        self.process.terminate()
        self.process.wait()

    def sign_in(self):
        """The first administrator, and a key that survives restarts."""
        with open(self.log.name, encoding="utf-8") as log:
            link = log.read().split("welcome?token=")[1]
        token = link.split()[0].strip()
        body = {"token": token, "email": "ada@example.com", "name": "Ada", "password": "a long and quiet river"}
        self.key = self.made(self.call("POST", "/v1/auth/first-run", body))["access_token"]
        self.key = self.made(self.call("POST", "/v1/me/keys", {"name": "durability"}))["secret"]
        return self.made(self.call("POST", "/v1/projects", {"name": "Durability"}))["id"]

    @staticmethod
    def made(answer):
        status, body = answer
        if not 200 <= status < 300:
            raise SystemExit(f"the server answered {status}: {body}")
        return body

    def call(self, method, path, body=None, key=None, raw=None, timeout=60):
        """Status and body. A raw body may be an iterator of pieces with its length.
        Raises Gone when the connection ended before the answer."""
        headers = {"Authorization": f"Bearer {self.key}"} if self.key else {}
        if key:
            headers["Idempotency-Key"] = key
        data = None
        if raw is not None:
            data, headers["Content-Length"] = raw
            headers["Content-Type"] = "application/octet-stream"
        elif body is not None:
            data = json.dumps(body).encode()
            headers["Content-Type"] = "application/json"
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)
        try:
            connection.request(method, path, data, headers)
            answer = connection.getresponse()
            content = answer.read()
        except (OSError, http.client.HTTPException) as error:
            raise Gone() from error
        finally:
            connection.close()
        if "json" in (answer.headers.get("Content-Type") or ""):
            return answer.status, json.loads(content)
        return answer.status, content


class Servers:
    """Several servers on one database, with one folder of files; each call goes to any that runs."""

    many = True

    def __init__(self, binary, home, folder, model, database, number):
        self.blobs = os.path.join(folder, "blobs")
        self.each = [Server(binary, home, f"{folder}/data{n}", model, database, blobs=self.blobs) for n in range(number)]
        self.chance = random.Random()
        # The others come once the first has its administrator: each start makes a new link for the first login.
        self.used = 1

    def start(self):
        for server in self.each[: self.used]:
            if not server.alive:
                server.start()

    def sign_in(self):
        project = self.each[0].sign_in()
        self.used = len(self.each)
        for server in self.each:
            server.key = self.each[0].key
        self.start()
        return project

    @property
    def starts(self):
        return [time for server in self.each for time in server.starts]

    def kill(self):
        self.chance.choice(self.each).kill()

    def stop(self):
        for server in self.each:
            server.stop()

    def call(self, *arguments, **named):
        return self.chance.choice([server for server in self.each if server.alive]).call(*arguments, **named)
