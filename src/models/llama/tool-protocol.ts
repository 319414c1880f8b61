import type { LanguageModelV4FunctionTool, LanguageModelV4Message } from '@ai-sdk/provider';

/** Around a call, and around what came of it: the way of Hermes and Qwen, which most small models were taught. */
export const CALL_OPEN = '<tool_call>';
export const CALL_CLOSE = '</tool_call>';
export const RESPONSE_OPEN = '<tool_response>';
const RESPONSE_CLOSE = '</tool_response>';

/** What a model is told of its tools, as the templates of Qwen2.5 word it. */
export function toolInstructions(tools: readonly LanguageModelV4FunctionTool[]): string {
  const signatures = tools.map(({ name, description, inputSchema }) =>
    JSON.stringify({ type: 'function', function: { name, description, parameters: inputSchema } }),
  );
  return [
    '# Tools',
    '',
    'You may call one or more functions to assist with the user query.',
    '',
    'You are provided with function signatures within <tools></tools> XML tags:',
    '<tools>',
    ...signatures,
    '</tools>',
    '',
    'For each function call, return a json object with function name and arguments within <tool_call></tool_call> XML tags:',
    CALL_OPEN,
    '{"name": <function-name>, "arguments": <args-json-object>}',
    CALL_CLOSE,
  ].join('\n');
}

type AssistantPart = Extract<LanguageModelV4Message, { role: 'assistant' }>['content'][number];

/** A call as the model wrote it. */
export function callText({ toolName, input }: Extract<AssistantPart, { type: 'tool-call' }>): string {
  return `${CALL_OPEN}\n${JSON.stringify({ name: toolName, arguments: input })}\n${CALL_CLOSE}`;
}

/** What calls gave, as the human's side tells it. */
export function responseText({ content }: Extract<LanguageModelV4Message, { role: 'tool' }>): string {
  return content
    .flatMap((part) => (part.type === 'tool-result' ? [part.output] : []))
    .map((output) => ('value' in output && typeof output.value === 'string' ? output.value : JSON.stringify(output)))
    .map((text) => `${RESPONSE_OPEN}\n${text}\n${RESPONSE_CLOSE}`)
    .join('\n');
}

/** The smallest models repeat what they were told of the tools before they call one. */
const ECHO_OPEN = '<tools>';
const ECHO = /^\s*<tools>[\s\S]*?<\/tools>\s*/;

/** An answer without what a model only repeats at its beginning. */
export function withoutEcho(text: string): string {
  return text.replace(ECHO, '');
}

export type SplitPiece = { type: 'text'; text: string } | { type: 'call'; name: string; input: string };

/** UTF-16 units of an answer that is nothing but JSON; longer ones are words. */
const MOST_BARE = 4000;

/**
 * Takes the calls out of a model's text as it comes; what could be the beginning of a mark waits for the next words. The
 * smallest models leave the marks away and answer with the call's JSON alone, in a fence or not: an answer that begins
 * so waits for its end.
 */
export class ToolCallSplitter {
  readonly #names: ReadonlySet<string>;
  #held = '';
  #inside = false;
  #bare: 'possible' | 'no' = 'possible';

  constructor(names: Iterable<string>) {
    this.#names = new Set(names);
  }

  push(text: string): SplitPiece[] {
    this.#held += text;
    if (this.#bare === 'possible' && this.#held.length < MOST_BARE && mayBeBare(this.#held)) return [];
    this.#bare = 'no';
    const pieces: SplitPiece[] = [];
    for (;;) {
      const mark = this.#inside ? CALL_CLOSE : CALL_OPEN;
      const at = this.#held.indexOf(mark);
      if (at === -1) break;
      const before = this.#held.slice(0, at);
      this.#held = this.#held.slice(at + mark.length);
      if (this.#inside) pieces.push(readCall(before));
      else if (before.trim() !== '') pieces.push({ type: 'text', text: before.trimEnd() });
      this.#inside = !this.#inside;
    }
    if (this.#inside) return pieces;
    const ready = this.#held.slice(0, this.#held.length - possibleTail(this.#held));
    this.#held = this.#held.slice(ready.length);
    if (ready !== '') pieces.push({ type: 'text', text: ready });
    return pieces;
  }

  /** What is left when the answer ends; a call may lack its closing mark. */
  flush(): SplitPiece[] {
    const whole = this.#bare === 'possible' ? this.#bareCall() : null;
    if (whole) return whole;
    if (this.#bare === 'possible') {
      this.#bare = 'no';
      this.#held = withoutEcho(this.#held);
      return [...this.push(''), ...this.flush()];
    }
    const rest = this.#held;
    this.#held = '';
    if (rest.trim() === '') return [];
    return [this.#inside ? readCall(rest) : { type: 'text', text: rest }];
  }

  /** An answer that begins as a call of a tool that there is, with the words behind it; null where it does not. */
  #bareCall(): SplitPiece[] | null {
    const { json, rest } = firstJson(withoutEcho(this.#held));
    if (!json.startsWith('{')) return null;
    const call = readCall(json);
    if (call.type !== 'call' || !this.#names.has(call.name)) return null;
    this.#held = '';
    return rest === '' ? [call] : [call, { type: 'text', text: rest }];
  }
}

/** What stands in a fence at the beginning, and behind it; else the whole as it is. */
function firstJson(text: string): { json: string; rest: string } {
  const [, fenced, rest = ''] = /^\s*```\w*\s*([\s\S]*?)\s*(?:```([\s\S]*))?$/.exec(text) ?? [];
  return fenced === undefined ? { json: text.trim(), rest: '' } : { json: fenced.trim(), rest: rest.trim() };
}

/** JSON, a fence, an echo, or the beginning of one. */
function mayBeBare(text: string): boolean {
  const begun = text.trimStart();
  return /^[{`]/.test(begun) || begun.startsWith(ECHO_OPEN) || ECHO_OPEN.startsWith(begun);
}

/** How many characters at the end could be the beginning of a call, white space before it included. */
function possibleTail(text: string): number {
  let mark = Math.min(CALL_OPEN.length - 1, text.length);
  while (mark > 0 && !text.endsWith(CALL_OPEN.slice(0, mark))) mark -= 1;
  return text.length - text.slice(0, text.length - mark).trimEnd().length;
}

/** JSON, or the tags that later Qwens were taught; what is neither becomes a call of nothing, which is answered so. */
function readCall(text: string): SplitPiece {
  const tagged = /<function=([^>\s]+)>([\s\S]*)/.exec(text);
  if (tagged?.[1]) return { type: 'call', name: tagged[1], input: JSON.stringify(readParameters(tagged[2] ?? '')) };
  const parsed = tryParse(text.trim());
  if (typeof parsed !== 'object' || parsed === null) return { type: 'call', name: '', input: text.trim() };
  // Some say “function” for the call, as the words about their tools do, or “parameters”.
  const said = (parsed as { function?: unknown }).function ?? parsed;
  const { name, arguments: given, parameters } = said as { name?: unknown; arguments?: unknown; parameters?: unknown };
  const input = given ?? parameters;
  return {
    type: 'call',
    name: typeof name === 'string' ? name : '',
    input: typeof input === 'string' ? input : JSON.stringify(input ?? {}),
  };
}

function readParameters(text: string): Record<string, unknown> {
  const found = text.matchAll(/<parameter=([^>\s]+)>\n?([\s\S]*?)\n?<\/parameter>/g);
  return Object.fromEntries([...found].map(([, name = '', value = '']) => [name, tryParse(value) ?? value]));
}

function tryParse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
