"""Prepares a new server for the clients: the first administrator, a project with a handbook, API keys."""
import json
import time
import urllib.request

HANDBOOK = """# House handbook

## Office hours

The office is open from nine in the morning to five in the afternoon, Monday to Friday. On public holidays it stays closed.

## Library

Books may be borrowed for three weeks. A late book costs fifty cents a day. The library is in the cellar, beside the boiler room.
"""
QUESTION = "How long may books be borrowed?"


class Household:
    def __init__(self, base, link):
        self.base = base
        token = link.split("token=")[1]
        body = {"token": token, "email": "ada@example.com", "name": "Ada", "password": "a long and quiet river"}
        self.token = self.send("POST", "/v1/auth/first-run", body)["access_token"]
        self.project = self.send("POST", "/v1/projects", {"name": "Handbook"})["id"]
        self.other = self.send("POST", "/v1/projects", {"name": "Attic"})["id"]
        self.document = self.upload("handbook.md", HANDBOOK)
        self.key = self.send("POST", "/v1/me/keys", {"name": "all"})["secret"]
        self.bound_key = self.send("POST", "/v1/me/keys", {"name": "one", "project_id": self.project})["secret"]

    def send(self, method, path, body=None, raw=None):
        data = raw if raw is not None else (json.dumps(body).encode() if body is not None else None)
        kind = "application/octet-stream" if raw is not None else "application/json"
        request = urllib.request.Request(self.base + path, data=data, method=method, headers={"Content-Type": kind})
        if getattr(self, "token", None):
            request.add_header("Authorization", "Bearer " + self.token)
        with urllib.request.urlopen(request, timeout=60) as answer:
            text = answer.read()
            return json.loads(text) if text else None

    def upload(self, name, text):
        document = self.send("POST", f"/v1/projects/{self.project}/documents?name={name}", raw=text.encode())["id"]
        for _ in range(300):
            state = self.send("GET", f"/v1/projects/{self.project}/documents/{document}")["state"]
            if state in ("ready", "failed"):
                break
            time.sleep(0.1)
        assert state == "ready", state
        return document

    @property
    def path(self):
        return f"/v1/projects/{self.project}/documents/{self.document}"

    def restore(self):
        if self.send("GET", self.path)["deleted_at"]:
            self.send("POST", self.path + "/restore")

    def threads(self):
        return self.send("GET", f"/v1/projects/{self.project}/threads")["items"]
