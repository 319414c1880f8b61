import { serveChild } from '../host/child-server.ts';
import { EmbeddingEngine } from './embedding-engine.ts';
import type { EmbeddingInfo, EmbeddingMethods, EmbeddingStart } from './embedding-protocol.ts';

/** The embedding engine's child process. Its parent is `embedding-host.ts`, which also checked the file. */
serveChild<EmbeddingMethods, EmbeddingInfo>(async (options, log) => {
  const engine = await EmbeddingEngine.load(options as EmbeddingStart, log);
  return {
    info: engine.info,
    handlers: { embed: (params, context) => engine.embed(params, context) },
    stop: () => engine.stop(),
  };
});
