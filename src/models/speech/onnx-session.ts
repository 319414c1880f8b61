import type * as OnnxRuntime from 'onnxruntime-node';
import { ResourceError, errorMessage } from '../../base/errors.ts';

/** The library, loaded when the first model needs it: a house without voices never pays for it. */
export async function loadOnnxRuntime(): Promise<typeof OnnxRuntime> {
  return import('onnxruntime-node');
}

/** A model that lies inside a larger file. */
export interface NamedModel {
  name: string;
  bytes: Uint8Array;
}

/**
 * A session on the CPU. Its threads sleep instead of spinning while they wait, because a text model usually wants the
 * same cores; its arena does not keep a pattern for each input shape, which costs memory and wins nothing here.
 * Throws `ResourceError` (`engine-start-failed`) when the file cannot be read as a model.
 */
export async function createOnnxSession(
  model: string | NamedModel,
  options: { threads: number },
): Promise<OnnxRuntime.InferenceSession> {
  const { InferenceSession: Session } = await loadOnnxRuntime();
  try {
    const settings: OnnxRuntime.InferenceSession.SessionOptions = {
      executionProviders: ['cpu'],
      intraOpNumThreads: options.threads,
      interOpNumThreads: 1,
      executionMode: 'sequential',
      graphOptimizationLevel: 'all',
      enableMemPattern: false,
      logSeverityLevel: 3,
      extra: { session: { intra_op: { allow_spinning: '0' }, inter_op: { allow_spinning: '0' } } },
    };
    return await (typeof model === 'string' ? Session.create(model, settings) : Session.create(model.bytes, settings));
  } catch (error) {
    throw new ResourceError(
      `The speech model ${typeof model === 'string' ? model : model.name} could not be loaded (${errorMessage(error)}). Remove it on the models page and fetch it again.`,
      { code: 'engine-start-failed', cause: error },
    );
  }
}
