import { StdioServerTransport } from '@modelcontextprotocol/server/stdio';
import { createHonestServer } from './honest-tools.ts';

const [notes] = process.argv.slice(2);
await createHonestServer(notes === undefined ? {} : { notes }).connect(new StdioServerTransport());
