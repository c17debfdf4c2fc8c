"""What schemathesis cannot know of the API."""
import json
import os
import urllib.request

import schemathesis
import schemathesis.specs.openapi.stateful as walks

# Walks along the links begin where nothing must be there beforehand. By itself the tool begins most of them with a change of something
# that it makes up an id for, which leads nowhere.
walks.is_likely_root_transition = lambda operation, *_: operation.method in ("get", "post") and not operation.path_parameters


@schemathesis.hook
def before_load_schema(context, raw_schema):
    """Answers with `fields=` leave out what their schema requires, and nobody can guess a signed cursor: RuleTests holds both."""
    for path in raw_schema["paths"].values():
        for operation in path.values():
            if isinstance(operation, dict) and "parameters" in operation:
                operation["parameters"] = [one for one in operation["parameters"] if one.get("name") not in ("fields", "cursor")]
                for answer in operation["responses"].values():
                    close(answer, raw_schema, set())


def close(schema, document, seen):
    """Answers are open to members and values to come. What this server answers it must have declared."""
    if isinstance(schema, list):
        for one in schema:
            close(one, document, seen)
    if not isinstance(schema, dict):
        return
    reference = schema.get("$ref")
    if isinstance(reference, str) and reference not in seen:
        seen.add(reference)
        target = document
        for name in reference.removeprefix("#/").split("/"):
            target = target[name]
        close(target, document, seen)
    if "properties" in schema and schema.get("type") == "object":
        schema.setdefault("additionalProperties", False)
    if "x-extensible-enum" in schema:
        schema["enum"] = schema.pop("x-extensible-enum")
    for name, one in schema.items():
        if name not in ("example", "examples", "headers", "links"):
            close(one, document, seen)


@schemathesis.serializer("application/x-ndjson", "application/ndjson")
def lines(context, value):
    """One item a line."""
    items = value if isinstance(value, list) else [value]
    return b"\n".join(json.dumps(one).encode() for one in items)


@schemathesis.auth(refresh_interval=600)
class Session:
    """The administrator of first_run.py, signed in anew before the access token ends."""

    def get(self, case, context):
        person = {"email": "ada@example.com", "password": "a long and quiet river"}
        request = urllib.request.Request(
            os.environ["PARLEY_ADDRESS"] + "/v1/auth/sign-in", json.dumps(person).encode(), {"Content-Type": "application/json"}
        )
        with urllib.request.urlopen(request, timeout=10) as answer:
            return json.load(answer)["access_token"]

    def set(self, case, data, context):
        case.headers["Authorization"] = f"Bearer {data}"
