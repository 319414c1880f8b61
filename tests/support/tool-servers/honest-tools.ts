import { writeFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { McpServer } from '@modelcontextprotocol/server';
import { z } from 'zod';

/** The tools of a server that keeps every promise: what tests of talking with tools use. */
export function createHonestServer({ notes }: { notes?: string } = {}): McpServer {
  const server = new McpServer({ name: 'honest', version: '1.0.0' });
  server.registerTool(
    'add',
    {
      title: 'Add two numbers',
      description: 'Adds a and b and returns the sum.',
      inputSchema: z.object({ a: z.number(), b: z.number() }),
      annotations: { readOnlyHint: true },
    },
    async ({ a, b }) => ({ content: [{ type: 'text' as const, text: String(a + b) }] }),
  );
  server.registerTool(
    'get_time',
    {
      title: 'Time in a city',
      description: 'Returns the current local time in a city.',
      inputSchema: z.object({ city: z.string() }),
      annotations: { readOnlyHint: true },
    },
    async ({ city }) => ({ content: [{ type: 'text' as const, text: `It is 14:05 in ${city}.` }] }),
  );
  server.registerTool(
    'write_note',
    {
      title: 'Write a note',
      description: 'Writes a note down.',
      inputSchema: z.object({ text: z.string() }),
      annotations: { destructiveHint: true },
    },
    async ({ text }) => {
      if (notes !== undefined) await writeFile(notes, text);
      return { content: [{ type: 'text' as const, text: 'Written.' }] };
    },
  );
  server.registerTool(
    'wait',
    { title: 'Wait', description: 'Waits until it is stopped.', inputSchema: z.object({}) },
    async (_input, context) => {
      await sleep(600_000, undefined, { signal: context.mcpReq.signal }).catch(() => undefined);
      if (notes !== undefined) await writeFile(notes, 'cancelled');
      return { content: [{ type: 'text' as const, text: 'Done waiting.' }] };
    },
  );
  server.registerTool('fail', { title: 'Fail', description: 'Always fails.', inputSchema: z.object({}) }, async () => ({
    isError: true,
    content: [{ type: 'text' as const, text: 'There is no such file.' }],
  }));
  server.registerTool(
    'environment',
    { title: 'Environment', description: 'Tells what it sees.', inputSchema: z.object({}) },
    async () => ({
      content: [
        {
          type: 'text' as const,
          text: JSON.stringify({ names: Object.keys(process.env).toSorted(), folder: process.cwd() }),
        },
      ],
    }),
  );
  return server;
}
