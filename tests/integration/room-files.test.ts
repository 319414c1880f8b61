import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Message, Receipt } from '../../contract/messages.ts';
import type { PromptRecord } from '../../contract/prompts.ts';
import { samplePdf } from '../support/sample-files.ts';
import { attach } from './support/attach.ts';
import { openHouse, type ChatHouse } from './support/open-house.ts';
import { openRoom } from './support/rooms.ts';
import { talkingScript } from './support/scripts.ts';

let house: ChatHouse;
beforeAll(async () => {
  house = await openHouse({ script: talkingScript });
});
afterAll(() => house[Symbol.asyncDispose]());

/** What a character's reply to a message was given. */
async function toldTo(id: string, { seat, text }: { seat: string; text: string }) {
  const { reply } = await house.owner.say(id, text, { speakers: [seat] });
  const ended: Message = await house.owner.ended(id, reply!.id);
  const prompt = await house.owner.call<PromptRecord>('GET', `/api/messages/${ended.id}/prompt`);
  const receipt = await house.owner.call<Receipt>('GET', `/api/messages/${ended.id}/receipt`);
  return { words: JSON.stringify(prompt.messages), files: receipt.files?.used.map(({ name }) => name) ?? [] };
}

test('a file that came with a whisper reaches the prompts of those who heard it, and of nobody else', async () => {
  const room = await openRoom(house, { characters: ['mira', 'wren'], settings: { turnOrder: 'manual' } });
  const { mira = '', wren = '' } = room.seats;
  const secret = await attach(house.owner, room.id, {
    name: 'secret.pdf',
    bytes: samplePdf([['The treasure lies below the seventh stair of the lighthouse.']]),
  });
  const open = await attach(house.owner, room.id, {
    name: 'open.pdf',
    bytes: samplePdf([['The treasure was first heard of in the year 1790.']]),
  });
  await house.owner.say(room.id, 'Only for you.', { to: [wren], attachments: [secret.id], reply: false });
  await house.owner.say(room.id, 'For all of you.', { attachments: [open.id], reply: false });
  const toWren = await toldTo(room.id, { seat: wren, text: 'Where does the treasure lie?' });
  expect(toWren.files.toSorted()).toEqual(['open.pdf', 'secret.pdf']);
  expect(toWren.words).toContain('seventh stair');
  const toMira = await toldTo(room.id, { seat: mira, text: 'Where does the treasure lie?' });
  expect(toMira.files).toEqual(['open.pdf']);
  expect(toMira.words).toContain('1790');
  for (const word of ['seventh stair', 'secret.pdf']) expect(toMira.words).not.toContain(word);
});
