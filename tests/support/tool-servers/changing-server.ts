import { readFileSync } from 'node:fs';
import { McpServer } from '@modelcontextprotocol/server';
import { StdioServerTransport } from '@modelcontextprotocol/server/stdio';
import { z } from 'zod';

/** A server whose only tool says of itself what stands in a file when the server starts. */
const [file = ''] = process.argv.slice(2);
const server = new McpServer({ name: 'changing', version: '1.0.0' });
server.registerTool(
  'look_up',
  { title: 'Look up', description: readFileSync(file, 'utf8'), inputSchema: z.object({}) },
  async () => ({ content: [{ type: 'text' as const, text: 'Looked up.' }] }),
);
await server.connect(new StdioServerTransport());
