import { availableParallelism } from 'node:os';
import { createOnnxSession, loadOnnxRuntime } from '../onnx-session.ts';
import { MEL_FILTERS, SmartTurnFeatures, TURN_FRAMES } from './smart-turn-features.ts';

export interface SmartTurn {
  /** `samples`: mono 16 kHz of a turn through the silence after it. 0 to 1; above a half = complete. */
  probability(samples: Float32Array): Promise<number>;
  dispose(): Promise<void>;
}

/** On two cores the second one belongs to the text model. */
const FEW_CORES = 2;

/**
 * Smart Turn v3 (github.com/pipecat-ai/smart-turn): `input_features` [1,80,800] → `logits` [1,1], already a probability.
 * Features and inference block the thread for some 45 ms, so it belongs into a child process.
 */
export async function loadSmartTurn(path: string): Promise<SmartTurn> {
  const { Tensor } = await loadOnnxRuntime();
  const session = await createOnnxSession(path, { threads: availableParallelism() > FEW_CORES ? 2 : 1 });
  const features = new SmartTurnFeatures();
  return {
    async probability(samples) {
      // A copy: the run begins later, and the next turn must not find its features in it.
      const input = new Tensor('float32', features.extract(samples).slice(), [1, MEL_FILTERS, TURN_FRAMES]);
      const { logits } = await session.run({ input_features: input });
      return Number(logits?.data[0]);
    },
    dispose: () => session.release(),
  };
}
