import type { AddressInfo } from 'node:net';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { silentLogger } from '../../src/base/logger.ts';
import { systemClock } from '../../src/base/clock.ts';
import { realtimeArea } from '../../src/http/realtime/realtime-area.ts';
import type { CallDoor } from '../../src/http/realtime/realtime-session.ts';
import { createCall } from '../../src/voice/create-call.ts';
import { FakePorts } from '../../src/voice/testing/fake-ports.ts';
import { openTestHouse } from '../../tests/integration/http-house.ts';
import { QUESTION } from './question.ts';
import { realClock } from './real-clock.ts';

/*
 * The house's door and the real loop between fakes, in a process of its own. Says `{port, key}` on its first line; a
 * line on its input makes it say `{loopDelayInMs, cpuShare}` of the time since the line before.
 */

const RESOLUTION_IN_MS = 5;
/** What models take in this house of fakes, milliseconds. */
const LATENCIES = { transcriptInMs: 80, turnInMs: 40, firstTokenInMs: 150, tokenInMs: 15, firstAudioInMs: 80 };

function createDoor(): CallDoor {
  let opened = 0;
  return {
    open: async (_actor, { playback }) => {
      opened += 1;
      const id = `call-${opened}`;
      const clock = realClock();
      const ports = new FakePorts(clock, LATENCIES);
      // The language gives texts their pitch in the order it meets them: the callers' come first on both sides.
      ports.language.render(QUESTION, { sampleRate: 16_000 });
      ports.answer = () =>
        'Yes, that is how it was in those days. We had a garden then, and the sea was not far from the house.';
      let ids = 0;
      return {
        id,
        conversationId: `conversation-${opened}`,
        characterName: 'Mira',
        locale: 'en',
        resumed: false,
        configure: async () => undefined,
        call: createCall({
          clock,
          newId: () => `${id}-${(ids += 1)}`,
          listener: ports.listener,
          speaker: ports.speaker,
          replier: ports.replier,
          profile: 'normal',
          playback,
          language: 'en',
        }),
      };
    },
  };
}

const house = await openTestHouse({
  areas: [realtimeArea({ calls: createDoor(), clock: systemClock, logger: silentLogger() })],
});
await house.app.listen({ host: '127.0.0.1', port: 0 });
const { port } = house.app.server.address() as AddressInfo;
const made = await house.asTerminal({ method: 'POST', url: '/api/keys', payload: { name: 'bench', scopes: ['chat'] } });
console.log(JSON.stringify({ port, key: made.json<{ key: string }>().key }));

const delay = monitorEventLoopDelay({ resolution: RESOLUTION_IN_MS });
delay.enable();
let cpu = process.cpuUsage();
let since = performance.now();
process.stdin.on('data', () => {
  const { user, system } = process.cpuUsage(cpu);
  const elapsed = performance.now() - since;
  const loopDelayInMs = Math.max(0, delay.percentile(99) / 1e6 - RESOLUTION_IN_MS);
  console.log(JSON.stringify({ loopDelayInMs, cpuShare: (user + system) / 1000 / elapsed }));
  delay.reset();
  cpu = process.cpuUsage();
  since = performance.now();
});
process.stdin.on('end', () => void house[Symbol.asyncDispose]());
