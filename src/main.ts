import { enableCompileCache } from 'node:module';
import { join } from 'node:path';

/**
 * The entrance. It looks at the runtime before anything is loaded that an older one could not even read, so it
 * imports nothing of the house statically.
 */
const OLDEST_NODE = 24;

/** Compiled code of the last start: it halves the time to the first answer. It goes when dependencies are installed anew. */
const COMPILE_CACHE = join(import.meta.dirname, '..', 'node_modules', '.everwith-compiled');

/**
 * What the launcher tells the allocator of this process, which has read it by now. Programs that are started from here,
 * engines of models above all, use many threads and much memory, and are better off without.
 */
const OF_THIS_PROCESS = ['MALLOC_ARENA_MAX', 'MALLOC_TRIM_THRESHOLD_'];

/** The one place that reads the environment; everything else is handed what it needs. */
function readEnvironment(): Readonly<Record<string, string | undefined>> {
  for (const name of OF_THIS_PROCESS) delete process.env[name];
  return { ...process.env };
}

async function main(): Promise<void> {
  const [major = 0] = process.versions.node.split('.').map(Number);
  if (major < OLDEST_NODE) {
    process.stderr.write(
      `Everwith needs Node.js ${OLDEST_NODE} or newer; this is ${process.versions.node}. Start it with ./everwith, which brings its own.\n` +
        `常伴需要 Node.js ${OLDEST_NODE} 或更新的版本;当前是 ${process.versions.node}。请用 ./everwith 启动,它自带运行时。\n`,
    );
    process.exit(1);
  }
  enableCompileCache(COMPILE_CACHE);
  const { startCli } = await import('./cli/start-cli.ts');
  await startCli({
    environment: readEnvironment(),
    // The server is loaded only by the words that need one of their own.
    serve: async (options) => (await import('./serve.ts')).serve(options),
  });
}

await main();
