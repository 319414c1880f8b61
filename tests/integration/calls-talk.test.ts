import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Receipt } from '../../contract/messages.ts';
import type { PromptRecord } from '../../contract/prompts.ts';
import { wordsOf } from './support/caller.ts';
import { openHouse, type ChatHouse } from './support/open-house.ts';
import { TestPhone } from './support/test-phone.ts';

let house: ChatHouse;

beforeAll(async () => {
  house = await openHouse({
    script: {
      rules: [
        { when: { contains: 'weather' }, steps: [{ type: 'tokens', tokens: ['It', ' rains.'] }] },
        {
          when: { contains: 'story' },
          steps: [
            {
              type: 'tokens',
              tokens: ['Once there was a lamp on the coast.', ' It turned all night long.', ' Nobody came to see it.'],
            },
          ],
        },
      ],
      otherwise: 'echo',
    },
  });
});
afterAll(() => house[Symbol.asyncDispose]());

const actor = () => house.app.accounts.terminalActor;
const open = (conversationId: string, greet = false) =>
  house.app.calls.open(actor(), {
    target: { kind: 'conversation', conversationId },
    playback: 'reported',
    greet,
  });

test('what is said in a call is answered aloud, and both are in the conversation', async () => {
  const { id } = await house.owner.begin();
  const before = await house.owner.path(id);
  await using watcher = house.owner.watch(id);
  await watcher.event('conversation-snapshot');
  const call = await open(id);
  using phone = new TestPhone(call);
  phone.say('weather');
  const committed = await phone.event('turn-commit');
  const ended = await phone.event('reply-end');
  expect(ended).toMatchObject({ state: 'done', heard: 'It rains.' });
  expect(phone.heard(ended.replyId)).toBe('It rains.');
  await watcher.event('reply-end', (event) => event.messageId === committed.replyMessageId);
  const path = (await house.owner.path(id)).slice(before.length);
  expect(path.map((message) => [message.author.kind, wordsOf(message), message.state])).toEqual([
    ['human', 'weather', 'done'],
    ['character', 'It rains.', 'done'],
  ]);
  expect(path[0]?.parts.at(-1)).toMatchObject({ type: 'voice', callId: call.id, interrupted: false });
  expect(path[1]?.parts.at(-1)).toMatchObject({ type: 'voice', callId: call.id, recorded: false, interrupted: false });
  const receipt = await house.owner.call<Receipt>('GET', `/api/messages/${path[1]?.id}/receipt`);
  expect(receipt.spoken).toMatchObject({ profile: 'normal', interrupted: false });
  expect(receipt.spoken?.firstFrameOutInMs).toBeGreaterThan(0);
  const prompt = await house.owner.call<PromptRecord>('GET', `/api/messages/${path[1]?.id}/prompt`);
  expect(prompt.exact).toBe(true);
  expect(prompt.segments.some(({ kind }) => kind === 'spoken')).toBe(true);
  await call.call.end('hung-up');
});
