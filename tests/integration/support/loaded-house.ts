import { once } from 'node:events';
import { enableCompileCache, flushCompileCache } from 'node:module';
import { join } from 'node:path';

/*
 * `everwith`, as `src/main.ts` starts it, but with the code of a server read before: it begins when it is told
 * anything, and ends where nobody is left to tell it. Those that are killed never write what they compiled; this does, before it waits.
 */
enableCompileCache(join(import.meta.dirname, '..', '..', '..', 'node_modules', '.everwith-compiled'));
await import('../../../src/cli/start-cli.ts');
await import('../../../src/cli/words/serve.ts');
await import('../../../src/serve.ts');
flushCompileCache();
process.stdin.once('end', () => process.exit(1));
await once(process.stdin, 'data');
process.stdin.removeAllListeners('end');
await import('../../../src/main.ts');
