"""What a program in Python does with OpenAI's client: one function for each family.

Every answer is validated against the client's own models. Prints one line of JSON for each function: its name, and
what went wrong, or null. Arguments: base URL, key, key that may use no model.
"""

import asyncio
import io
import json
import sys
import traceback

import openai
from openai import AsyncOpenAI, OpenAI
from pydantic import BaseModel

BASE_URL, KEY, NARROW_KEY = sys.argv[1:]
client = OpenAI(base_url=BASE_URL, api_key=KEY, max_retries=0, _strict_response_validation=True)
HELLO = [{"role": "user", "content": "Hello"}]
WEATHER = {
    "type": "function",
    "function": {
        "name": "weather",
        "parameters": {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]},
    },
}


class Place(BaseModel):
    city: str
    degrees: int


def chat():
    answer = client.chat.completions.create(model="test", messages=HELLO, n=2, seed=1, max_completion_tokens=50)
    assert [choice.message.content for choice in answer.choices] == ["Hello, world."] * 2
    assert answer.choices[0].finish_reason == "stop"
    assert answer.usage.total_tokens == answer.usage.prompt_tokens + answer.usage.completion_tokens
    raw = client.chat.completions.with_raw_response.create(model="test", messages=HELLO)
    assert raw.headers["x-request-id"] and raw.parse()._request_id == raw.headers["x-request-id"]


def chat_stream():
    chunks = list(
        client.chat.completions.create(
            model="test", messages=HELLO, stream=True, stream_options={"include_usage": True}
        )
    )
    deltas = [chunk.choices[0].delta.content or "" for chunk in chunks if chunk.choices]
    assert "".join(deltas) == "Hello, world." and len([delta for delta in deltas if delta]) == 3
    assert chunks[-1].choices == [] and chunks[-1].usage.completion_tokens == 3
    with client.chat.completions.stream(model="test", messages=HELLO) as stream:
        kinds = [event.type for event in stream]
        assert stream.get_final_completion().choices[0].message.content == "Hello, world."
    assert "content.delta" in kinds and kinds[-1] == "content.done"


def chat_tools():
    messages = [{"role": "user", "content": "What is the weather?"}]
    first = client.chat.completions.create(model="test", messages=messages, tools=[WEATHER])
    (call,) = first.choices[0].message.tool_calls
    assert first.choices[0].finish_reason == "tool_calls"
    assert json.loads(call.function.arguments) == {"city": "Oslo"}
    messages += [first.choices[0].message, {"role": "tool", "tool_call_id": call.id, "content": "rain"}]
    second = client.chat.completions.create(model="test", messages=messages, tools=[WEATHER])
    assert second.choices[0].message.content == "It rains in Oslo."
    pieces = ""
    for chunk in client.chat.completions.create(model="test", messages=messages[:1], tools=[WEATHER], stream=True):
        for part in chunk.choices[0].delta.tool_calls or []:
            pieces += part.function.arguments or ""
    assert json.loads(pieces) == {"city": "Oslo"}


def chat_schema():
    messages = [{"role": "user", "content": "Answer in JSON"}]
    answer = client.chat.completions.parse(model="test", messages=messages, response_format=Place)
    assert answer.choices[0].message.parsed == Place(city="Oslo", degrees=7)


def responses():
    first = client.responses.create(model="test", input="Hello", metadata={"topic": "a"})
    assert first.output_text == "Hello, world." and first.status == "completed"
    second = client.responses.create(model="test", input="Hello", previous_response_id=first.id)
    assert second.previous_response_id == first.id
    assert client.responses.retrieve(first.id).output_text == "Hello, world."
    assert client.responses.input_items.list(second.id).data[0].content[0].text == "Hello"
    client.responses.delete(second.id)
    try:
        client.responses.retrieve(second.id)
        raise AssertionError("A deleted response is still there.")
    except openai.NotFoundError as error:
        assert error.type == "invalid_request_error"


def responses_stream():
    with client.responses.stream(model="test", input="Hello") as stream:
        events = list(stream)
        assert stream.get_final_response().output_text == "Hello, world."
    kinds = [event.type for event in events]
    assert kinds[0] == "response.created" and kinds[-1] == "response.completed"
    assert [event.sequence_number for event in events] == list(range(len(events)))
    parsed = client.responses.parse(model="test", input="Answer in JSON", text_format=Place)
    assert parsed.output_parsed == Place(city="Oslo", degrees=7)


def conversations():
    conversation = client.conversations.create(metadata={"topic": "a"})
    client.responses.create(model="test", input="Hello", conversation=conversation.id)
    items = client.conversations.items.list(conversation.id, order="asc").data
    assert [item.role for item in items] == ["user", "assistant"]
    assert client.conversations.delete(conversation.id).deleted


def embeddings():
    # It asks for base64 and validates before it has made numbers of it.
    lenient = OpenAI(base_url=BASE_URL, api_key=KEY, max_retries=0)
    answer = lenient.embeddings.create(model="vectors", input=["one", "two"])
    plain = client.embeddings.create(model="vectors", input="one", encoding_format="float")
    assert len(answer.data) == 2 and answer.usage.prompt_tokens > 0
    pairs = zip(answer.data[0].embedding, plain.data[0].embedding, strict=True)
    assert all(abs(one - other) < 1e-6 for one, other in pairs)


def audio():
    with client.audio.speech.with_streaming_response.create(model="tts-1", voice="nova", input="red lamp") as speech:
        sound = speech.read()
    assert len(sound) > 1000
    file = ("lamp.mp3", io.BytesIO(sound))
    assert client.audio.transcriptions.create(model="whisper-1", file=file).text == "red lamp"
    verbose = client.audio.transcriptions.create(
        model="whisper-1", file=("lamp.mp3", io.BytesIO(sound)), response_format="verbose_json"
    )
    assert verbose.segments[0].text.strip() == "red lamp" and verbose.duration > 0


def files():
    made = client.files.create(file=("notes.jsonl", b'{"a": 1}\n'), purpose="user_data")
    assert made.bytes == 9 and client.files.retrieve(made.id).filename == "notes.jsonl"
    assert client.files.content(made.id).read() == b'{"a": 1}\n'
    assert made.id in [file.id for file in client.files.list()]
    assert client.files.delete(made.id).deleted


def models():
    names = [model.id for model in client.models.list()]
    assert "test" in names and "vectors" in names
    character = next(name for name in names if name.startswith("character/"))
    assert client.models.retrieve("test").object == "model"
    assert client.responses.create(model=character, input="Hello").output_text == "Hello, world."


def refused(kind, make, **fields):
    try:
        make()
    except openai.APIStatusError as error:
        assert type(error) is kind, repr(error)
        assert error.message and error.request_id
        for name, value in fields.items():
            assert getattr(error, name) == value, (name, getattr(error, name), value)
        return
    raise AssertionError(f"Nothing was refused with {kind.__name__}.")


def errors():
    def ask(one=client, **more):
        return lambda: one.chat.completions.create(**{"model": "test", "messages": HELLO, **more})

    stranger = OpenAI(base_url=BASE_URL, api_key="ew_nobody", max_retries=0)
    narrow = OpenAI(base_url=BASE_URL, api_key=NARROW_KEY, max_retries=0)
    wrong = "invalid_request_error"
    refused(openai.AuthenticationError, ask(stranger), status_code=401, code="invalid_api_key")
    refused(openai.NotFoundError, ask(model="gone"), code="model_not_found", type=wrong)
    refused(openai.PermissionDeniedError, ask(narrow), status_code=403)
    refused(openai.BadRequestError, ask(temperature=7), param="temperature", type=wrong)
    refused(openai.BadRequestError, ask(messages=[]), param="messages", type=wrong)
    refused(openai.InternalServerError, ask(messages=[{"role": "user", "content": "fail"}]))
    refused(openai.NotFoundError, lambda: client.files.retrieve("file-none"))
    try:
        list(ask(messages=[{"role": "user", "content": "break"}], stream=True)())
        raise AssertionError("Half an answer passed for a whole one.")
    except openai.APIError as error:
        assert error.message


def idempotency():
    same = {"model": "test", "input": "Hello", "extra_headers": {"Idempotency-Key": "a lamp"}}
    assert client.responses.create(**same).id == client.responses.create(**same).id
    other = {**same, "input": "Good evening"}
    refused(openai.ConflictError, lambda: client.responses.create(**other), status_code=409)


def asynchronous():
    async def ask():
        async with AsyncOpenAI(base_url=BASE_URL, api_key=KEY, max_retries=0) as many:
            answers = await asyncio.gather(
                *(many.chat.completions.create(model="test", messages=HELLO) for _ in range(8))
            )
            assert {answer.choices[0].message.content for answer in answers} == {"Hello, world."}
            async for chunk in await many.chat.completions.create(model="test", messages=HELLO, stream=True):
                if chunk.choices[0].delta.content:
                    break

    asyncio.run(ask())


for check in (
    chat,
    chat_stream,
    chat_tools,
    chat_schema,
    responses,
    responses_stream,
    conversations,
    embeddings,
    audio,
    files,
    models,
    errors,
    idempotency,
    asynchronous,
):
    try:
        check()
        problem = None
    except Exception:
        problem = traceback.format_exc()
    print(json.dumps({"check": check.__name__, "problem": problem}), flush=True)
