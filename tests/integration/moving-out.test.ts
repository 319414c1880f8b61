import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Message } from '../../contract/messages.ts';
import { Mover } from './support/mover.ts';
import { openHouse, type ChatHouse } from './support/open-house.ts';
import { talkingScript } from './support/scripts.ts';
import { chatLines } from './support/silly-tavern-folder.ts';

let house: ChatHouse;

beforeAll(async () => {
  house = await openHouse({ script: talkingScript });
});
afterAll(() => house[Symbol.asyncDispose]());

async function exported(id: string, format: string): Promise<{ text: string; headers: Headers }> {
  const response = await house.owner.fetch(`/api/conversations/${id}/export?format=${format}`);
  expect(response.status).toBe(200);
  return { text: await response.text(), headers: response.headers };
}

const parse = (text: string) =>
  text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);

test('a SillyTavern chat that was moved in goes out as it came, line by line and key by key', async () => {
  const lines = chatLines({ character: 'Ada', integrity: 'x-1', messages: 230 });
  const { result } = await new Mover(house.owner).moveIn(new Map([['Tea with 王.jsonl', lines.join('\n')]]));
  const { text, headers } = await exported(result!.conversations[0]!.id, 'sillytavern');
  expect(parse(text)).toEqual(parse(lines.join('\n')));
  expect(headers.get('content-disposition')).toContain(encodeURIComponent('Tea with 王.jsonl'));
});

test('what was said here goes out with every answer as a swipe, and comes in again the same', async () => {
  const talk = await house.owner.begin();
  const { reply } = await house.owner.talk(talk.id, 'Good evening');
  const again = await house.owner.call<{ reply: Message }>('POST', `/api/conversations/${talk.id}/replies`, {
    kind: 'regenerate',
    messageId: reply.id,
  });
  await house.owner.ended(talk.id, again.reply.id);
  const { text } = await exported(talk.id, 'sillytavern');
  const lines = parse(text);
  expect(lines.at(-1)).toMatchObject({ is_user: false, swipe_id: 1 });
  expect(lines.at(-1)?.['swipes']).toHaveLength(2);
  const { result } = await new Mover(house.owner).moveIn(new Map([['again.jsonl', text]]));
  const { text: second } = await exported(result!.conversations[0]!.id, 'sillytavern');
  expect(parse(second)).toEqual(lines);
});

test('deleted messages stay behind, hidden ones go out hidden', async () => {
  const hidden = { name: 'Ada', is_user: false, is_system: true, mes: 'Not for the model', extra: {} };
  const spoken = { name: 'Ada', is_user: false, is_system: false, mes: 'Hello', extra: { reasoning: 'Be kind.' } };
  const file = [spoken, hidden].map((line) => JSON.stringify(line)).join('\n');
  const { result } = await new Mover(house.owner).moveIn(new Map([['h.jsonl', file]]));
  const { id } = result!.conversations[0]!;
  const said = await house.owner.say(id, 'Never mind', { reply: false });
  await house.owner.call('DELETE', `/api/messages/${said.message.id}`);
  const { text } = await exported(id, 'sillytavern');
  expect(parse(text)).toEqual([spoken, hidden]);
  expect((await exported(id, 'markdown')).text).toContain('hidden from the model');
  expect((await exported(id, 'markdown')).text).toContain('> Be kind.');
  expect((await exported(id, 'html')).text).not.toContain('Never mind');
});

test('Markdown, HTML and text carry what was said; HTML escapes all of it and fetches nothing', async () => {
  const nasty = '<img src=x onerror=alert(1)> *waves* & "hi"';
  const line = { name: '<b>Ada</b>', is_user: false, is_system: false, mes: nasty, send_date: 1_717_599_410_682 };
  const { result } = await new Mover(house.owner).moveIn(new Map([['n.jsonl', JSON.stringify(line)]]));
  const { id } = result!.conversations[0]!;
  const html = await exported(id, 'html');
  expect(html.headers.get('content-type')).toBe('text/html; charset=utf-8');
  expect(html.text).toContain('&lt;img src=x onerror=alert(1)&gt; <em>waves</em> &amp; &quot;hi&quot;');
  expect(html.text).not.toMatch(/<img|<b>|<script|https?:/);
  expect((await exported(id, 'text')).text).toContain(`):\n${nasty}\n`);
  expect((await exported(id, 'markdown')).text).toContain(nasty);
});

test('nobody takes out what is another’s', async () => {
  const talk = await house.owner.begin();
  const member = await house.member('sam');
  expect(await member.refusal('GET', `/api/conversations/${talk.id}/export?format=html`)).toMatchObject({
    status: 404,
  });
  expect(await house.owner.refusal('GET', `/api/conversations/${talk.id}/export?format=pdf`)).toMatchObject({
    status: 400,
  });
});
