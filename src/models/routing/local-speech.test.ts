import { beforeEach, describe, expect, test, vi } from 'vitest';
import { systemClock } from '../../base/clock.ts';
import { NotFoundError } from '../../base/errors.ts';
import { silentLogger } from '../../base/logger.ts';
import { findSpeechEntry, loadSpeechCatalog, type SpeechEntry } from '../catalog/speech-catalog.ts';
import type { TurnDetector } from '../spec/speech-handle.ts';
import { createScriptedSpeech, SCRIPTED_VOICE } from '../scripted/scripted-speech.ts';
import { HouseSpeechDirectory } from './house-speech-directory.ts';
import { LocalSpeech, type HearingEngine, type LocalSpeechOptions, type SpeakingEngine } from './local-speech.ts';

const catalog = await loadSpeechCatalog();
const { signal } = new AbortController();
const script = createScriptedSpeech();

/** Bytes free; each loaded engine takes some. */
let free: number;
let installed: Set<string>;
let log: string[];

beforeEach(() => {
  free = 8e9;
  installed = new Set();
  log = [];
});

/** Only what the directory asks of downloads. */
function downloads(): LocalSpeechOptions['downloads'] {
  return {
    entries: () => catalog.entries,
    entry: (id: string) => findSpeechEntry(catalog, id),
    status: async () =>
      catalog.entries.map(({ id }) => ({
        id,
        state: installed.has(id) ? 'installed' : 'absent',
        receivedBytes: 0,
        totalBytes: 0,
        bytesPerSecond: null,
        etaInSeconds: null,
        source: null,
        error: null,
      })),
    locate: async (id: string) => {
      if (!installed.has(id)) throw new NotFoundError('Not here.');
      return { model: `/weights/${id}` };
    },
  };
}

const turns: TurnDetector = { probability: async () => 1, warm: async () => undefined };

class Engine {
  pid: number | undefined;
  readonly #id: string;

  constructor(id: string) {
    this.#id = id;
    log.push(`make ${id}`);
  }

  load(bytes: number): void {
    this.pid = 1;
    free -= bytes;
  }

  async unload(): Promise<void> {
    log.push(`unload ${this.#id}`);
    this.pid = undefined;
    free = 8e9;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    log.push(`close ${this.#id}`);
  }
}

function open(): { local: LocalSpeech; engines: Map<string, Engine> } {
  const engines = new Map<string, Engine>();
  const make = (entry: SpeechEntry) => {
    const engine = new Engine(entry.id);
    engines.set(entry.id, engine);
    return engine;
  };
  const local = new LocalSpeech({
    downloads: downloads(),
    clock: systemClock,
    logger: silentLogger(),
    availableMemory: () => free,
    makers: {
      createSpeechHost: ({ entry }) =>
        Object.assign(make(entry), { handle: { ref: `local:${entry.id}` } }) as unknown as SpeakingEngine,
      createHearingHost: ({ entry, turn }) =>
        Object.assign(make(entry), {
          transcription: { ref: `local:${entry.id}` },
          turns: turn && turns,
        }) as unknown as HearingEngine,
      loadSilero: vi.fn(async () => ({
        create: () => ({ probability: async () => 0, reset: () => undefined }),
        [Symbol.asyncDispose]: async () => void log.push('close silero'),
      })),
      emotions: ['neutral', 'happy'],
    },
  });
  return { local, engines };
}

describe('voices of this computer', () => {
  test('are listed whether they are installed or not', async () => {
    installed.add('piper-en-joe');
    const voices = await open().local.voices();
    expect(voices.find(({ ref }) => ref === 'local:piper-en-joe/joe')).toMatchObject({
      installed: true,
      forCalls: true,
      emotions: ['neutral', 'happy'],
    });
    expect(voices.find(({ ref }) => ref === 'local:kokoro-82m/zf_xiaoxiao')).toMatchObject({ installed: false });
  });

  test('share one engine for all voices of a model', async () => {
    installed.add('kokoro-82m');
    const { local } = open();
    const first = await local.speech('local:kokoro-82m/af_heart', signal);
    const second = await local.speech('local:kokoro-82m/zm_yunxi', signal);
    expect([first?.voice, second?.voice]).toEqual(['af_heart', 'zm_yunxi']);
    expect(second?.handle).toBe(first?.handle);
    expect(log).toEqual(['make kokoro-82m']);
  });

  test('that are not installed say so, those unknown are somebody else’s', async () => {
    const { local } = open();
    await expect(local.speech('local:piper-en-joe/joe', signal)).rejects.toMatchObject({ code: 'voice-absent' });
    expect(await local.speech('local:piper-en-joe/nobody', signal)).toBeNull();
    expect(await local.speech('p:model/with/slash/voice', signal)).toBeNull();
  });

  test('make room for each other, and are refused where none is left', async () => {
    installed = new Set(['piper-en-joe', 'kokoro-82m']);
    const { local, engines } = open();
    await local.speech('local:piper-en-joe/joe', signal);
    engines.get('piper-en-joe')?.load(7.9e9);
    await local.speech('local:kokoro-82m/af_heart', signal);
    expect(log).toEqual(['make piper-en-joe', 'make kokoro-82m', 'unload piper-en-joe']);
    free = 1e6;
    await expect(local.speech('local:piper-en-joe/joe', signal)).rejects.toMatchObject({ code: 'no-memory' });
  });

  test('let go of their files before these are removed', async () => {
    installed = new Set(['piper-en-joe', 'moonshine-tiny-en', 'smart-turn-3.2', 'silero-vad-6']);
    const { local } = open();
    await local.speech('local:piper-en-joe/joe', signal);
    await (await local.ears(signal))?.createActivity();
    await local.release('piper-en-joe');
    await local.release('smart-turn-3.2');
    await local.release('silero-vad-6');
    expect(log.slice(2)).toEqual(['close piper-en-joe', 'close moonshine-tiny-en', 'close silero']);
  });
});

describe('ears of this computer', () => {
  test('need the parts of a call', async () => {
    const { local } = open();
    expect(await local.ears(signal)).toBeNull();
    expect(await local.transcription('en', signal)).toBeNull();
    installed = new Set(['moonshine-tiny-en', 'silero-vad-6']);
    expect(await local.ears(signal)).toBeNull();
    expect(await local.transcription('zh', signal)).toBeNull();
    installed.add('smart-turn-3.2');
    expect((await local.ears(signal))?.turns).toBe(turns);
  });

  test('share their process with the detector of ends of turns, also one that came later', async () => {
    installed = new Set(['moonshine-tiny-en', 'silero-vad-6']);
    const { local } = open();
    await local.transcription('en', signal);
    installed.add('smart-turn-3.2');
    await local.transcription('en', signal);
    await local.ears(signal);
    expect(log).toEqual(['make moonshine-tiny-en', 'close moonshine-tiny-en', 'make moonshine-tiny-en']);
  });
});

describe('the house', () => {
  test('answers with what is missing', async () => {
    const house = new HouseSpeechDirectory({ local: open().local });
    await expect(house.transcription('zh', signal)).rejects.toMatchObject({ code: 'hearing-absent' });
    await expect(house.ears(signal)).rejects.toMatchObject({ code: 'hearing-absent' });
    await expect(house.speech('gone:model/voice', signal)).rejects.toMatchObject({ code: 'voice-absent' });
    expect(await house.defaultVoice('en')).toBeNull();
  });

  test('puts the script of a test before everything else', async () => {
    installed = new Set(['piper-en-joe', 'moonshine-tiny-en']);
    const house = new HouseSpeechDirectory({ local: open().local, scripted: script });
    expect(await house.defaultVoice('en', { forCalls: true })).toBe(SCRIPTED_VOICE);
    expect((await house.speech(SCRIPTED_VOICE, signal)).voice).toBe('tone');
    expect((await house.transcription('en', signal)).place).toBe('scripted');
  });

  test('falls back to its own where the script has none', async () => {
    installed = new Set(['piper-en-joe', 'moonshine-tiny-en']);
    const deaf = createScriptedSpeech({ hasVoice: false, hasEars: false });
    const house = new HouseSpeechDirectory({ local: open().local, scripted: deaf });
    expect(await house.defaultVoice('en', { forCalls: true })).toBe('local:piper-en-joe/joe');
    expect((await house.transcription('en', signal)).ref).toBe('local:moonshine-tiny-en');
  });
});
