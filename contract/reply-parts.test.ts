import { expect, test } from 'vitest';
import { growthOfParts, partsOfReply, withTool } from './reply-parts.ts';
import type { ToolPart } from './tool-parts.ts';

function someToolPart(callId: string, change: Partial<ToolPart> = {}): ToolPart {
  return {
    type: 'tool',
    callId,
    serverId: 's',
    server: 'Clock',
    tool: 'now',
    title: '',
    input: '{}',
    output: '',
    state: 'running',
    durationInMs: 0,
    ...change,
  };
}

test('calls stand between the words that were said before and after them', () => {
  const look = someToolPart('a');
  const again = someToolPart('b');
  const text = 'Let me look.\n\nIt is noon.';
  const grown = {
    text,
    reasoning: 'hm',
    tools: [
      { at: 12, part: look },
      { at: 12, part: again },
    ],
  };
  const parts = partsOfReply(grown);
  expect(parts).toEqual([
    { type: 'reasoning', text: 'hm' },
    { type: 'text', text: 'Let me look.' },
    look,
    again,
    { type: 'text', text: 'It is noon.' },
  ]);
  expect(growthOfParts(parts)).toEqual(grown);
});

test('a call before the first word and one after the last keep their places', () => {
  const first = someToolPart('a');
  const last = someToolPart('b');
  const parts = partsOfReply({
    text: 'Noon.',
    reasoning: '',
    tools: [
      { at: 0, part: first },
      { at: 5, part: last },
    ],
  });
  expect(parts).toEqual([first, { type: 'text', text: 'Noon.' }, last]);
  expect(partsOfReply(growthOfParts(parts))).toEqual(parts);
});

test('a known call changes where it stands, and half a character is not kept', () => {
  const tools = withTool([{ at: 0, part: someToolPart('a') }], { at: 9, part: someToolPart('a', { state: 'done' }) });
  expect(tools).toEqual([{ at: 0, part: someToolPart('a', { state: 'done' }) }]);
  expect(withTool(tools, { at: 4, part: someToolPart('b') })).toHaveLength(2);
  expect(partsOfReply({ text: 'so \uD83D', reasoning: '', tools: [] })).toEqual([{ type: 'text', text: 'so ' }]);
});
