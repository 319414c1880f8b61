import { once } from 'node:events';
import { createServer } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { StalledReader } from './stalled-reader.ts';

/** What fills every buffer between two ends of a connection here. */
const MUCH = 'x'.repeat(16 * 1024 * 1024);

test('a reader that takes nothing is cut off after its time; one that goes on reading in time is not', async () => {
  const seen: { closed: boolean; drained: boolean }[] = [];
  const server = createServer((_request, response) => {
    const state = { closed: false, drained: false };
    seen.push(state);
    response.on('close', () => {
      state.closed = !response.writableFinished;
    });
    const reader = new StalledReader(response, 200);
    expect(reader.write(MUCH)).toBe(false);
    const goOn = async () => {
      await reader.drained();
      state.drained = !response.destroyed;
      response.end();
    };
    void goOn();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const stalled = connect(port, '127.0.0.1');
  const patient = connect(port, '127.0.0.1');
  try {
    stalled.on('error', () => undefined).pause();
    stalled.write('GET / HTTP/1.1\r\nhost: x\r\n\r\n');
    await expect.poll(() => seen[0]).toEqual({ closed: true, drained: false });
    patient.on('data', () => undefined).write('GET / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n');
    await once(patient, 'close');
    expect(seen[1]).toEqual({ closed: false, drained: true });
  } finally {
    stalled.destroy();
    patient.destroy();
    server.close();
  }
});
