import { z } from 'zod';
import { toJavaScript } from './literals.ts';
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
export function writeAiSdk({ path, body, toolCalls }: V1Example, { baseUrl, key }: CodeTarget): string {
  const provider = `const everwith = createOpenAI({ baseURL: '${baseUrl}', apiKey: '${key}' });\n\n`;
  const withImports = (names: readonly string[], more = '') =>
    `import { createOpenAI } from '@ai-sdk/openai';\nimport { ${names.join(', ')} } from 'ai';\n${more}\n${provider}`;
  const name = toJavaScript(body['model']);
  if (path === '/audio/speech') {
    const call = `const { audio } = await generateSpeech({\n  model: everwith.speech(${name}),\n  text: ${toJavaScript(body['input'])},\n  voice: ${toJavaScript(body['voice'])},\n});\n`;
    const head = withImports(['generateSpeech'], "import { writeFile } from 'node:fs/promises';\n");
    return `${head}${call}await writeFile('speech.mp3', audio.uint8Array);\n`;
  }
  if (path === '/responses') {
    const model = `everwith.responses(${name})`;
    const first = `const first = await generateText({ model: ${model}, prompt: ${toJavaScript(body['input'])} });\nconsole.log(first.text);\n\n`;
    const previous = 'openai: { previousResponseId: first.finalStep.providerMetadata.openai.responseId }';
    const second = `const second = await generateText({\n  model: ${model},\n  prompt: 'And what do you see from there?',\n  providerOptions: { ${previous} },\n});\nconsole.log(second.text);\n`;
    return `${withImports(['generateText'])}${first}${second}`;
  }
  return writeChat({ path, body, ...(toolCalls && { toolCalls }) }, withImports);
}

function writeChat({ body, toolCalls }: V1Example, withImports: (names: readonly string[]) => string): string {
  const tools = toolsSchema.safeParse(body['tools']).data ?? [];
  const format = formatSchema.safeParse(body['response_format']).data;
  const streams = body['stream'] === true;
  const fields = [
    `model: everwith.chat(${toJavaScript(body['model'])})`,
    `messages: ${toJavaScript(body['messages'], 2)}`,
    ...Object.entries(OPTIONS).flatMap(([option, theirs]) =>
      body[option] === undefined ? [] : [`${theirs}: ${toJavaScript(body[option])}`],
    ),
    ...(tools.length === 0 ? [] : [`tools: {\n${tools.map((one) => writeTool(one, toolCalls)).join('')}  }`]),
    ...(toolCalls === undefined ? [] : writeSteps(body)),
    ...(format === undefined
      ? []
      : [`output: Output.object({ schema: jsonSchema(${toJavaScript(format.json_schema.schema, 2)}) })`]),
  ];
  const given = `{\n${fields.map((field) => `  ${field},\n`).join('')}}`;
  const head = withImports([
    streams ? 'streamText' : 'generateText',
    ...(tools.length === 0 ? [] : ['tool']),
    ...(toolCalls === undefined ? [] : ['stepCountIs']),
    ...(format === undefined ? [] : ['Output']),
    ...(tools.length === 0 && format === undefined ? [] : ['jsonSchema']),
  ]);
  if (streams) {
    return `${head}const { textStream } = streamText(${given});\nfor await (const words of textStream) process.stdout.write(words);\n`;
  }
  return `${head}const result = await generateText(${given});\nconsole.log(${shownPart({ tools, format, toolCalls })});\n`;
}

/** One step in which a tool may have to be called, and one for the answer. */
function writeSteps(body: V1Example['body']): string[] {
  const choice = body['tool_choice'];
  const first = `prepareStep: ({ stepNumber }) => ({ toolChoice: stepNumber === 0 ? ${toJavaScript(choice)} : 'none' })`;
  return ['stopWhen: stepCountIs(2)', ...(choice === undefined ? [] : [first])];
}

function shownPart(of: { tools: readonly unknown[]; format: unknown; toolCalls: V1Example['toolCalls'] }): string {
  if (of.toolCalls !== undefined) return 'result.steps[0].toolCalls, result.text';
  if (of.format !== undefined) return 'result.output';
  return of.tools.length === 0 ? 'result.text' : 'result.text, result.toolCalls';
}

function writeTool({ function: one }: z.infer<typeof toolsSchema>[number], calls: V1Example['toolCalls']): string {
  const schema = toJavaScript(one.parameters ?? { type: 'object', properties: {} }, 6);
  const description = one.description === undefined ? '' : `      description: ${toJavaScript(one.description)},\n`;
  const result = calls?.find(({ name }) => name === one.name)?.result;
  const execute = result === undefined ? '' : `      execute: async () => ${toJavaScript(result)},\n`;
  return `    ${one.name}: tool({\n${description}      inputSchema: jsonSchema(${schema}),\n${execute}    }),\n`;
}
