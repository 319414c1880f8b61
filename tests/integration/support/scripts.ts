import type { ScriptInput } from '../../../src/models/scripted/script.ts';

/** Enough tokens, slowly enough, that a test can act in the middle of the reply. */
const LONG_TOKENS = Array.from({ length: 120 }, (_, index) => (index === 0 ? 'The' : ` wave${index}`));
export const LONG_REPLY = LONG_TOKENS.join('');

/** Begins and then says nothing more until it is stopped. */
export const HANGING_WORDS = 'The lamp turns';

/**
 * What the model of these suites does: “long” gets a reply of 120 slow tokens, “hang” a beginning and then nothing,
 * “break” a beginning and then a fault, everything else is answered with itself.
 */
export const talkingScript: ScriptInput = {
  rules: [
    { when: { contains: 'long' }, steps: [{ type: 'tokens', tokens: LONG_TOKENS, delayInMs: 4 }] },
    {
      when: { contains: 'hang' },
      steps: [{ type: 'tokens', tokens: HANGING_WORDS.split(/(?= )/) }, { type: 'hang' }],
    },
    {
      when: { contains: 'break' },
      steps: [
        { type: 'tokens', tokens: ['Half', ' an'] },
        { type: 'error', code: 'model-cut-off', message: 'The model went away.' },
      ],
    },
    { when: { contains: 'silent' }, steps: [] },
  ],
  otherwise: 'echo',
};
