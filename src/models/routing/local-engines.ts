import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '../../base/clock.ts';
import type { Logger } from '../../base/logger.ts';
import type { ModelEntry } from '../catalog/catalog.ts';
import type { Downloads } from '../catalog/downloads.ts';
import { createLlamaHost, type LlamaHost, type LlamaHostInfo } from '../llama/llama-host.ts';
import { forgetStates } from '../llama/state-store.ts';
import type { ModelHandle } from '../spec/model-handle.ts';

export interface LocalEnginesOptions {
  downloads: Downloads;
  /** Folder for engine states, private to the user. */
  statesDirectory: string;
  statesBudgetBytes: number;
  clock: Clock;
  logger: Logger;
}

/** Weights of some four thousand million parameters at four bits: smaller models often call wrongly or not at all. */
const CALLS_WELL_FROM_BYTES = 2.4 * 1024 ** 3;

interface Running {
  entry: ModelEntry;
  host: LlamaHost;
}

/**
 * The models that run on this computer. One engine is loaded at a time: memory is what people have least of, so
 * choosing another model frees the one before.
 */
export class LocalEngines implements AsyncDisposable {
  readonly #options: LocalEnginesOptions;
  readonly #hosts = new Map<string, Running>();
  #current: string | undefined;

  constructor(options: LocalEnginesOptions) {
    this.#options = options;
  }

  /** Throws when the weights are absent, damaged, or too large for this machine. */
  async handle(id: string, signal: AbortSignal): Promise<ModelHandle> {
    const { host, entry } = await this.#host(id, signal);
    const contextLength = host.info().contextLength ?? (await host.plan()).contextLength;
    await this.#makeRoom(id);
    return {
      ref: `local:${id}`,
      label: entry.label,
      place: 'this-computer',
      contextLength,
      fallback: entry.fallback,
      continuesAssistant: true,
      tools: { poorly: entry.sizeBytes < CALLS_WELL_FROM_BYTES },
      logprobs: true,
      sampling: entry.sampling,
      languageModel: host.languageModel,
      countTokens: (texts, stop) => host.countTokens(texts, stop),
      warm: (request) => host.warm(request),
    };
  }

  /** The engine used last; null when none was used yet. */
  current(): { ref: string; info: LlamaHostInfo } | null {
    const running = this.#current === undefined ? undefined : this.#hosts.get(this.#current);
    return running ? { ref: `local:${running.entry.id}`, info: running.host.info() } : null;
  }

  /** Drops what engines remember of a conversation, in memory and on disk, of models not loaded now too. */
  async forget(conversationId: string): Promise<void> {
    for (const { host } of this.#hosts.values()) await host.forget(conversationId);
    const { statesDirectory } = this.#options;
    const folders = await readdir(statesDirectory).catch(() => []);
    for (const folder of folders) await forgetStates(join(statesDirectory, folder), conversationId);
  }

  /** Drops every engine state, the shared beginnings with a person's name too; engines start again when next asked. */
  async forgetAll(): Promise<void> {
    await Promise.all([...this.#hosts.keys()].map((id) => this.release(id)));
    await rm(this.#options.statesDirectory, { recursive: true, force: true });
  }

  /** Before its weights are removed. */
  async release(id: string): Promise<void> {
    const running = this.#hosts.get(id);
    if (!running) return;
    this.#hosts.delete(id);
    if (this.#current === id) this.#current = undefined;
    await running.host[Symbol.asyncDispose]();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([...this.#hosts.keys()].map((id) => this.release(id)));
  }

  async #host(id: string, signal: AbortSignal): Promise<Running> {
    const known = this.#hosts.get(id);
    if (known) return known;
    const { downloads, statesDirectory, statesBudgetBytes, clock, logger } = this.#options;
    const entry = await downloads.entry(id);
    const modelPath = await downloads.locate(id, signal);
    const again = this.#hosts.get(id);
    if (again) return again;
    const host = createLlamaHost({
      modelId: id,
      modelPath,
      modelSha256: entry.sha256,
      contextLength: Math.min(entry.contextLength, MAX_CONTEXT_LENGTH),
      statesDir: join(statesDirectory, entry.sha256.slice(0, 16)),
      statesBudgetBytes,
      clock,
      logger,
    });
    const running = { entry, host };
    this.#hosts.set(id, running);
    return running;
  }

  async #makeRoom(id: string): Promise<void> {
    if (this.#current === id) return;
    const before = this.#current === undefined ? undefined : this.#hosts.get(this.#current);
    this.#current = id;
    await before?.host.unload();
  }
}

/** Tokens: long enough for any chat, and what the memory of an ordinary machine holds. */
const MAX_CONTEXT_LENGTH = 8192;
