"""Uses Parley with the official `mcp` package as its users do, in the newest revision and in those that begin with a handshake."""
import asyncio
import importlib.metadata
import warnings

import httpx2
import mcp_types
from household import QUESTION
from mcp import Client
from mcp.client.streamable_http import streamable_http_client
from mcp.shared.exceptions import MCPError


def connect(household, key, mode, hear=None):
    http = httpx2.AsyncClient(headers={"Authorization": "Bearer " + key}, timeout=60)
    return Client(streamable_http_client(household.base + "/mcp", http_client=http), mode=mode, message_handler=hear)


async def tools(client, household):
    listed = {tool.name: tool for tool in (await client.list_tools()).tools}
    assert set(listed) == {"list_projects", "search", "read", "ask"}, listed
    assert listed["search"].input_schema["required"] == ["query"]
    projects = await client.call_tool("list_projects", {})
    assert [each["name"] for each in projects.structured_content["projects"]] == ["Handbook", "Attic"]

    found = await client.call_tool("search", {"query": QUESTION, "project": "Handbook", "limit": 2})
    passages = found.structured_content["passages"]
    assert not found.is_error and "three weeks" in passages[0]["text"] and passages[0]["document_id"] == household.document, found
    assert any(block.type == "resource_link" and str(block.uri) == passages[0]["uri"] for block in found.content), found.content

    text = await client.call_tool("read", {"document": passages[0]["uri"]})
    assert "House handbook" in text.content[0].text and text.structured_content["length"] > 200
    part = await client.call_tool("read", {"document": household.document, "project": household.project, "from": 6, "length": 8})
    assert part.content[0].text == text.content[0].text[6:14], part

    steps = []

    async def progress(progress, total, message):
        steps.append(message)

    answer = await client.call_tool("ask", {"question": QUESTION, "project": household.project}, progress_callback=progress)
    assert not answer.is_error and "three weeks" in answer.structured_content["answer"], answer
    assert any("three weeks" in each["quote"] for each in answer.structured_content["citations"]), answer
    told = answer.structured_content
    assert told["sentences"] and told["refused"] is False, told
    for each in told["sentences"]:
        marked = each["text"] + " [not found in the documents]" in told["answer"]
        assert marked == (each["verdict"] == "not_found"), told
    assert "Sources:" in answer.content[0].text and steps and "passages found" in steps[0], steps

    unclear = await client.call_tool("search", {"query": QUESTION})
    assert unclear.is_error and "Handbook, Attic" in unclear.content[0].text, unclear
    wrong = await client.call_tool("search", {"query": QUESTION, "project": "Cellar"})
    assert wrong.is_error and "list_projects" in wrong.content[0].text
    try:
        await client.call_tool("sing", {})
        raise AssertionError("a tool that is not there was called")
    except MCPError as error:
        assert error.error.code == mcp_types.INVALID_PARAMS, error.error


async def resources(client, household):
    listed = (await client.list_resources()).resources
    address = f"parley://projects/{household.project}/documents/{household.document}"
    assert [(str(each.uri), each.name) for each in listed] == [(address, "handbook.md")], listed
    contents = (await client.read_resource(address)).contents
    assert contents[0].mime_type == "text/plain" and "three weeks" in contents[0].text
    templates = (await client.list_resource_templates()).resource_templates
    assert templates[0].uri_template == "parley://projects/{project}/documents/{document}"
    try:
        await client.read_resource(address[:-1] + ("0" if address[-1] != "0" else "1"))
        raise AssertionError("a resource that is not there was read")
    except MCPError as error:
        assert error.error.code in (mcp_types.INVALID_PARAMS, -32002), error.error


async def news(client, household, heard):
    """A document that comes is told of without being asked for, and one that was subscribed to when it goes."""
    address = f"parley://projects/{household.project}/documents/{household.document}"
    if client.protocol_version == "2026-07-28":
        async with client.listen(resources_list_changed=True, resource_subscriptions=[address]) as subscription:
            assert subscription.honored.resources_list_changed and subscription.honored.resource_subscriptions == [address]
            await asyncio.to_thread(household.send, "DELETE", household.path)
            kinds = [type(await anext(subscription)).__name__ for _ in range(2)]
            assert kinds == ["ResourcesListChanged", "ResourceUpdated"], kinds
    else:
        warnings.filterwarnings("ignore", message="resources/subscribe is removed")
        await client.subscribe_resource(address)
        for _ in range(100):  # the stream opens beside the session, and what came before it is not told
            await asyncio.to_thread(household.send, "DELETE", household.path)
            await asyncio.sleep(0.05)
            if len(heard) >= 2:
                break
            await asyncio.to_thread(household.send, "POST", household.path + "/restore")
        assert {"notifications/resources/list_changed", "notifications/resources/updated"} <= set(heard), heard
    await asyncio.to_thread(household.restore)
    await asyncio.sleep(0.1)  # what is told of it shall not meet a client that is leaving


async def session(household, mode):
    heard = []

    async def hear(message):
        heard.append(getattr(message, "method", None))

    async with connect(household, household.key, mode, hear) as client:
        if mode != "2026-07-28":  # a client that is told the revision asks for nothing beforehand
            assert client.server_info.name == "parley" and client.server_capabilities.tools is not None
        await tools(client, household)
        await resources(client, household)
        await news(client, household, heard)
        return client.protocol_version


async def bounds(household):
    async with connect(household, household.bound_key, "auto") as client:
        found = await client.call_tool("search", {"query": QUESTION})
        assert not found.is_error and found.structured_content["passages"], "one project needs no name"
        foreign = await client.call_tool("search", {"query": QUESTION, "project": household.other})
        assert foreign.is_error, foreign
    try:
        async with connect(household, "parley_wrong", "legacy"):
            raise AssertionError("a wrong key was taken")
    except* MCPError:
        pass


async def everything(household):
    print("mcp " + importlib.metadata.version("mcp"))
    versions = [await session(household, mode) for mode in ("auto", "2026-07-28", "legacy")]
    assert versions == ["2026-07-28", "2026-07-28", "2025-11-25"], versions
    print("  tools and resources in " + ", ".join(sorted(set(versions))))
    print("  notifications")
    await bounds(household)
    print("  keys and their bounds")
    assert household.threads() == household.kept, "questions of tools leave no threads"


def run(household):
    household.kept = household.threads()
    asyncio.run(everything(household))
