"""A server of the test's own, which it may stop and start again, and the console's files as they lie in the checkout."""

import json
import mimetypes
import pathlib
import re
import socket
import subprocess
import time
import urllib.error
import urllib.request

FILES = pathlib.Path(__file__).resolve().parents[2] / "Sources/Console/Files"


class Server:
    """`flags` are those of `parley serve`; the port stays the same over a restart."""

    def __init__(self, binary, folder, flags):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        self.base, self.log, self.token = f"http://127.0.0.1:{port}", folder / "log", None
        self.command = [binary, "serve", "--data-path", folder / "data", "--http-port", str(port), *flags]

    def start(self):
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(self.command, stdout=log, stderr=log)
        for _ in range(300):
            try:
                return urllib.request.urlopen(f"{self.base}/health/live", timeout=1).close()
            except (urllib.error.URLError, ConnectionError, TimeoutError):
                time.sleep(0.1)
        raise RuntimeError(f"The server did not start: {self.log.read_text()[-2000:]}")

    def stop(self):
        self.process.kill()
        self.process.wait()

    def first_login_link(self):
        return re.search(r"http://\S*welcome\?token=\S*", self.log.read_text())[0]

    def sign_in(self, account):
        self.token = self.send("POST", "/v1/auth/sign-in", account)["access_token"]

    def send(self, method, path, body=None):
        """`body` is sent as JSON, bytes as they are."""
        raw = body if isinstance(body, bytes) else None if body is None else json.dumps(body).encode()
        kind = "application/octet-stream" if isinstance(body, bytes) else "application/json"
        headers = {"Content-Type": kind, **({"Authorization": f"Bearer {self.token}"} if self.token else {})}
        request = urllib.request.Request(self.base + path, raw, headers, method=method)
        with urllib.request.urlopen(request, timeout=60) as answer:
            text = answer.read()
            return json.loads(text) if text else None


def serve_checkout(context, base):
    """Gives the page the files of the checkout in place of those that the binary carries; headers stay the server's."""
    index = (FILES / "index.html").read_text()
    names = sorted((path.relative_to(FILES).as_posix() for path in FILES.rglob("*") if path.is_file()), reverse=True)

    def page(route):
        text = index
        for name in names:
            text = text.replace(f'="{name}"', f'="/assets/checkout/{name}"')
        answer = route.fetch()
        route.fulfill(response=answer, body=text)

    def file(route):
        path = FILES / route.request.url.split("/assets/", 1)[1].split("/", 1)[1]
        kind = "text/javascript" if path.suffix == ".js" else mimetypes.guess_type(path.name)[0]
        route.fulfill(body=path.read_bytes(), content_type=kind)

    context.route(re.compile(re.escape(base) + r"/(#.*)?$"), page)
    context.route(f"{base}/assets/**", file)
