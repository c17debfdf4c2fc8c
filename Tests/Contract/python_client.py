"""Generates a typed Python client from the server's OpenAPI document and uses it.

usage: python_client.py ADDRESS TOKEN FOLDER
"""
import io
import pathlib
import subprocess
import sys
import time

address, token, folder = sys.argv[1], sys.argv[2], pathlib.Path(sys.argv[3])
generator = pathlib.Path(sys.executable).with_name("openapi-python-client")
result = subprocess.run(
    [generator, "generate", "--url", f"{address}/openapi.json", "--meta", "none", "--output-path", folder / "parley_client"],
    capture_output=True,
    text=True,
)
assert result.returncode == 0, result.stderr
assert "Unable to process schema" not in result.stderr + result.stdout, result.stdout
sys.path.insert(0, str(folder))

from parley_client import AuthenticatedClient  # noqa: E402
from parley_client.api.documents import documents_get, documents_list, documents_upload  # noqa: E402
from parley_client.api.projects import projects_create, projects_get  # noqa: E402
from parley_client.api.search import search_run  # noqa: E402
from parley_client.models import DocumentsUploadFilesBody, NewProject, Problem, Search  # noqa: E402
from parley_client.types import File  # noqa: E402

client = AuthenticatedClient(address, token)
project = projects_create.sync(client=client, body=NewProject(name="A typed client"))
upload = File(io.BytesIO(b"The office is open from nine to five on weekdays."), "hours.txt", "text/plain")
document = documents_upload.sync(project.id, client=client, body=DocumentsUploadFilesBody(file=upload))
assert document.name == "hours.txt" and document.created_at.tzinfo is not None, document

deadline = time.monotonic() + 30
while document.state != "ready":
    assert time.monotonic() < deadline, document
    time.sleep(0.05)
    document = documents_get.sync(project.id, document.id, client=client)
assert [one.id for one in documents_list.sync(project.id, client=client).items] == [document.id]
hits = search_run.sync(project.id, client=client, body=Search(query="When is the office open?")).hits
assert hits[0].document_id == document.id, hits

missing = projects_get.sync("prj_" + "0" * 26, client=client)
assert isinstance(missing, Problem) and missing.code == "project.not_found", missing
print("the generated Python client works")
