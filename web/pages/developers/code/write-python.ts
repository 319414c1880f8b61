import { toPython } from './literals.ts';
import { resultsOf } from './v1-example.ts';
import type { CodeTarget, V1Example } from './v1-example.ts';

/** For the package `openai`. */
export function writePython(example: V1Example, { baseUrl, key }: CodeTarget): string {
  const { path, body } = example;
  const given = keywords(body);
  const head = `from openai import OpenAI\n\nclient = OpenAI(base_url=${JSON.stringify(baseUrl)}, api_key=${JSON.stringify(key)})\n\n`;
  if (path === '/audio/speech') {
    const call = `with client.audio.speech.with_streaming_response.create(\n${given}) as speech:\n`;
    return `${head}${call}    speech.stream_to_file("speech.mp3")\n`;
  }
  if (path === '/responses') {
    const first = `first = client.responses.create(\n${given})\nprint(first.output_text)\n`;
    const next = 'previous_response_id=first.id, input="And what do you see from there?"';
    return `${head}${first}\nsecond = client.responses.create(model=${toPython(body['model'])}, ${next})\nprint(second.output_text)\n`;
  }
  if (example.toolCalls !== undefined) return `${head}${writeToolTalk(body, example.toolCalls)}`;
  const call = `completion = client.chat.completions.create(\n${given})\n`;
  if (body['stream'] !== true) return `${head}${call}print(completion.choices[0].message${shownPart(body)})\n`;
  const loop = 'for chunk in completion:\n    if chunk.choices:\n';
  return `${head}${call}${loop}        print(chunk.choices[0].delta.content or "", end="", flush=True)\n`;
}

function writeToolTalk(
  { messages, tools, ...rest }: V1Example['body'],
  calls: NonNullable<V1Example['toolCalls']>,
): string {
  const asked = `    messages=messages,\n    tools=tools,\n`;
  return [
    `results = ${toPython(resultsOf(calls))}\n`,
    `tools = ${toPython(tools)}\n`,
    `messages = ${toPython(messages)}\n\n`,
    `completion = client.chat.completions.create(\n${keywords(rest)}${asked})\n`,
    'message = completion.choices[0].message\nmessages.append(message)\n',
    'for call in message.tool_calls or []:\n    print(call.function.name, call.function.arguments)\n',
    '    messages.append({"role": "tool", "tool_call_id": call.id, "content": results[call.function.name]})\n\n',
    `answer = client.chat.completions.create(\n${keywords({ model: rest['model'] })}${asked}    tool_choice="none",\n)\n`,
    'print(answer.choices[0].message.content)\n',
  ].join('');
}

/** Of a message: its words alone, except where it may call tools. */
function shownPart(body: V1Example['body']): string {
  return body['tools'] === undefined ? '.content' : '';
}

function keywords(body: V1Example['body']): string {
  return Object.entries(body)
    .map(([name, value]) => `    ${name}=${toPython(value, 4)},\n`)
    .join('');
}
