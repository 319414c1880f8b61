import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { StalledReader } from './stalled-reader.ts';

/** What fills every buffer between two ends of a connection here. */
const MUCH = 'x'.repeat(16 * 1024 * 1024);
const LIMIT_IN_MS = 60_000;

// The reader's patience alone: connections keep their own time.
beforeEach(() => vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }));
afterEach(() => vi.useRealTimers());

test('a reader that takes nothing is cut off after its time; one that goes on reading in time is not', async () => {
  const written: { response: ServerResponse; reader: StalledReader }[] = [];
  const server = createServer((_request, response) => {
    const reader = new StalledReader(response, LIMIT_IN_MS);
    expect(reader.write(MUCH)).toBe(false);
    written.push({ response, reader });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const stalled = connect(port, '127.0.0.1');
  const patient = connect(port, '127.0.0.1');
  try {
    stalled.on('error', () => undefined).pause();
    const first = once(server, 'request');
    stalled.write('GET / HTTP/1.1\r\nhost: x\r\n\r\n');
    await first;
    vi.advanceTimersByTime(LIMIT_IN_MS - 1);
    expect(written[0]?.response.destroyed).toBe(false);
    vi.advanceTimersByTime(1);
    expect(written[0]?.response.destroyed).toBe(true);
    await written[0]?.reader.drained();

    const second = once(server, 'request');
    patient.on('data', () => undefined).write('GET / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n');
    await second;
    await written[1]?.reader.drained();
    vi.advanceTimersByTime(2 * LIMIT_IN_MS);
    expect(written[1]?.response.destroyed).toBe(false);
    written[1]?.response.end();
    await once(patient, 'close');
    expect(written[1]?.response.writableFinished).toBe(true);
  } finally {
    stalled.destroy();
    patient.destroy();
    server.close();
  }
});
