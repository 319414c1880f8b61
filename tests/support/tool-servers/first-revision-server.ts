import { createServer, type Server, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import type { JSONRPCMessage, Transport } from '@modelcontextprotocol/server';
import { createHonestServer } from './honest-tools.ts';

/**
 * The honest tools as servers of MCP's first revision (2024-11-05) offer them: a GET opens the one stream of events, its
 * first event names the address that takes messages, and answers come on the stream. A POST to the stream's address is
 * refused with 405.
 */
export async function startFirstRevisionServer(): Promise<{ url: string; seen: string[] } & AsyncDisposable> {
  const seen: string[] = [];
  let stream: ServerResponse | undefined;
  const transport: Transport = {
    start: async () => undefined,
    send: async (message) => void stream?.write(`event: message\ndata: ${JSON.stringify(message)}\n\n`),
    close: async () => void stream?.end(),
  };
  await createHonestServer().connect(transport);
  const server: Server = createServer((request, response) => {
    seen.push(`${request.method} ${request.url}`);
    if (request.method === 'GET' && request.url === '/sse') {
      stream = response;
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write('event: endpoint\ndata: /messages?session=1\n\n');
      return;
    }
    if (request.method !== 'POST' || !request.url?.startsWith('/messages')) {
      response.writeHead(405).end();
      return;
    }
    void text(request).then((body) => {
      response.writeHead(202).end();
      return transport.onmessage?.(JSON.parse(body) as JSONRPCMessage);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}/sse`,
    seen,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
