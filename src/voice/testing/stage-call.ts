import { createCall, type CallOptions } from '../create-call.ts';
import { FakePorts, type FakeLatencies } from './fake-ports.ts';
import { SimulatedCaller, type CallerOptions } from './simulated-caller.ts';
import type { TestClock } from './virtual-clock.ts';

export interface StagedCall {
  ports: FakePorts;
  caller: SimulatedCaller;
  call: ReturnType<typeof createCall>;
  /** Speaks; the clock at the last sound. */
  say(text: string, inMs?: number): number;
}

/** The real loop between fakes with the latencies asked for, and a simulated device. */
export function stageCall({
  clock,
  latencies = {},
  caller: callerOptions = {},
  ...options
}: {
  clock: TestClock;
  latencies?: Partial<FakeLatencies>;
  caller?: CallerOptions;
} & Partial<CallOptions>): StagedCall {
  const ports = new FakePorts(clock, latencies);
  let ids = 0;
  const call = createCall({
    clock,
    newId: () => `id-${(ids += 1)}`,
    listener: ports.listener,
    speaker: ports.speaker,
    replier: ports.replier,
    profile: 'normal',
    playback: 'reported',
    language: 'en',
    ...options,
  });
  const caller = new SimulatedCaller(call, clock, callerOptions);
  const say = (text: string, inMs = 0) => {
    caller.speak(ports.language.render(text, { sampleRate: 16_000 }), inMs);
    return clock.now() + inMs + ports.language.durationOf(text);
  };
  return { ports, caller, call, say };
}
