import type { Emotion, Voice } from '../../../contract/voice.ts';
import type { Clock } from '../../base/clock.ts';
import { ResourceError, UnavailableError } from '../../base/errors.ts';
import type { Logger } from '../../base/logger.ts';
import { installedBytes, type LocatedFiles } from '../catalog/file-set.ts';
import type { SpeechDownloads, SpeechEntry } from '../catalog/speech-catalog.ts';
import type { ActivityDetector, SpeechHandle, TranscriptionHandle, TurnDetector } from '../spec/speech-handle.ts';
import { rankEars } from './choose-speech.ts';
import { splitVoiceRef, type Hearer, type SpeechSource } from './speech-source.ts';

/** An engine in a child process; it loads when first asked and unloads by itself when it is idle. */
interface EngineHost extends AsyncDisposable {
  /** Of the child; none while nothing is loaded. */
  readonly pid: number | null | undefined;
  unload(): Promise<void>;
}
export interface SpeakingEngine extends EngineHost {
  handle: SpeechHandle;
}
export interface HearingEngine extends EngineHost {
  transcription: TranscriptionHandle;
  turns: TurnDetector | null;
}
export interface ActivityEngine extends AsyncDisposable {
  create(): ActivityDetector;
}

interface EngineRequest {
  entry: SpeechEntry;
  files: LocatedFiles;
  clock: Clock;
  logger: Logger;
}

/** What makes the engines; the rooms of the engines provide it. */
export interface SpeechEngineMakers {
  createSpeechHost(request: EngineRequest): SpeakingEngine;
  createHearingHost(
    request: EngineRequest & { turn: { entry: SpeechEntry; files: LocatedFiles } | null },
  ): HearingEngine;
  loadSilero(path: string): Promise<ActivityEngine>;
  /** What local voices follow of a tone. */
  emotions: readonly Emotion[];
}

export interface LocalSpeechOptions {
  downloads: Pick<SpeechDownloads, 'entries' | 'entry' | 'status' | 'locate'>;
  makers: SpeechEngineMakers;
  clock: Clock;
  logger: Logger;
  /** Bytes that may still be used. */
  availableMemory: () => number;
}

/**
 * Memory of a loaded engine: a runtime, and its files with room for what it computes. Measured: Kokoro of 92 MB takes
 * 362 MB.
 */
const RUNTIME_BYTES = 120 * 1024 * 1024;
const BYTES_PER_FILE_BYTE = 2.5;

/** Voices and ears that run on this computer. An engine is made when it is first asked for and stays until it is removed. */
export class LocalSpeech implements SpeechSource, AsyncDisposable {
  readonly #options: LocalSpeechOptions;
  /** By catalog id; the one used last is last. */
  readonly #speaking = new Map<string, SpeakingEngine>();
  readonly #hearing = new Map<string, HearingEngine>();
  #activity: Promise<ActivityEngine> | null = null;

  constructor(options: LocalSpeechOptions) {
    this.#options = options;
  }

  async voices(): Promise<Voice[]> {
    const installed = await this.installed();
    const speaking = this.#options.downloads.entries().filter(({ role }) => role === 'speech');
    return speaking.flatMap((entry) => entry.voices.map((voice) => this.#present(entry, voice, installed)));
  }

  /** Ids of the catalog. */
  async installed(): Promise<Set<string>> {
    const statuses = await this.#options.downloads.status();
    return new Set(statuses.filter(({ state }) => state === 'installed').map(({ id }) => id));
  }

  async speech(voiceRef: string, signal: AbortSignal): Promise<{ handle: SpeechHandle; voice: string } | null> {
    const { engine, voice } = splitVoiceRef(voiceRef);
    const entry = this.#options.downloads
      .entries()
      .find(({ id, role }) => role === 'speech' && engine === `local:${id}`);
    if (!entry?.voices.some(({ name }) => name === voice)) return null;
    const files = await this.#locate(entry, signal, 'voice-absent');
    const host = used(this.#speaking, entry.id, () =>
      this.#options.makers.createSpeechHost(this.#request(entry, files)),
    );
    await this.#makeRoom(entry, host);
    return { handle: host.handle, voice };
  }

  async hearers(): Promise<Hearer[]> {
    const installed = await this.installed();
    return rankEars(
      this.#options.downloads.entries().filter(({ id }) => installed.has(id)),
      null,
    ).map(({ id, label, languages }) => ({ ref: `local:${id}`, label, place: 'this-computer', languages }));
  }

  async transcription(language: string | null, signal: AbortSignal, ref?: string): Promise<TranscriptionHandle | null> {
    return (await this.#ears(language, signal, ref))?.transcription ?? null;
  }

  /** Null when something of it is not installed. */
  async ears(
    signal: AbortSignal,
  ): Promise<{ turns: TurnDetector; createActivity: () => Promise<ActivityDetector> } | null> {
    const activity = await this.#firstInstalled('activity');
    if (!activity || !(await this.#firstInstalled('turn'))) return null;
    // The detector lives in the process of the ears that are in use, so that a call needs one process less.
    const host =
      [...this.#hearing.values()].findLast(({ turns }) => turns !== null) ?? (await this.#ears(null, signal));
    if (!host?.turns) return null;
    return { turns: host.turns, createActivity: async () => (await this.#loadActivity(activity, signal)).create() };
  }

  /** Before its files are removed. */
  async release(id: string): Promise<void> {
    const { role } = this.#options.downloads.entry(id);
    const hosts: AsyncDisposable[] = [this.#speaking.get(id), this.#hearing.get(id)].filter(
      (host) => host !== undefined,
    );
    this.#speaking.delete(id);
    this.#hearing.delete(id);
    if (role === 'turn') {
      hosts.push(...this.#hearing.values());
      this.#hearing.clear();
    }
    if (role === 'activity' && this.#activity) {
      hosts.push(await this.#activity);
      this.#activity = null;
    }
    await Promise.all(hosts.map((host) => host[Symbol.asyncDispose]()));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const hosts: AsyncDisposable[] = [...this.#speaking.values(), ...this.#hearing.values()];
    this.#speaking.clear();
    this.#hearing.clear();
    const activity = await this.#activity?.catch(() => null);
    if (activity) hosts.push(activity);
    await Promise.all(hosts.map((host) => host[Symbol.asyncDispose]()));
  }

  async #ears(language: string | null, signal: AbortSignal, ref?: string): Promise<HearingEngine | null> {
    const { downloads, makers } = this.#options;
    const installed = await this.installed();
    const [entry] = rankEars(
      downloads.entries().filter(({ id }) => installed.has(id) && (ref === undefined || ref === `local:${id}`)),
      language,
    );
    if (!entry) return null;
    const files = await this.#locate(entry, signal, 'hearing-absent');
    const turnEntry = await this.#firstInstalled('turn');
    const turn = turnEntry && { entry: turnEntry, files: await this.#locate(turnEntry, signal, 'hearing-absent') };
    const known = this.#hearing.get(entry.id);
    if (known && known.turns === null && turn !== null) {
      // The detector came after these ears were made.
      this.#hearing.delete(entry.id);
      await known[Symbol.asyncDispose]();
    }
    const host = used(this.#hearing, entry.id, () =>
      makers.createHearingHost({ ...this.#request(entry, files), turn }),
    );
    await this.#makeRoom(entry, host);
    return host;
  }

  async #loadActivity(entry: SpeechEntry, signal: AbortSignal): Promise<ActivityEngine> {
    const files = await this.#locate(entry, signal, 'hearing-absent');
    this.#activity ??= this.#options.makers.loadSilero(files['model'] ?? '').catch((error: unknown) => {
      this.#activity = null;
      throw error;
    });
    return this.#activity;
  }

  async #firstInstalled(role: SpeechEntry['role']): Promise<SpeechEntry | null> {
    const installed = await this.installed();
    return this.#options.downloads.entries().find((entry) => entry.role === role && installed.has(entry.id)) ?? null;
  }

  async #locate(entry: SpeechEntry, signal: AbortSignal, code: string): Promise<LocatedFiles> {
    try {
      return await this.#options.downloads.locate(entry.id, signal);
    } catch (error) {
      signal.throwIfAborted();
      throw new UnavailableError(`${entry.label} is not installed. Fetch it in the settings, under Models.`, {
        code,
        retryable: false,
        cause: error,
      });
    }
  }

  /** Unloads what has waited longest until the engine fits; what speaks or listens now is asked last. */
  async #makeRoom(entry: SpeechEntry, host: EngineHost): Promise<void> {
    if (isLoaded(host)) return;
    const { availableMemory } = this.#options;
    const needed = RUNTIME_BYTES + installedBytes(entry) * BYTES_PER_FILE_BYTE;
    const others = [...this.#speaking.values(), ...this.#hearing.values()].filter(
      (other) => other !== host && isLoaded(other),
    );
    for (const other of others) {
      if (availableMemory() >= needed) return;
      await other.unload();
    }
    const available = availableMemory();
    if (available >= needed) return;
    throw new ResourceError(
      `${entry.label} needs about ${megabytes(needed)} MB of memory, and only ${megabytes(available)} MB are free. ` +
        'Close other programs, or choose a smaller voice or model.',
      { code: 'no-memory', details: { neededBytes: Math.ceil(needed), freeBytes: available } },
    );
  }

  #request(entry: SpeechEntry, files: LocatedFiles): EngineRequest {
    const { clock, logger } = this.#options;
    return { entry, files, clock, logger };
  }

  #present(entry: SpeechEntry, voice: SpeechEntry['voices'][number], installed: ReadonlySet<string>): Voice {
    const ref = `local:${entry.id}`;
    return {
      ref: `${ref}/${voice.name}`,
      label: voice.label,
      languages: voice.languages,
      gender: voice.gender,
      engine: { ref, label: entry.label, place: 'this-computer' },
      modelId: entry.id,
      installed: installed.has(entry.id),
      forCalls: entry.forCalls,
      cloned: false,
      emotions: [...this.#options.makers.emotions],
      licence: entry.licence,
    };
  }
}

/** The host of an id, made when there is none; it becomes the one used last. */
function used<T>(hosts: Map<string, T>, id: string, make: () => T): T {
  const host = hosts.get(id) ?? make();
  hosts.delete(id);
  hosts.set(id, host);
  return host;
}

function isLoaded({ pid }: EngineHost): boolean {
  return pid !== null && pid !== undefined;
}

function megabytes(bytes: number): number {
  return Math.ceil(bytes / 1_000_000);
}
