"""One of everything in the server under attack, so that what is sent reaches past the look-up of what it is sent to."""
import re
import threading

from target import EMAIL, PASSWORD
from wire import Connection

PLACE = re.compile(rb"@(\w+)@")


def filled(template, values):
    """The request with its `@name@` places filled; `@length@` is the body's length."""
    head, gap, body = template.partition(b"\r\n\r\n")
    body = PLACE.sub(lambda match: values.get(match.group(1).decode(), "x").encode(), body)
    more = {**values, "length": str(len(body))}
    return PLACE.sub(lambda match: more.get(match.group(1).decode(), "x").encode(), head) + gap + body


class Household:
    """Ids by the names that the paths give them, made anew when something that was sent has taken them away."""

    def __init__(self, port, token):
        self.connection, self.token = Connection(port, 30), token
        self.lock = threading.Lock()
        self.values = {}
        self.make()

    def call(self, method, path, body=None, **more):
        return self.connection.call(method, path, body, self.token, **more)

    def post(self, path, body):
        answer = self.call("POST", path, body)
        return answer.json() if answer.status in (200, 201, 202) else {}

    def check(self):
        """Signs in again and makes what is gone."""
        with self.lock:
            if self.call("GET", "/v1/me").status == 401:
                self.token = self.post("/v1/auth/sign-in", {"email": EMAIL, "password": PASSWORD}).get("access_token", self.token)
            root = f"/v1/projects/{self.values['project']}"
            if any(self.call("GET", root + path).status == 404 for path in ("", f"/threads/{self.values['thread']}", f"/question-sets/{self.values['set']}")):
                self.make()
            self.values["token"] = self.token

    def make(self):
        made = {"token": self.token, "port": str(self.connection.port), "model": "parley", "response": "resp_x"}
        made["project"] = self.post("/v1/projects", {"name": "Household"})["id"]
        root = f"/v1/projects/{made['project']}"
        upload = self.call("POST", f"{root}/documents?name=a.txt", b"The office opens at nine.", kind="text/plain").json() or {}
        made["document"], made["revision"] = upload.get("id", "x"), upload.get("revision_id", "x")
        made["thread"] = self.post(f"{root}/threads", {"title": "Hours"}).get("id", "x")
        made["message"] = self.post(f"{root}/threads/{made['thread']}/messages", {"content": "When does it open?"}).get("answer", {}).get("id", "x")
        made["webhook"] = self.post(f"{root}/webhooks", {"url": "https://203.0.113.1/", "events": []}).get("webhook", {}).get("id", "x")
        made["key"] = self.post("/v1/me/keys", {"name": "Household"}).get("key", {}).get("id", "x")
        # Not the one who sends all this: a new password would end their session.
        person = {"email": f"{made['project'].lower()}@example.com", "name": "Grace", "password": PASSWORD}
        made["user"] = self.post("/v1/users", person).get("id", "x")
        made["invitation"] = self.post(f"{root}/invitations", {"email": "x@example.com", "role": "viewer"}).get("id", "x")
        made["set"] = self.post(f"{root}/question-sets", {"name": "Hours"}).get("id", "x")
        made["question"] = self.post(f"{root}/question-sets/{made['set']}/questions", {"question": "When?", "expected": []}).get("id", "x")
        made["run"] = self.post(f"{root}/question-sets/{made['set']}/runs", {}).get("id", "x")
        self.values = made
