"""Uses Parley with the official `openai` package as its users do."""
import openai
from household import QUESTION

MARK = " [not found in the documents]"


def check_citation(citation, household):
    assert citation.document_id == household.document, citation
    assert "three weeks" in citation.quote, citation
    assert citation.url.endswith(f"/documents/{household.document}/content"), citation


def check_grounding(message, grounding):
    """Each sentence has a verdict, and what the documents do not say is marked."""
    assert grounding["refused"] is False and grounding["sentences"], grounding
    for sentence in grounding["sentences"]:
        behind = message.content[sentence["end_index"] :]
        assert behind.startswith(MARK) == (sentence["verdict"] == "not_found"), (sentence, message.content)


def models(client, household):
    listed = client.models.list().data
    assert [model.id for model in listed] == [household.project, household.other], listed
    assert client.models.retrieve(household.project).owned_by == "parley"
    try:
        client.models.retrieve("gpt-4o")
        raise AssertionError("a model that is not there was found")
    except openai.NotFoundError as error:
        assert error.code == "model_not_found", error.body
    print("  models")


def completions(client, household):
    answer = client.chat.completions.create(model=household.project, messages=[{"role": "user", "content": QUESTION}])
    message = answer.choices[0].message
    assert "three weeks" in message.content, message
    mark = message.annotations[0]
    assert mark.type == "url_citation" and mark.url_citation.title == "handbook.md", mark
    check_citation(mark.url_citation, household)
    cited = message.content[mark.url_citation.start_index : mark.url_citation.end_index]
    assert "three weeks" in cited, cited
    # What a model wrote and the documents do not say is quoted instead, and has cost tokens all the same.
    written = message.grounding["way"] == "written"
    assert answer.choices[0].finish_reason == "stop" and (answer.usage.total_tokens > 0 or not written), answer
    check_grounding(message, answer.choices[0].message.grounding)
    assert household.threads() == [], "a conversation that the client keeps is no thread"

    named = client.chat.completions.create(
        model="Handbook", store=True, temperature=0, max_tokens=100,
        messages=[
            {"role": "system", "content": "Be short."},
            {"role": "user", "content": "When is the office open?"},
            {"role": "assistant", "content": "From nine to five."},
            {"role": "user", "content": [{"type": "text", "text": QUESTION}]},
        ])
    assert "three weeks" in named.choices[0].message.content
    thread = household.threads()[-1]
    messages = household.send("GET", f"/v1/projects/{household.project}/threads/{thread['id']}/messages")["items"]
    assert [each["role"] for each in messages] == ["user", "assistant", "user", "assistant"], messages
    print("  chat completions")


def streamed_completions(client, household):
    stream = client.chat.completions.create(
        model=household.project, messages=[{"role": "user", "content": QUESTION}], stream=True, stream_options={"include_usage": True})
    text, marks, finish, usage, first, sentences, way = "", [], None, None, None, [], None
    for chunk in stream:
        usage = chunk.usage or usage
        for choice in chunk.choices:
            first = first or choice.delta.role
            text += choice.delta.content or ""
            marks += getattr(choice.delta, "annotations", None) or []
            grounding = getattr(choice.delta, "grounding", None) or {}
            sentences += grounding.get("sentences", [])
            way = grounding.get("way", way)
            finish = choice.finish_reason or finish
    assert first == "assistant" and finish == "stop" and (usage.total_tokens > 0 or way == "quoted"), (first, finish, usage)
    assert "three weeks" in text and marks and "three weeks" in marks[0]["url_citation"]["quote"], (text, marks)
    assert sentences and text.count(MARK) == sum(each["verdict"] == "not_found" for each in sentences), (text, sentences)
    with client.chat.completions.with_streaming_response.create(
        model=household.project, messages=[{"role": "user", "content": QUESTION}], stream=True
    ) as raw:
        assert raw.headers["content-type"] == "text/event-stream"
        assert list(raw.iter_lines())[-2:] == ["data: [DONE]", ""]
    print("  streamed chat completions")


def responses(client, household):
    first = client.responses.create(model=household.project, input=QUESTION, metadata={"desk": "7"})
    assert first.status == "completed" and "three weeks" in first.output_text, first
    mark = first.output[0].content[0].annotations[0]
    assert mark.type == "file_citation" and mark.file_id == household.document and mark.filename == "handbook.md", mark
    check_citation(mark, household)
    assert first.output[0].content[0].grounding["sentences"][0]["verdict"] in ("supported", "partly", "not_found"), first.output
    assert first.usage.output_tokens >= 0 and first.metadata == {"desk": "7"}
    second = client.responses.create(
        model=household.project, previous_response_id=first.id, instructions="Be short.",
        input=[{"role": "user", "content": [{"type": "input_text", "text": "When is the office open?"}]}])
    assert second.previous_response_id == first.id and "nine" in second.output_text, second.output_text
    assert client.responses.retrieve(first.id).output_text == first.output_text
    try:
        client.responses.retrieve("resp_unknown")
        raise AssertionError("a response that is not there was found")
    except openai.NotFoundError:
        pass
    waiting = client.responses.create(model=household.project, input=QUESTION, background=True)
    assert waiting.status == "queued"
    for _ in range(600):
        state = client.responses.retrieve(waiting.id)
        if state.status != "in_progress":
            break
    assert state.status == "completed" and "three weeks" in state.output_text
    assert client.responses.cancel(waiting.id).status == "completed", "what is whole stays"
    print("  responses")


def streamed_responses(client, household):
    with client.responses.stream(model=household.project, input=QUESTION) as stream:
        kinds, marks = [], []
        for event in stream:
            kinds.append(event.type)
            if event.type == "response.output_text.annotation.added":
                marks.append(event.annotation)
        whole = stream.get_final_response()
    assert kinds[:3] == ["response.created", "response.in_progress", "response.output_item.added"], kinds
    assert kinds[-1] == "response.completed" and "response.output_text.delta" in kinds, kinds
    assert "three weeks" in whole.output_text and len(marks) == len(whole.output[0].content[0].annotations) > 0
    print("  streamed responses")


def embeddings(client, household):
    vectors = client.embeddings.create(model=household.project, input=["office hours", "opening times", "a red fish"]).data
    assert [len(vector.embedding) for vector in vectors] == [384, 384, 384]
    near, far = (sum(a * b for a, b in zip(vectors[0].embedding, vectors[i].embedding)) for i in (1, 2))
    assert near > far, (near, far)
    plain = client.embeddings.create(model="all-MiniLM-L6-v2", input="office hours", encoding_format="float").data[0].embedding
    assert max(abs(a - b) for a, b in zip(plain, vectors[0].embedding)) < 1e-5
    print("  embeddings")


def refusals(household):
    root = household.base + "/openai/v1"
    try:
        openai.OpenAI(base_url=root, api_key="parley_wrong", max_retries=0).models.list()
        raise AssertionError("a wrong key was taken")
    except openai.AuthenticationError as error:
        assert error.code == "invalid_api_key" and error.request_id, error.body
    bound = openai.OpenAI(base_url=root, api_key=household.bound_key, max_retries=0)
    assert [model.id for model in bound.models.list().data] == [household.project]
    try:
        bound.chat.completions.create(model=household.other, messages=[{"role": "user", "content": QUESTION}])
        raise AssertionError("a key for one project opened another")
    except openai.NotFoundError:
        pass
    try:
        bound.chat.completions.create(model=household.project, messages=[{"role": "user", "content": "?"}], temperature=9)
        raise AssertionError("a temperature of 9 was taken")
    except openai.BadRequestError as error:
        assert error.param == "temperature" and error.type == "invalid_request_error", error.body
    print("  refusals")


def run(household):
    print(f"openai {openai.__version__}")
    client = openai.OpenAI(base_url=household.base + "/openai/v1", api_key=household.key, max_retries=0)
    models(client, household)
    completions(client, household)
    streamed_completions(client, household)
    responses(client, household)
    streamed_responses(client, household)
    embeddings(client, household)
    refusals(household)
