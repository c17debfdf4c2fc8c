"""A Parley server of its own, in a folder of its own, asked over HTTP."""
import http.client
import json
import os
import pathlib
import re
import subprocess
import sys
import time
import urllib.parse

ROOT = pathlib.Path(__file__).resolve().parents[2]
HOME = os.environ.get("PARLEY_HOME", str(ROOT / ".parley"))


class Server:
    def __init__(self, binary, folder, options=()):
        self.log = open(f"{folder}/log", "w+", encoding="utf-8")
        self.process = subprocess.Popen(
            [
                binary, "serve", "--data-path", f"{folder}/data", "--http-port", "0", "--inference-runtime", f"{HOME}/runtime/openvino",
                "--embedding-model", f"{HOME}/models/all-MiniLM-L6-v2", "--reader-model", f"{HOME}/models/reader", "--log-level", "error",
                "--rate-ordinary", "0", "--rate-question", "0", "--rate-upload", "0", "--rate-bulk", "0", "--rate-sign-in", "0", *options,
            ], stdout=self.log, stderr=self.log)
        link = self.wait(lambda: re.search(r"http://([^/\s]+)\S*welcome\?token=(\S+)", pathlib.Path(self.log.name).read_text()))
        self.address, self.token = link.group(1), None
        person = {"token": link.group(2), "email": "ada@example.com", "name": "Ada", "password": "a long and quiet river"}
        self.token = self.call("POST", "/v1/auth/first-run", person)["access_token"]
        self.token = self.call("POST", "/v1/me/keys", {"name": "answers"})["secret"]

    def wait(self, look):
        for _ in range(18000):
            if self.process.poll() is not None:
                sys.exit("the server ended: " + pathlib.Path(self.log.name).read_text())
            if found := look():
                return found
            time.sleep(0.1)
        sys.exit("the server takes too long")

    def call(self, method, path, body=None, kind="application/json", refusals=()):
        connection = http.client.HTTPConnection(self.address, timeout=900)
        headers = {"Content-Type": kind} | ({"Authorization": f"Bearer {self.token}"} if self.token else {})
        data = json.dumps(body).encode() if isinstance(body, dict) else body
        connection.request(method, path, data, headers)
        answer = connection.getresponse()
        text = answer.read()
        connection.close()
        if answer.status >= 300 and answer.status not in refusals:
            sys.exit(f"{method} {path}: {answer.status} {text[:500]}")
        return json.loads(text) if answer.headers.get("Content-Type", "").startswith("application/json") else text

    def stop(self):
        self.process.terminate()
        self.process.wait()


class Project:
    """A project with documents, ready to be asked."""

    def __init__(self, server, name, documents):
        self.server = server
        self.path = "/v1/projects/" + server.call("POST", "/v1/projects", {"name": name})["id"]
        for file, data in documents:
            boundary = "parley-answers-boundary"
            head = f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="{file}"\r\n\r\n'
            server.call(
                "POST", f"{self.path}/documents", head.encode() + data + f"\r\n--{boundary}--\r\n".encode(),
                f"multipart/form-data; boundary={boundary}", refusals={415})  # a kind that cannot be read is left out
        server.wait(self.is_ready)

    def is_ready(self):
        cursor = ""
        while True:
            page = self.server.call("GET", f"{self.path}/documents?limit=100{cursor}")
            if any(each["state"] not in ("ready", "failed") for each in page["items"]):
                return False
            if not page.get("next_cursor"):
                return True
            cursor = "&cursor=" + urllib.parse.quote(page["next_cursor"])

    def search(self, question, limit=8):
        return self.server.call("POST", f"{self.path}/search", {"query": question, "limit": limit})["hits"]

    def ask(self, turns):
        """The whole answer to the last of the turns, and its milliseconds from the question to the last event."""
        thread = self.server.call("POST", f"{self.path}/threads", {})["id"]
        for turn in turns:
            start = time.monotonic()
            message = self.server.call("POST", f"{self.path}/threads/{thread}/messages", {"content": turn})["answer"]["id"]
            path = f"{self.path}/threads/{thread}/messages/{message}"
            self.server.call("GET", path + "/events")
            took = (time.monotonic() - start) * 1000
        return self.server.call("GET", path), took
