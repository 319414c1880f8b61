import type { ScriptInput } from '../../../src/models/scripted/script.ts';

/** Replies that are there at once, and some that take long enough for others to act meanwhile. */
export const threeClientsScript: ScriptInput = {
  rules: [
    {
      when: { contains: 'slow' },
      steps: [{ type: 'tokens', tokens: Array.from({ length: 12 }, (_, index) => ` wave${index}`), delayInMs: 10 }],
    },
  ],
  otherwise: 'echo',
};
