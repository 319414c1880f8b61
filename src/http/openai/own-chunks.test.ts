import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, expect, test } from 'vitest';
import { ownChunks } from './own-chunks.ts';

let server: Server | undefined;
afterEach(async () => {
  server?.closeAllConnections();
  await new Promise((resolve) => server?.close(resolve));
});

async function serve(): Promise<number> {
  server = createServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    const chunks = ownChunks(response);
    for (const piece of ['data: a\n\n', '', 'data: \u00e4\n\n']) response.write(chunks.of(piece), 'latin1');
    response.end(chunks.of('data: [DONE]\n\n') + chunks.last, 'latin1');
  });
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

async function say(port: number, requests: string): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  await once(socket, 'connect');
  socket.setEncoding('latin1').write(requests);
  return text(socket);
}

const BODY = 'data: a\n\ndata: \u00e4\n\ndata: [DONE]\n\n';

test('chunks are framed once, empty ones not at all, and the connection serves the next request', async () => {
  const port = await serve();
  const head = 'GET / HTTP/1.1\r\nHost: house\r\n';
  const said = await say(port, `${head}\r\n${head}Connection: close\r\n\r\n`);
  const framed = '9\r\ndata: a\n\n\r\n9\r\ndata: \u00e4\n\n\r\ne\r\ndata: [DONE]\n\n\r\n0\r\n\r\n';
  const bodies = said.split(/HTTP\/1\.1 200 OK\r\n[^]*?\r\n\r\n/).slice(1);
  expect(bodies).toEqual([framed, framed]);
  expect(said.match(/transfer-encoding: chunked/gi)).toHaveLength(2);
});

test('what ends with its connection has no frames', async () => {
  const said = await say(await serve(), 'GET / HTTP/1.0\r\n\r\n');
  expect(said.slice(said.indexOf('\r\n\r\n') + 4)).toBe(BODY);
  expect(said).not.toMatch(/transfer-encoding/i);
});
