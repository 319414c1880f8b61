import { expect, test } from 'vitest';
import { openTestStorage } from '../../tests/support/open-test-storage.ts';
import { parseLoreSettings, readUserLoreSettings, writeUserLoreSettings } from './lore-settings-store.ts';

test('each person has their own, and nobody else’s', async () => {
  await using house = await openTestStorage();
  const { db } = house.storage;
  await writeUserLoreSettings(db, { userId: 'ann', settings: { world_info_depth: 7 } });
  expect(await readUserLoreSettings(db, 'ann')).toEqual({ world_info_depth: 7 });
  expect(await readUserLoreSettings(db, 'bob')).toEqual({});
});

test('a wrong value leaves the others, and what is no setting is left out', () => {
  const given = { world_info_depth: 'deep', world_info_budget: 40, world_info_recursive: false, theme: 'dark' };
  expect(parseLoreSettings(given)).toEqual({ world_info_budget: 40, world_info_recursive: false });
  expect(parseLoreSettings(null)).toEqual({});
  expect(parseLoreSettings([1])).toEqual({});
});
