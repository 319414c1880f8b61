import { toJavaScript } from './literals.ts';
import { resultsOf } from './v1-example.ts';
import type { CodeTarget, V1Example } from './v1-example.ts';

/** For the package `openai`. */
export function writeNode(example: V1Example, { baseUrl, key }: CodeTarget): string {
  const { path, body } = example;
  const head = `import OpenAI from 'openai';\n\nconst client = new OpenAI({ baseURL: '${baseUrl}', apiKey: '${key}' });\n\n`;
  const given = toJavaScript(body);
  if (path === '/audio/speech') {
    const save = "await writeFile('speech.mp3', Buffer.from(await speech.arrayBuffer()));\n";
    return `import { writeFile } from 'node:fs/promises';\n${head}const speech = await client.audio.speech.create(${given});\n${save}`;
  }
  if (path === '/responses') {
    const first = `const first = await client.responses.create(${given});\nconsole.log(first.output_text);\n\n`;
    const next = `  model: ${toJavaScript(body['model'])},\n  input: 'And what do you see from there?',\n  previous_response_id: first.id,\n`;
    return `${head}${first}const second = await client.responses.create({\n${next}});\nconsole.log(second.output_text);\n`;
  }
  if (example.toolCalls !== undefined) return `${head}${writeToolTalk(body, example.toolCalls)}`;
  const call = `const completion = await client.chat.completions.create(${given});\n`;
  if (body['stream'] !== true) return `${head}${call}console.log(completion.choices[0].message${shownPart(body)});\n`;
  const loop = "for await (const chunk of completion) process.stdout.write(chunk.choices[0]?.delta?.content ?? '');\n";
  return `${head}${call}${loop}`;
}

function writeToolTalk(
  { messages, tools, ...rest }: V1Example['body'],
  calls: NonNullable<V1Example['toolCalls']>,
): string {
  const fields = Object.entries(rest).map(([name, value]) => `  ${name}: ${toJavaScript(value, 2)},\n`);
  const model = `  model: ${toJavaScript(rest['model'])},\n`;
  return [
    `const results = ${toJavaScript(resultsOf(calls))};\n`,
    `const tools = ${toJavaScript(tools)};\n`,
    `const messages = ${toJavaScript(messages)};\n\n`,
    `const completion = await client.chat.completions.create({\n${fields.join('')}  messages,\n  tools,\n});\n`,
    'const { message } = completion.choices[0];\nmessages.push(message);\n',
    'for (const call of message.tool_calls ?? []) {\n',
    '  console.log(call.function.name, call.function.arguments);\n',
    "  messages.push({ role: 'tool', tool_call_id: call.id, content: results[call.function.name] });\n}\n\n",
    `const answer = await client.chat.completions.create({\n${model}  messages,\n  tools,\n  tool_choice: 'none',\n});\n`,
    'console.log(answer.choices[0].message.content);\n',
  ].join('');
}

/** Of a message: its words alone, except where it may call tools. */
function shownPart(body: V1Example['body']): string {
  return body['tools'] === undefined ? '.content' : '';
}
