"""The server under attack: a process of its own with a fresh data folder, and what can be seen of it from outside."""
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time

from wire import Connection

EMAIL, PASSWORD = "ada@example.com", "a long and quiet river"


class Embedder:
    """The stub of an embedding service, a process of its own."""

    def __init__(self):
        script = os.path.join(os.path.dirname(os.path.abspath(__file__)), "embedder.py")
        self.process = subprocess.Popen([sys.executable, script], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.url = f"http://127.0.0.1:{int(self.process.stdout.readline())}/v1"

    def stop(self):
        self.process.kill()
        self.process.wait()


def free_port():
    with socket.socket() as place:
        place.bind(("127.0.0.1", 0))
        return place.getsockname()[1]


class Target:
    """- Parameter more: further flags of `parley serve`; they win over those that stand here, and None leaves one out."""

    def __init__(self, binary, folder, embedder, more=()):
        self.folder, self.port = folder, free_port()
        os.makedirs(folder, exist_ok=True)
        self.log_path = os.path.join(folder, "log")
        self.temporary = os.path.join(folder, "tmp")
        os.makedirs(self.temporary, exist_ok=True)
        flags = {
            "data-path": os.path.join(folder, "data"), "http-port": self.port, "embedding-url": embedder.url, "embedding-model": "stub",
            "answer-quotes-only": "true", "log-level": "warning", "log-format": "text", "storage-min-free": "64MiB",
            # A tenth of what it usually is, so that documents that take for ever do not keep the others from being read.
            "ingestion-max-time": "12s",
            "rate-ordinary": 0, "rate-question": 0, "rate-upload": 0, "rate-bulk": 0, "rate-sign-in": 0,
            # What is broken on purpose is sent as one person, who must still get in.
            "sign-in-free-failures": 1_000_000, "sign-in-free-failures-of-address": 1_000_000,
        }
        flags.update(more)
        self.command = [binary, "serve"] + [part for name, value in flags.items() if value is not None for part in (f"--{name}", str(value))]
        self.start()

    def start(self):
        environment = {name: value for name, value in os.environ.items() if not name.startswith("PARLEY_")}
        environment["TMPDIR"] = self.temporary
        self.log = open(self.log_path, "ab")
        self.process = subprocess.Popen(
            ["nice", "-n", "5", *self.command], stdin=subprocess.DEVNULL, stdout=self.log, stderr=self.log, env=environment)
        deadline = time.monotonic() + 60
        while Connection(self.port).call("GET", "/health/live").status != 200:
            if self.process.poll() is not None or time.monotonic() > deadline:
                with open(self.log_path, encoding="utf-8", errors="replace") as log:
                    raise SystemExit("the server did not start:\n" + log.read()[-4000:])
            time.sleep(0.02)
        self.pid = self.process.pid

    def first_run(self):
        """Makes the first administrator; gives an access token."""
        with open(self.log_path, encoding="utf-8", errors="replace") as log:
            secret = log.read().split("welcome?token=")[1].split()[0].strip()
        body = {"token": secret, "email": EMAIL, "name": "Ada", "password": PASSWORD}
        return Connection(self.port).call("POST", "/v1/auth/first-run", body).json()["access_token"]

    @property
    def lives(self):
        return self.process.poll() is None

    @property
    def end(self):
        """How the process ended, in words."""
        code = self.process.poll()
        return "runs" if code is None else f"ended by {signal.Signals(-code).name}" if code < 0 else f"ended with status {code}"

    def stop(self):
        if self.lives:
            self.process.terminate()
            try:
                self.process.wait(20)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
                return False
        return True

    def kill(self):
        if self.lives:
            self.process.kill()
            self.process.wait()

    def last_words(self):
        """What the log tells of a crash: the reason, and where in our code."""
        lines = re.sub(r"\x1b\[[0-9;]*m", "", self.log_tail(1_000_000)).split("\n")
        telling = [line.strip() for line in lines if "Fatal error" in line or "Crash" in line or "crashed" in line or re.match(r"\s*\d+ .* in parley\S* at /", line)]
        return "\n".join("      " + line[:200] for line in telling[:14])

    def log_tail(self, size=3000):
        with open(self.log_path, "rb") as log:
            log.seek(max(0, os.path.getsize(self.log_path) - size))
            return log.read().decode("utf-8", "replace")


# What /proc tells

def resident(pid):
    """Bytes of memory the process holds; 0 when it is gone."""
    try:
        with open(f"/proc/{pid}/statm") as statm:
            return int(statm.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError, IndexError):
        return 0


def processes():
    """Every process as pid: (parent, state, start time, name)."""
    found = {}
    for entry in os.listdir("/proc"):
        if not entry.isdigit():
            continue
        try:
            with open(f"/proc/{entry}/stat") as stat:
                text = stat.read()
        except OSError:
            continue
        name = text[text.index("(") + 1 : text.rindex(")")]
        fields = text[text.rindex(")") + 2 :].split()
        found[int(entry)] = (int(fields[1]), fields[0], int(fields[19]), name)
    return found


def descendants(pid):
    """Children of the process and theirs: pid: (state, start time, name)."""
    everything = processes()
    children, level = {}, [pid]
    while level:
        level = [one for one, (parent, *_) in everything.items() if parent in level and one not in children]
        children.update({one: everything[one][1:] for one in level})
    return children
