import { z } from 'zod';
import { indented, toJavaScript } from './literals.ts';
import type { CodeTarget, V1Example } from './v1-example.ts';

const OPTIONS: Readonly<Record<string, string>> = {
  temperature: 'temperature',
  top_p: 'topP',
  max_completion_tokens: 'maxOutputTokens',
  seed: 'seed',
};

const toolsSchema = z.array(
  z.object({
    function: z.object({ name: z.string(), description: z.string().optional(), parameters: z.unknown().optional() }),
  }),
);
const formatSchema = z.object({ json_schema: z.object({ schema: z.unknown() }) });

/** For `ai` with `@ai-sdk/openai`. */
export function writeAiSdk({ path, body }: V1Example, { baseUrl, key }: CodeTarget): string {
  const provider = `const everwith = createOpenAI({ baseURL: '${baseUrl}', apiKey: '${key}' });\n\n`;
  const withImports = (names: readonly string[], more = '') =>
    `import { createOpenAI } from '@ai-sdk/openai';\nimport { ${names.join(', ')} } from 'ai';\n${more}\n${provider}`;
  const name = JSON.stringify(body['model']);
  if (path === '/audio/speech') {
    const call = `const { audio } = await generateSpeech({\n  model: everwith.speech(${name}),\n  text: ${JSON.stringify(body['input'])},\n  voice: ${JSON.stringify(body['voice'])},\n});\n`;
    const head = withImports(['generateSpeech'], "import { writeFile } from 'node:fs/promises';\n");
    return `${head}${call}await writeFile('speech.mp3', audio.uint8Array);\n`;
  }
  if (path === '/responses') {
    const model = `everwith.responses(${name})`;
    const first = `const first = await generateText({ model: ${model}, prompt: ${JSON.stringify(body['input'])} });\nconsole.log(first.text);\n\n`;
    const previous = 'openai: { previousResponseId: first.finalStep.providerMetadata.openai.responseId }';
    const second = `const second = await generateText({\n  model: ${model},\n  prompt: 'And what do you see from there?',\n  providerOptions: { ${previous} },\n});\nconsole.log(second.text);\n`;
    return `${withImports(['generateText'])}${first}${second}`;
  }
  return writeChat(body, name, withImports);
}

function writeChat(body: V1Example['body'], name: string, withImports: (names: readonly string[]) => string): string {
  const tools = toolsSchema.safeParse(body['tools']).data ?? [];
  const format = formatSchema.safeParse(body['response_format']).data;
  const streams = body['stream'] === true;
  const fields = [
    `model: everwith.chat(${name})`,
    `messages: ${indented(toJavaScript(body['messages']), 2)}`,
    ...Object.entries(OPTIONS).flatMap(([option, theirs]) =>
      body[option] === undefined ? [] : [`${theirs}: ${toJavaScript(body[option])}`],
    ),
    ...(tools.length === 0 ? [] : [`tools: {\n${tools.map(writeTool).join('')}  }`]),
    ...(format === undefined
      ? []
      : [`output: Output.object({ schema: jsonSchema(${indented(toJavaScript(format.json_schema.schema), 2)}) })`]),
  ];
  const given = `{\n${fields.map((field) => `  ${field},\n`).join('')}}`;
  const head = withImports([
    streams ? 'streamText' : 'generateText',
    ...(tools.length === 0 ? [] : ['tool']),
    ...(format === undefined ? [] : ['Output']),
    ...(tools.length === 0 && format === undefined ? [] : ['jsonSchema']),
  ]);
  if (streams) {
    return `${head}const { textStream } = streamText(${given});\nfor await (const words of textStream) process.stdout.write(words);\n`;
  }
  const shown = format === undefined ? 'result.text, result.toolCalls' : 'result.output';
  return `${head}const result = await generateText(${given});\nconsole.log(${shown});\n`;
}

function writeTool({ function: one }: z.infer<typeof toolsSchema>[number]): string {
  const schema = indented(toJavaScript(one.parameters ?? { type: 'object', properties: {} }), 6);
  const description = one.description === undefined ? '' : `      description: ${JSON.stringify(one.description)},\n`;
  return `    ${one.name}: tool({\n${description}      inputSchema: jsonSchema(${schema}),\n    }),\n`;
}
