import { serveChild } from '../../host/child-server.ts';
import { HearingEngine } from './hearing-engine.ts';
import type { HearingInfo, HearingMethods, HearingStart } from './hearing-protocol.ts';

/** The hearing engine's child process. Its parent is `hearing-host.ts`. */
serveChild<HearingMethods, HearingInfo>(async (options) => {
  const engine = await HearingEngine.load(options as HearingStart);
  return {
    info: engine.info,
    handlers: {
      transcribe: (params, context) => engine.transcribe(params, context),
      turn: (params) => engine.probability(params),
    },
    stop: () => engine.stop(),
  };
});
