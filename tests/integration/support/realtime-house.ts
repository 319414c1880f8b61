import type { AddressInfo } from 'node:net';
import type { ClientOptions } from 'ws';
import { systemClock, type Clock } from '../../../src/base/clock.ts';
import { silentLogger } from '../../../src/base/logger.ts';
import { realtimeArea } from '../../../src/http/realtime/realtime-area.ts';
import type { RealtimeSocketOptions } from '../../../src/http/realtime/realtime-socket.ts';
import { openTestHouse, type TestHouse } from '../http-house.ts';
import { RealtimeClient } from './realtime-client.ts';
import { createScriptedCalls, type ScriptedCalls } from './scripted-calls.ts';

export interface RealtimeHouse extends AsyncDisposable {
  house: TestHouse;
  calls: ScriptedCalls;
  port: number;
  key: string;
  /** Connects with the key; `query` without its question mark. */
  connect(query?: string, options?: ClientOptions & { protocols?: string[] }): Promise<RealtimeClient>;
}

/** The real door with a call that follows a script behind it. */
export async function openRealtimeHouse({
  clock = systemClock,
  socketOptions,
}: { clock?: Clock; socketOptions?: RealtimeSocketOptions } = {}): Promise<RealtimeHouse> {
  const calls = createScriptedCalls();
  const area = realtimeArea({ calls, clock, logger: silentLogger(), ...(socketOptions && { socketOptions }) });
  const house = await openTestHouse({ areas: [area] });
  await house.app.listen({ host: '127.0.0.1', port: 0 });
  const { port } = house.app.server.address() as AddressInfo;
  const made = await house.asTerminal({
    method: 'POST',
    url: '/api/keys',
    payload: { name: 'call', scopes: ['chat'] },
  });
  const { key } = made.json<{ key: string }>();
  return {
    house,
    calls,
    port,
    key,
    connect: (query = 'model=character/mira', options = { headers: { authorization: `Bearer ${key}` } }) =>
      new RealtimeClient(`ws://127.0.0.1:${port}/v1/realtime?${query}`, options).opened(),
    [Symbol.asyncDispose]: () => house[Symbol.asyncDispose](),
  };
}
