import { setPriority } from 'node:os';
import { serveChild } from '../host/child-server.ts';
import { EmbeddingEngine } from './embedding-engine.ts';
import type { EmbeddingInfo, EmbeddingMethods, EmbeddingStart } from './embedding-protocol.ts';

/**
 * A little behind others (nice, 0 to 19): a backlog of passages must not take the core that a reply is written with, and
 * a query, which a reply waits for, still gets a share of a busy machine.
 */
const NICENESS = 5;

/** The embedding engine's child process. Its parent is `embedding-host.ts`, which also checked the file. */
serveChild<EmbeddingMethods, EmbeddingInfo>(async (options, log) => {
  yieldToReplies();
  const engine = await EmbeddingEngine.load(options as EmbeddingStart, log);
  return {
    info: engine.info,
    handlers: { embed: (params, context) => engine.embed(params, context) },
    stop: () => engine.stop(),
  };
});

/** Before the engine's threads are made, for they inherit it. */
function yieldToReplies(): void {
  try {
    setPriority(NICENESS);
  } catch {
    // A sandbox may forbid it; it is only a preference.
  }
}
