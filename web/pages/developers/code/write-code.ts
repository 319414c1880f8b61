import { writeAiSdk } from './write-ai-sdk.ts';
import { toJavaScript, toPython, toShell } from './literals.ts';
import { writeLangChain } from './write-langchain.ts';
import type { CodeLanguage, CodeTarget, V1Example } from './v1-example.ts';

/** A program that asks for just this. */
export function writeCode(language: CodeLanguage, example: V1Example, target: CodeTarget): string {
  switch (language) {
    case 'curl':
      return writeCurl(example, target);
    case 'python':
      return writePython(example, target);
    case 'node':
      return writeNode(example, target);
    case 'langchain':
      // LangChain has no place for speech.
      return example.path === '/audio/speech' ? writeNode(example, target) : writeLangChain(example, target);
    default:
      return writeAiSdk(example, target);
  }
}

function writeCurl({ path, body }: V1Example, { baseUrl, key }: CodeTarget): string {
  const more = [
    ...(body['stream'] === true ? ['--no-buffer'] : []),
    ...(path === '/audio/speech' ? ['--output speech.mp3'] : []),
  ];
  return [
    `curl ${baseUrl}${path}`,
    `-H "Authorization: Bearer ${key}"`,
    '-H "Content-Type: application/json"',
    ...more,
    `-d ${toShell(JSON.stringify(body, null, 2))}`,
  ].join(' \\\n  ');
}

function writePython({ path, body }: V1Example, { baseUrl, key }: CodeTarget): string {
  const given = Object.entries(body)
    .map(([name, value]) => `    ${name}=${toPython(value, 4)},\n`)
    .join('');
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
  const call = `completion = client.chat.completions.create(\n${given})\n`;
  if (body['stream'] !== true) return `${head}${call}print(completion.choices[0].message)\n`;
  const loop = 'for chunk in completion:\n    if chunk.choices:\n';
  return `${head}${call}${loop}        print(chunk.choices[0].delta.content or "", end="", flush=True)\n`;
}

function writeNode({ path, body }: V1Example, { baseUrl, key }: CodeTarget): string {
  const head = `import OpenAI from 'openai';\n\nconst client = new OpenAI({ baseURL: '${baseUrl}', apiKey: '${key}' });\n\n`;
  const given = toJavaScript(body);
  if (path === '/audio/speech') {
    const save = "await writeFile('speech.mp3', Buffer.from(await speech.arrayBuffer()));\n";
    return `import { writeFile } from 'node:fs/promises';\n${head}const speech = await client.audio.speech.create(${given});\n${save}`;
  }
  if (path === '/responses') {
    const first = `const first = await client.responses.create(${given});\nconsole.log(first.output_text);\n\n`;
    const next = { model: body['model'], input: 'And what do you see from there?' };
    const second = toJavaScript(next).replace('\n}', ',\n  previous_response_id: first.id\n}');
    return `${head}${first}const second = await client.responses.create(${second});\nconsole.log(second.output_text);\n`;
  }
  const call = `const completion = await client.chat.completions.create(${given});\n`;
  if (body['stream'] !== true) return `${head}${call}console.log(completion.choices[0].message);\n`;
  const loop = "for await (const chunk of completion) process.stdout.write(chunk.choices[0]?.delta?.content ?? '');\n";
  return `${head}${call}${loop}`;
}
