import { existsSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  LlamaLogLevel,
  QwenChatWrapper,
  getLlama,
  getModuleVersion,
  resolveChatWrapper,
  type ChatWrapper,
  type Llama,
  type LlamaContext,
  type LlamaModel,
} from 'node-llama-cpp';
import { ResourceError, errorMessage } from '../../base/errors.ts';
import type { ChildLog } from '../host/child-server.ts';
import type { EngineStart } from './engine-protocol.ts';
import { measureThreads, type ThreadMeasurement } from './thread-measurement.ts';

export interface LoadedModel {
  llama: Llama;
  model: LlamaModel;
  context: LlamaContext;
  wrapper: ChatWrapper;
  measurement: ThreadMeasurement;
  engineVersion: string;
}

/** Loads weights, chooses threads, makes the context. Throws `ResourceError` when memory or the file forbid it. */
export async function loadModel(start: EngineStart, log: ChildLog): Promise<LoadedModel> {
  const llama = await getLlama({
    gpu: hasGpuVariant() ? 'auto' : false,
    build: 'never',
    skipDownload: true,
    // 0 = no shared limit while threads are measured; the governor sets one later.
    maxThreads: 0,
    logLevel: LlamaLogLevel.error,
    logger: (level, message) =>
      log(level === LlamaLogLevel.error ? 'warn' : 'debug', 'engine', { text: message.trim() }),
  });
  try {
    const model = await llama.loadModel({ modelPath: start.modelPath, ignoreMemorySafetyChecks: true });
    const wrapper = chooseChatWrapper(model);
    const engineVersion = `node-llama-cpp ${await getModuleVersion()} llama.cpp ${llama.llamaCppRelease.release}`;
    const measurement = await measureThreads({
      model,
      modelSha256: start.modelSha256,
      folder: start.statesDir,
      engineVersion,
      now: Date.now,
    });
    const context = await model.createContext({
      contextSize: start.plan.contextLength,
      sequences: start.plan.sequences,
      batchSize: start.plan.batchSize,
      threads: { ideal: measurement.threads, min: 1 },
      // Sliding-window caches cannot be cut back; a full one costs memory that was planned for.
      swaFullCache: true,
      ignoreMemorySafetyChecks: true,
    });
    llama.maxThreads = measurement.threads;
    return { llama, model, context, wrapper, measurement, engineVersion };
  } catch (error) {
    await llama.dispose();
    throw new ResourceError(
      `The model cannot be loaded: ${errorMessage(error)} Verify the file, free memory, or choose another model.`,
      { code: 'model-load-failed', cause: error },
    );
  }
}

/**
 * Thinking models answer without thinking aloud: in a conversation the silence is worse than a shallower answer.
 * Qwen2 knows no thoughts, and would be shown marks it never saw.
 */
function chooseChatWrapper(model: LlamaModel): ChatWrapper {
  const { general, tokenizer } = model.fileInfo.metadata;
  const { architecture } = general;
  if (architecture.startsWith('qwen') && tokenizer.chat_template?.includes('<|im_start|>')) {
    // Chosen directly: comparing every known template with the file's takes half a second.
    const thoughts = architecture.startsWith('qwen3') ? 'discourage' : 'auto';
    return new QwenChatWrapper({ thoughts, variation: architecture.startsWith('qwen35') ? '3.5' : '3' });
  }
  return resolveChatWrapper(model, { warningLogs: false });
}

/** GPU variants of the engine are separate packages, installed only where such a GPU was found. */
function hasGpuVariant(): boolean {
  const platform = process.platform === 'win32' ? 'win' : process.platform === 'darwin' ? 'mac' : 'linux';
  const scope = join(dirname(fileURLToPath(import.meta.resolve('node-llama-cpp'))), '..', '..', '@node-llama-cpp');
  if (!existsSync(scope)) return false;
  const pattern = new RegExp(`^${platform}-${process.arch}-(cuda|vulkan|metal)`);
  return readdirSync(scope).some((name) => pattern.test(name) && existsSync(join(scope, name, 'bins')));
}
