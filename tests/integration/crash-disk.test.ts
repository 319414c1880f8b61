import { sql } from 'kysely';
import { describe, expect, test } from 'vitest';
import { wordsOf } from './support/caller.ts';
import { dataUrl, pngPixel } from './support/card-files.ts';
import { expectSoundTree, readTree } from './support/check-tree.ts';
import { openHouse } from './support/open-house.ts';
import { HANGING_WORDS, talkingScript } from './support/scripts.ts';
import { canMount, mountSmallDisk } from './support/small-disk.ts';
import { onPostgres } from './support/test-database.ts';
import { until } from './support/until.ts';

const mayMount = await canMount();

// On PostgreSQL the disk is the database server's own affair.
describe.skipIf(!mayMount || onPostgres)('a real disk (needs the right to mount one)', () => {
  test('that is full refuses clearly, keeps what was acknowledged, lets a reply wait, and goes on when there is room', async () => {
    await using disk = await mountSmallDisk(24);
    await using house = await openHouse({ script: talkingScript, dataDirectory: `${disk.folder}/data` });
    const { owner } = house;
    const talk = await owner.begin();
    const notes = await owner.begin();
    await using watcher = owner.watch(talk.id);
    await watcher.event('conversation-snapshot');
    const { reply } = await owner.say(talk.id, 'hang');
    await watcher.until('it has begun', () => watcher.events.filter(({ type }) => type === 'text-delta').length === 3);

    await disk.fill();
    const kept: string[] = [];
    let refused = 0;
    // Large ones take what the database had in reserve, small ones the rest.
    for (const [size, refusals] of [
      [90_000, 1],
      [10, 3],
    ] as const) {
      for (let number = 0; refused < refusals && number < 3000; number += 1) {
        const text = `${size}-${number} ${'x'.repeat(size)}`;
        const answer = await owner.ask('POST', `/api/conversations/${notes.id}/messages`, {
          text,
          clientId: `note-${size}-${number}`,
          reply: false,
        });
        if (answer.status === 200) {
          kept.push(text);
          continue;
        }
        refused += 1;
        expect(answer).toMatchObject({ status: 507, body: { error: { code: 'disk-full', retryable: false } } });
      }
    }
    expect(refused).toBe(3);

    const picture = dataUrl(pngPixel('x'.repeat(100_000)));
    const painted = await owner.refusal('POST', '/api/characters', { name: 'Painted', picture });
    expect(painted).toMatchObject({ status: 507, code: 'disk-full' });

    // Reading goes on; the reply cannot be saved, so it waits instead of being lost.
    expect((await owner.path(notes.id)).slice(1).map(wordsOf)).toEqual(kept);
    await owner.call('POST', `/api/conversations/${talk.id}/stop`);
    expect((await owner.message(reply!.id)).state).toBe('streaming');
    expect(watcher.events.some(({ type }) => type === 'reply-end')).toBe(false);

    await disk.free();
    const ended = await watcher.event('reply-end');
    expect(ended).toMatchObject({ messageId: reply!.id, state: 'stopped' });
    expect(wordsOf(ended.message)).toBe(HANGING_WORDS);
    expect((await owner.talk(talk.id, 'Room again')).reply.state).toBe('done');
    await owner.say(notes.id, 'after', { reply: false });
    expect((await owner.path(notes.id)).slice(1).map(wordsOf)).toEqual([...kept, 'after']);
    const { db } = house.app.storage;
    for (const { id } of [talk, notes]) expectSoundTree(await readTree(db, id));
    expect((await sql`pragma integrity_check`.execute(db)).rows).toEqual([{ integrity_check: 'ok' }]);
  });

  test('that is full when the house closes leaves the beginning that was saved', async () => {
    await using disk = await mountSmallDisk(24);
    await using house = await openHouse({ script: talkingScript, dataDirectory: `${disk.folder}/data` });
    const { owner } = house;
    const { id } = await owner.begin();
    const { reply } = await owner.say(id, 'hang');
    await until('its beginning is saved', async () => wordsOf(await owner.message(reply!.id)) === HANGING_WORDS);
    const notes = await owner.begin();
    await disk.fill();
    for (let number = 0; number < 3000; number += 1) {
      const body = { text: 'x'.repeat(number < 300 ? 90_000 : 10), clientId: `n-${number}`, reply: false };
      const { status } = await owner.ask('POST', `/api/conversations/${notes.id}/messages`, body);
      if (status !== 200 && number > 300) break;
    }
    await house.close();
    await disk.free();
    await house.reopen();
    const message = await owner.message(reply!.id);
    expect(['stopped', 'interrupted']).toContain(message.state);
    expect(wordsOf(message)).toBe(HANGING_WORDS);
    expect((await owner.talk(id, 'Back')).reply.state).toBe('done');
  });

  test('that has no room for a new house says so', async () => {
    await using disk = await mountSmallDisk(1);
    await disk.fill();
    await expect(openHouse({ script: talkingScript, dataDirectory: `${disk.folder}/data` })).rejects.toMatchObject({
      name: 'ResourceError',
    });
  });

  test('that may only be read is refused with its reason, and nothing is changed', async () => {
    await using disk = await mountSmallDisk(24);
    const dataDirectory = `${disk.folder}/data`;
    await using house = await openHouse({ script: talkingScript, dataDirectory });
    const { id } = await house.owner.begin();
    await house.close();
    await disk.setReadOnly(true);
    await expect(house.reopen()).rejects.toMatchObject({
      name: 'ResourceError',
      message: expect.stringMatching(/cannot be (used|written)/),
    });
    await disk.setReadOnly(false);
    await house.reopen();
    expect((await house.owner.conversation(id)).id).toBe(id);
  });
});
