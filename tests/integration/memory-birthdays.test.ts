import { expect, test } from 'vitest';
import { noteYearlyDates } from '../../src/memory/dates/note-yearly-dates.ts';
import { MemoryHouse } from './support/memory-house.ts';

test('a birthday that was mentioned is kept once, and comes back every year', async () => {
  await using memory = await MemoryHouse.open({ rules: [{ steps: [{ type: 'tokens', tokens: ['I see.'] }] }] });
  const { conversation, pair } = await memory.begin();
  const soon = new Intl.DateTimeFormat('en', { day: 'numeric', month: 'long', timeZone: 'UTC' }).format(
    Date.now() + 40 * 24 * 60 * 60 * 1000,
  );
  await memory.say(conversation.id, `My daughter Aoife has her birthday on ${soon}.`);
  await memory.say(conversation.id, 'Good night.');
  await memory.settle();
  const { app } = memory.house;
  const view = await app.memory.memories.view(pair);
  const options = {
    storage: app.storage,
    clock: app.clock,
    newId: () => crypto.randomUUID(),
    queue: app.memory.queue,
    facts: app.memory.facts,
    timeZone: app.memory.ofTurns.timeZone,
  };
  for (let round = 0; round < 2; round += 1) {
    await noteYearlyDates(options, { pair, view });
    const dates = await app.memory.dates.list({ pair, view });
    expect(dates.map(({ text, recurs }) => [text.includes('Aoife'), recurs])).toEqual([[true, 'yearly']]);
  }
});
