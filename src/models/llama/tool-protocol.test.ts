import { expect, test } from 'vitest';
import { toChatTurns } from './chat-turns.ts';
import { ToolCallSplitter, type SplitPiece } from './tool-protocol.ts';

function split(text: string, size: number): SplitPiece[] {
  const splitter = new ToolCallSplitter(['add', 'now']);
  const pieces: SplitPiece[] = [];
  for (let at = 0; at < text.length; at += size) pieces.push(...splitter.push(text.slice(at, at + size)));
  return [...pieces, ...splitter.flush()];
}

const wordsOf = (pieces: SplitPiece[]) => pieces.map((piece) => (piece.type === 'text' ? piece.text : '')).join('');
const callsOf = (pieces: SplitPiece[]) => pieces.filter((piece) => piece.type === 'call');

const CALL = '<tool_call>\n{"name": "add", "arguments": {"a": 1, "b": 2}}\n</tool_call>';

test.each([1, 3, 7, 1000])('calls are taken out of the words, in pieces of %i', (size) => {
  const pieces = split(`Let me see.\n${CALL}\n${CALL}`, size);
  expect(wordsOf(pieces)).toBe('Let me see.');
  expect(callsOf(pieces)).toEqual([
    { type: 'call', name: 'add', input: '{"a":1,"b":2}' },
    { type: 'call', name: 'add', input: '{"a":1,"b":2}' },
  ]);
});

test('words that only look like the beginning of a call stay words', () => {
  expect(wordsOf(split('a <tool b <too', 1))).toBe('a <tool b <too');
});

test('a call without its end, one in tags, and one that is none', () => {
  expect(callsOf(split('<tool_call>{"name":"now","arguments":{}}', 5))).toEqual([
    { type: 'call', name: 'now', input: '{}' },
  ]);
  const tagged =
    '<tool_call>\n<function=add>\n<parameter=a>\n1\n</parameter>\n<parameter=city>\nOslo\n</parameter>\n</function>\n</tool_call>';
  expect(callsOf(split(tagged, 4))).toEqual([{ type: 'call', name: 'add', input: '{"a":1,"city":"Oslo"}' }]);
  expect(callsOf(split('<tool_call>add 1 and 2</tool_call>', 4))).toEqual([
    { type: 'call', name: '', input: 'add 1 and 2' },
  ]);
});

test('an answer that is nothing but the JSON of a call is one; other JSON is words', () => {
  const json = '{"name": "add", "arguments": {"a": 1}}';
  expect(split(json, 3)).toEqual([{ type: 'call', name: 'add', input: '{"a":1}' }]);
  expect(split(`\`\`\`json\n${json}\n\`\`\``, 3)).toEqual([{ type: 'call', name: 'add', input: '{"a":1}' }]);
  expect(wordsOf(split('{"name": "else", "arguments": {}}', 3))).toBe('{"name": "else", "arguments": {}}');
  expect(callsOf(split(CALL, 3))).toHaveLength(1);
  expect(wordsOf(split('`x` is a name', 2))).toBe('`x` is a name');
});

test.each([1, 4, 1000])('what a model repeats of its tools is no answer, in pieces of %i', (size) => {
  const echo = '<tools>\n{"type": "function", "function": {"name": "add"}}\n</tools>\n';
  expect(split(`${echo}{"name": "add", "arguments": {"a": 1}}`, size)).toEqual([
    { type: 'call', name: 'add', input: '{"a":1}' },
  ]);
  expect(callsOf(split(`${echo}${CALL}`, size))).toHaveLength(1);
  expect(wordsOf(split(`${echo}It is two.`, size))).toBe('It is two.');
  expect(wordsOf(split('<tool is a word', size))).toBe('<tool is a word');
});

test('a prompt tells of the tools at its beginning, and of calls and results in their place', () => {
  const { turns, stableTurns } = toChatTurns(
    [
      { role: 'system', content: 'You are Mira.' },
      { role: 'user', content: [{ type: 'text', text: 'Sum?' }] },
      {
        role: 'assistant',
        content: [
          { type: 'text', text: 'One moment.' },
          { type: 'tool-call', toolCallId: '1', toolName: 'add', input: { a: 1, b: 2 } },
        ],
      },
      {
        role: 'tool',
        content: [{ type: 'tool-result', toolCallId: '1', toolName: 'add', output: { type: 'text', value: '3' } }],
      },
    ],
    1,
    [{ type: 'function', name: 'add', inputSchema: { type: 'object' } }],
  );
  expect(turns.map(({ role }) => role)).toEqual(['system', 'user', 'assistant', 'user']);
  expect(turns[0]?.text).toMatch(/^You are Mira\.\n\n# Tools[\s\S]*"name":"add"/);
  expect(turns[2]?.text).toBe('One moment.\n<tool_call>\n{"name":"add","arguments":{"a":1,"b":2}}\n</tool_call>');
  expect(turns[3]?.text).toBe('<tool_response>\n3\n</tool_response>');
  expect(stableTurns).toBe(1);
});
