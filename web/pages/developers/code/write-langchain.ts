import { toJavaScript } from './literals.ts';
import { resultsOf } from './v1-example.ts';
import type { CodeTarget, V1Example } from './v1-example.ts';

/** LangChain's own names of what OpenAI's requests call differently. */
const OPTIONS: Readonly<Record<string, string>> = {
  temperature: 'temperature',
  top_p: 'topP',
  max_completion_tokens: 'maxTokens',
  stop: 'stop',
};

/** For `@langchain/openai`: chats and responses. */
export function writeLangChain({ path, body, toolCalls }: V1Example, { baseUrl, key }: CodeTarget): string {
  const options = Object.entries(OPTIONS).flatMap(([name, theirs]) =>
    body[name] === undefined ? [] : [`  ${theirs}: ${toJavaScript(body[name], 2)},\n`],
  );
  const head = [
    "import { ChatOpenAI } from '@langchain/openai';\n\n",
    'const model = new ChatOpenAI({\n',
    `  model: ${toJavaScript(body['model'])},\n`,
    `  apiKey: '${key}',\n`,
    `  configuration: { baseURL: '${baseUrl}' },\n`,
    ...(path === '/responses' ? ['  useResponsesApi: true,\n'] : []),
    ...options,
    '});\n\n',
  ].join('');
  if (path === '/responses') {
    const next = '{ previous_response_id: first.response_metadata.id }';
    return `${head}const first = await model.invoke(${toJavaScript(body['input'])});\nconsole.log(first.text);\n\nconst second = await model.invoke('And what do you see from there?', ${next});\nconsole.log(second.text);\n`;
  }
  if (toolCalls !== undefined) return `${head}${writeToolTalk(body, toolCalls)}`;
  const bound = boundOptions(body);
  const runner = bound === '' ? 'model' : `model${bound}`;
  const messages = `const messages = ${toJavaScript(body['messages'])};\n`;
  if (body['stream'] === true) {
    return `${head}${messages}for await (const chunk of await ${runner}.stream(messages)) process.stdout.write(chunk.text);\n`;
  }
  const shown = body['tools'] === undefined ? 'answer.text' : 'answer.text, answer.tool_calls';
  return `${head}${messages}const answer = await ${runner}.invoke(messages);\nconsole.log(${shown});\n`;
}

function writeToolTalk(body: V1Example['body'], calls: NonNullable<V1Example['toolCalls']>): string {
  const choice = body['tool_choice'] === undefined ? '' : `, { tool_choice: ${toJavaScript(body['tool_choice'])} }`;
  return [
    `const results = ${toJavaScript(resultsOf(calls))};\n`,
    `const tools = ${toJavaScript(body['tools'])};\n`,
    `const messages = ${toJavaScript(body['messages'])};\n\n`,
    `const message = await model.bindTools(tools${choice}).invoke(messages);\nmessages.push(message);\n`,
    'for (const call of message.tool_calls ?? []) {\n  console.log(call.name, call.args);\n',
    "  messages.push({ role: 'tool', tool_call_id: call.id, content: results[call.name] });\n}\n\n",
    "const answer = await model.bindTools(tools, { tool_choice: 'none' }).invoke(messages);\nconsole.log(answer.text);\n",
  ].join('');
}

function boundOptions(body: V1Example['body']): string {
  const tools = body['tools'] === undefined ? '' : `.bindTools(${toJavaScript(body['tools'])})`;
  const format = body['response_format'];
  return format === undefined ? tools : `${tools}.withConfig({ response_format: ${toJavaScript(format)} })`;
}
