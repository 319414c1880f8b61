import { z } from 'zod';
import { AppError } from '../../../base/errors.ts';
import { garbageError } from '../../remote/provider-errors.ts';
import type { RemoteProvider } from '../../remote/provider-kinds.ts';
import { baseRespSchema, minimaxError, readJson } from './minimax-speech.ts';
import { callProvider } from './provider-call.ts';

export interface RemoteVoice {
  /** The provider's own name. */
  name: string;
  label: string;
  /** ISO 639-1; empty: any. */
  languages: string[];
  gender: 'female' | 'male' | 'neutral' | null;
  /** Made from a person's voice, by this account. */
  cloned: boolean;
}

/** OpenAI's voices have no list of their own (platform.openai.com, Text to speech). */
const OPENAI_VOICES: readonly [name: string, gender: RemoteVoice['gender']][] = [
  ['alloy', 'neutral'],
  ['ash', 'male'],
  ['ballad', 'male'],
  ['cedar', 'male'],
  ['coral', 'female'],
  ['echo', 'male'],
  ['fable', 'neutral'],
  ['marin', 'female'],
  ['nova', 'female'],
  ['onyx', 'male'],
  ['sage', 'female'],
  ['shimmer', 'female'],
  ['verse', 'male'],
];
const MOST_LIST_BYTES = 4 * 1024 * 1024;
const MOST_VOICES = 2000;

const voiceEntrySchema = z.union([
  z.string(),
  z.object({ id: z.string().optional(), name: z.string().optional(), voice_id: z.string().optional() }),
]);
const compatibleListSchema = z.union([
  z.object({ voices: z.array(voiceEntrySchema) }),
  z.object({ data: z.array(voiceEntrySchema) }),
  z.array(voiceEntrySchema),
]);
const minimaxVoiceSchema = z.object({ voice_id: z.string(), voice_name: z.string().nullish() });
const minimaxListSchema = z.object({
  system_voice: z.array(minimaxVoiceSchema).nullish(),
  voice_cloning: z.array(minimaxVoiceSchema).nullish(),
  voice_generation: z.array(minimaxVoiceSchema).nullish(),
  base_resp: baseRespSchema.nullish(),
});

/**
 * The voices a provider offers: OpenAI's known ones, MiniMax's list with the account's own, `GET /audio/voices` of a
 * compatible server (empty where it has no list: its voices are then named by hand).
 */
export async function listRemoteVoices({
  provider,
  signal,
  fetch,
}: {
  provider: RemoteProvider;
  signal: AbortSignal;
  fetch?: typeof globalThis.fetch;
}): Promise<RemoteVoice[]> {
  const options = { provider, model: '', ...(fetch ? { fetch } : {}) };
  switch (provider.kind) {
    case 'openai':
      return OPENAI_VOICES.map(([name, gender]) => ({
        name,
        label: capitalise(name),
        languages: [],
        gender,
        cloned: false,
      }));
    case 'minimax': {
      const init = {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ voice_type: 'all' }),
      };
      const { chunks } = await callProvider(options, { path: '/get_voice', init, signal });
      return fromMinimax(provider, await readBody(provider, chunks));
    }
    case 'openai-compatible':
      try {
        const { chunks } = await callProvider(options, { path: '/audio/voices', init: {}, signal });
        return fromCompatible(provider, await readBody(provider, chunks));
      } catch (error) {
        if (error instanceof AppError && error.code === 'provider-not-found') return [];
        throw error;
      }
    case 'anthropic':
    case 'google':
    case 'deepseek':
    case 'ollama':
  }
  return [];
}

function fromMinimax(provider: RemoteProvider, body: unknown): RemoteVoice[] {
  const parsed = minimaxListSchema.safeParse(body);
  if (!parsed.success) throw garbageError(provider);
  const { system_voice: system, voice_cloning: cloned, voice_generation: designed, base_resp: failure } = parsed.data;
  if (failure && failure.status_code !== 0) throw minimaxError(provider, failure);
  const toVoice =
    (isCloned: boolean) =>
    ({ voice_id: id, voice_name: name }: z.infer<typeof minimaxVoiceSchema>): RemoteVoice => ({
      name: id,
      label: name ?? id,
      languages: isCloned ? [] : languagesOf(id),
      gender: genderOf(`${id} ${name ?? ''}`),
      cloned: isCloned,
    });
  return [
    ...(cloned ?? []).map(toVoice(true)),
    ...(designed ?? []).map(toVoice(false)),
    ...(system ?? []).map(toVoice(false)),
  ].slice(0, MOST_VOICES);
}

function fromCompatible(provider: RemoteProvider, body: unknown): RemoteVoice[] {
  const parsed = compatibleListSchema.safeParse(body);
  if (!parsed.success) throw garbageError(provider);
  const entries = Array.isArray(parsed.data)
    ? parsed.data
    : 'voices' in parsed.data
      ? parsed.data.voices
      : parsed.data.data;
  return entries
    .map((entry) =>
      typeof entry === 'string'
        ? { id: entry, name: entry }
        : { id: entry.id ?? entry.voice_id ?? entry.name, name: entry.name },
    )
    .flatMap(({ id, name }) =>
      id ? [{ name: id, label: name ?? id, languages: languagesOf(id), gender: genderOf(id), cloned: false }] : [],
    )
    .slice(0, MOST_VOICES);
}

const LANGUAGE_NAMES: readonly [RegExp, string][] = [
  [
    /^(?:Chinese|Cantonese|[zm][fm]_|z[fm]_)|-qn-|(?:male|female)-(?:shaonv|yujie|chengshu|tianmei)|presenter_|audiobook_/iu,
    'zh',
  ],
  [/^(?:English|[ab][fm]_)/iu, 'en'],
  [/^(?:Japanese|j[fm]_)/iu, 'ja'],
  [/^Korean/iu, 'ko'],
  [/^(?:Spanish|e[fm]_)/iu, 'es'],
  [/^(?:French|f[fm]_)/iu, 'fr'],
  [/^German/iu, 'de'],
  [/^Russian/iu, 'ru'],
  [/^(?:Portuguese|p[fm]_)/iu, 'pt'],
  [/^(?:Italian|i[fm]_)/iu, 'it'],
];

/** MiniMax names voices by language (`English_…`), Kokoro by two letters (`af_…`, `zm_…`). */
function languagesOf(id: string): string[] {
  const found = LANGUAGE_NAMES.find(([pattern]) => pattern.test(id));
  return found ? [found[1]] : [];
}

function genderOf(text: string): RemoteVoice['gender'] {
  if (/female|woman|lady|girl|queen|princess|mother|sister|^[a-z]f_|女|姐|妹|妈|奶奶/iu.test(text)) return 'female';
  return /male|\bman\b|_man|boy|\bguy|gentleman|father|brother|prince|^[a-z]m_|男|哥|弟|叔|爷/iu.test(text)
    ? 'male'
    : null;
}

async function readBody(provider: RemoteProvider, chunks: AsyncIterable<Uint8Array>): Promise<unknown> {
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of chunks) {
    length += chunk.length;
    if (length > MOST_LIST_BYTES) throw garbageError(provider);
    parts.push(chunk);
  }
  return readJson(Buffer.concat(parts).toString('utf8'));
}

function capitalise(word: string): string {
  return word.slice(0, 1).toUpperCase() + word.slice(1);
}
