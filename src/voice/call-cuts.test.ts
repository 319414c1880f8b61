import fc from 'fast-check';
import { expect, test } from 'vitest';
import { stageCall } from './testing/stage-call.ts';
import { VirtualClock } from './testing/virtual-clock.ts';

/** Cuts, whole: 1,000; a sample in the ordinary run. */
const RUNS = process.env['EVERWITH_FULL'] === '1' ? 1000 : 20;

const reply =
  'one two three four five six seven, eight nine ten eleven. twelve thirteen. fourteen fifteen sixteen seventeen, eighteen nineteen twenty. *smiles* end of it all.';

/** What may cut a reply short, at any time. */
const cut = fc.record({
  at: fc.integer({ min: 1200, max: 9000 }),
  how: fc.constantFrom('speech' as const, 'tap' as const, 'hang-up' as const, 'network' as const, 'typing' as const),
  networkInMs: fc.constantFrom(0, 40, 180),
  jitterInMs: fc.constantFrom(0, 60),
  firstTokenInMs: fc.integer({ min: 0, max: 900 }),
  confirmInMs: fc.constantFrom(0, 30, 300),
});

test('after any cut, history holds whole clauses that sounded, and no other word', async () => {
  await fc.assert(
    fc.asyncProperty(cut, async ({ at, how, networkInMs, jitterInMs, firstTokenInMs, confirmInMs }) => {
      const clock = new VirtualClock();
      const { ports, call, caller, say } = stageCall({
        clock,
        latencies: {
          transcriptInMs: 60,
          firstTokenInMs,
          tokenInMs: 15,
          firstAudioInMs: 60,
          confirmInMs,
        },
        caller: { networkInMs, jitterInMs },
      });
      ports.answer = (said) => (said.startsWith('tell') ? reply : 'Well then.');
      say('tell me everything');
      await caller.run(at);
      if (how === 'speech') say('no please wait a moment now');
      else if (how === 'tap') call.interrupt();
      else if (how === 'typing') call.type('something else');
      else if (how === 'network') caller.disconnect();
      else void call.end('hung-up');
      await caller.run(3000);
      const ended = call.end('away-too-long');
      await caller.run(1500);
      await ended;
      const first = ports.kept[0];
      if (!first) return;
      const replyId = caller.find('turn-commit')?.event.replyId;
      const sounded = Math.max(
        0,
        ...caller.sounded.filter((one) => one.replyId === replyId).map((one) => one.positionInMs),
      );
      const clauses = caller.events.flatMap(({ event }) =>
        event.type === 'clause-end' && event.replyId === replyId ? [event] : [],
      );
      const texts = caller.events.flatMap(({ event }) =>
        event.type === 'clause-start' && event.replyId === replyId ? [event] : [],
      );
      expect(reply.startsWith(first.reply)).toBe(true);
      // Every clause in history ended at or before the place where the sound stopped, to the device's own rounding.
      let end = 0;
      let inHistory = '';
      for (const [index, { text }] of texts.entries()) {
        if (!first.reply.startsWith(inHistory + text)) break;
        inHistory += text;
        end = clauses[index]?.positionInMs ?? Infinity;
      }
      expect(inHistory).toBe(first.reply);
      expect(first.state === 'done' || end <= sounded + 30).toBe(true);
    }),
    { numRuns: RUNS },
  );
}, 300_000);
