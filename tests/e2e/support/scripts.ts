import type { ScriptInput } from '../../../src/models/scripted/script.ts';
import type { Gate } from './gate.ts';

const TIDE_TOKENS = Array.from({ length: 160 }, (_, index) => (index === 0 ? 'The' : ` tide${index}`));
/** Takes about five seconds. */
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

/** As `playScript`, but the tide stops behind each of these tokens until its gate is open, and comes without delay. */
export function gatedTide(...stops: readonly { after: number; gate: Gate }[]): ScriptInput {
  const ends = [...stops.map(({ after }) => after + 1), TIDE_TOKENS.length];
  const steps = ends.flatMap((end, index) => {
    const tokens = TIDE_TOKENS.slice(ends[index - 1] ?? 0, end);
    const gate = stops[index]?.gate;
    return [{ type: 'tokens' as const, tokens }, ...(gate ? [gate.step] : [])];
  });
  return { ...playScript, rules: [{ when: { contains: 'tide' }, steps }, ...(playScript.rules ?? [])] };
}
