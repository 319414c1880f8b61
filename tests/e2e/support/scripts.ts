import type { ScriptInput } from '../../../src/models/scripted/script.ts';

const TIDE_TOKENS = Array.from({ length: 160 }, (_, index) => (index === 0 ? 'The' : ` tide${index}`));
/** Takes about five seconds: time enough to load a page again while it is written. */
export const TIDE_REPLY = TIDE_TOKENS.join('');
export const TIDE_END = 'tide159';

/**
 * “tide”: a reply of 160 slow tokens. “hang”: a beginning and then nothing until it is stopped. “fail once”: a fault,
 * then an answer. Anything else is answered with itself, a little slowly.
 */
export const playScript: ScriptInput = {
  label: 'Scripted model',
  rules: [
    { when: { contains: 'tide' }, steps: [{ type: 'tokens', tokens: TIDE_TOKENS, delayInMs: 30 }] },
    {
      when: { contains: 'hang' },
      steps: [{ type: 'tokens', tokens: ['*The lamp* ', 'turns', ' once.'] }, { type: 'hang' }],
    },
    {
      when: { contains: 'fail once' },
      times: 1,
      steps: [{ type: 'error', code: 'provider-unavailable', message: 'The provider is having a bad day.' }],
    },
  ],
  otherwise: 'echo',
  echoDelayInMs: 20,
};
