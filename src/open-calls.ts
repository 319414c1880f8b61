import { Calls } from './features/calls/calls.ts';
import type { CallsContext } from './features/calls/calls-context.ts';
import { Recordings } from './features/calls/recordings.ts';
import { recoverCalls } from './features/calls/recover-calls.ts';
import { SpokenWords } from './features/calls/spoken-words.ts';
import type { SpokenTurns } from './features/chat/spoken-turns.ts';
import type { QuietTime } from './memory/quiet-time.ts';
import { systemCallClock } from './voice/system-call-clock.ts';

export interface OpenCallsOptions extends Omit<CallsContext, 'turns'> {
  spokenTurns: SpokenTurns;
  /** Background work that gives way to calls. */
  memory: { quiet: QuietTime };
  stack: AsyncDisposableStack;
}

/** Calls, and everything else of a conversation that is spoken or heard. What a crash left open is closed. */
export async function openCalls({ stack, spokenTurns, memory, ...core }: OpenCallsOptions) {
  const recovered = await recoverCalls(core);
  if (recovered > 0) core.logger.info({ recovered }, 'calls cut off by a crash were ended');
  const recordings = new Recordings(core);
  const context: CallsContext = { ...core, turns: spokenTurns };
  const spokenWords = new SpokenWords(context, recordings);
  const calls = new Calls(context, { recordings, clock: systemCallClock(core.clock) });
  memory.quiet.add(calls);
  stack.defer(() => calls.close());
  return { calls, recordings, spokenWords };
}
