// The reference for a start: Fastify, one route, no types to strip. Argument: the port.
import process from 'node:process';
import fastify from 'fastify';

const app = fastify();
app.get('/healthz', () => ({ status: 'ok' }));
process.once('SIGTERM', () => process.exit(0));
await app.listen({ host: '127.0.0.1', port: Number(process.argv[2]) });
