import { exampleScript } from './example-talks.ts';
import type { HouseProcess } from '../../tests/e2e/support/house-process.ts';

/** What the scripted model answers to programs. */
export const exampleConsoleScript = {
  rules: [
    {
      when: { contains: 'lighthouse' },
      steps: [
        {
          type: 'tokens' as const,
          tokens: ['The lamp ', 'turns ', 'slowly, ', 'and the ', 'boats ', 'find ', 'their way ', 'home.'],
        },
      ],
    },
  ],
};

const DOLLAR = 1_000_000_000;

/** Prices, a key, and programs that have used it. */
export async function playConsole({ owner, address }: HouseProcess): Promise<string> {
  const prices = { inputPerMillion: 200 * DOLLAR, outputPerMillion: 600 * DOLLAR };
  await owner.call('setPrices', { body: { ref: '*', prices } });
  for (const name of ['staging', 'shop assistant', 'newsletter']) {
    const { key } = await owner.call('createPlatformKey', { body: { name } });
    for (let place = 0; place <= name.length; place += 4) await ask(address, key);
  }
  return '';
}

async function ask(address: string, key: string): Promise<void> {
  const messages = [{ role: 'user', content: 'Tell of a lighthouse in one sentence.' }];
  const answer = await fetch(`${address}/v1/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
    body: JSON.stringify({ model: exampleScript.name ?? 'test', messages }),
  });
  if (!answer.ok) throw new Error(`The house answered ${answer.status}: ${await answer.text()}`);
}
