import { toJson, toShell } from './literals.ts';
import type { CodeTarget, V1Example } from './v1-example.ts';

/** For a shell; what goes on after a tool's call is a second command. */
export function writeCurl(example: V1Example, target: CodeTarget): string {
  const goesOn = afterTools(example);
  const first = writeRequest(example, target);
  return goesOn === null ? first : `${first}\n\n${writeRequest(goesOn, target)}`;
}

function writeRequest({ path, body }: V1Example, { baseUrl, key }: CodeTarget): string {
  const more = [
    ...(body['stream'] === true ? ['--no-buffer'] : []),
    ...(path === '/audio/speech' ? ['--output speech.mp3'] : []),
  ];
  return [
    `curl ${baseUrl}${path}`,
    `-H "Authorization: Bearer ${key}"`,
    '-H "Content-Type: application/json"',
    ...more,
    `-d ${toShell(toJson(body))}`,
  ].join(' \\\n  ');
}

/** The request that gives the model what its tools gave: the house keeps nothing of chats in between. */
function afterTools({ path, body: first, toolCalls }: V1Example): V1Example | null {
  const messages = first['messages'];
  if (toolCalls === undefined || !Array.isArray(messages)) return null;
  const said: readonly unknown[] = messages;
  const calls = toolCalls.map(({ name, input }, place) => ({
    id: `call_${place + 1}`,
    type: 'function',
    function: { name, arguments: JSON.stringify(input) },
  }));
  const results = toolCalls.map(({ result }, place) => ({
    role: 'tool',
    tool_call_id: `call_${place + 1}`,
    content: result,
  }));
  const whole = [...said, { role: 'assistant', tool_calls: calls }, ...results];
  return { path, body: { ...first, tool_choice: 'none', messages: whole } };
}
