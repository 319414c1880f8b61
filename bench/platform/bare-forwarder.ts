/**
 * The least that can stand before a provider: `node:http` on both sides, the request parsed and sent on, the answer's
 * bytes handed back. Arguments: port, port of the provider.
 */
import { Agent, createServer, request, type IncomingMessage, type ServerResponse } from 'node:http';

const [port = 0, upstreamPort = 0] = process.argv.slice(2).map(Number);
const agent = new Agent({ keepAlive: true, maxSockets: 256 });

function forward(incoming: IncomingMessage, response: ServerResponse): void {
  const parts: Buffer[] = [];
  incoming.on('data', (part: Buffer) => parts.push(part));
  incoming.on('end', () => {
    if (incoming.method === 'GET') {
      response.end('ok');
      return;
    }
    const body = JSON.stringify(JSON.parse(Buffer.concat(parts).toString()));
    const call = request(
      {
        agent,
        host: '127.0.0.1',
        port: upstreamPort,
        path: incoming.url,
        method: 'POST',
        headers: { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) },
      },
      (answer) => {
        response.writeHead(answer.statusCode ?? 502, { 'content-type': answer.headers['content-type'] });
        answer.pipe(response);
      },
    );
    call.on('error', () => response.destroy());
    call.end(body);
  });
}

createServer(forward).listen(port, '127.0.0.1');
