import { serveChild } from '../host/child-server.ts';
import type { EngineInfo, EngineMethods, EngineStart } from './engine-protocol.ts';
import { Engine } from './engine.ts';

/** The text engine's child process. Its parent is `llama-host.ts`, which also checked what it is started with. */
serveChild<EngineMethods, EngineInfo>(async (options, log) => {
  const engine = await Engine.load(options as EngineStart, log);
  return {
    info: engine.info,
    handlers: {
      generate: (params, context) => engine.generate(params, context),
      warm: (params, context) => engine.warm(params, context),
      count: async ({ texts }) => ({ counts: engine.count(texts) }),
      forget: async ({ conversationId }) => {
        await engine.forget(conversationId);
        return null;
      },
    },
    stop: () => engine.stop(),
  };
});
