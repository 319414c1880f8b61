import { z } from 'zod';
import type { ProviderKind } from '../../../../contract/models.ts';
import { garbageError } from '../../remote/provider-errors.ts';
import type { RemoteProvider } from '../../remote/provider-kinds.ts';
import { baseRespSchema, minimaxError, readJson } from './minimax-speech.ts';
import { callProvider, type RemoteSpeechOptions } from './provider-call.ts';

/** Making a likeness takes a provider longer than a sentence, milliseconds. */
const LIMIT_IN_MS = 120_000;
const MOST_ANSWER_BYTES = 1024 * 1024;

const answerSchema = z.object({
  file: z.object({ file_id: z.union([z.number(), z.string()]) }).nullish(),
  base_resp: baseRespSchema.nullish(),
});

interface CloneCall {
  provider: RemoteProvider;
  /** The name to give it: letters and digits, a letter first, eight or more. */
  voiceId: string;
  signal: AbortSignal;
  fetch?: typeof fetch;
}

/** Kinds of providers that make likenesses of voices for whoever may use them. */
export function permitsCloning(kind: ProviderKind): boolean {
  return kind === 'minimax';
}

/**
 * Makes a likeness of the voice in a recording (WAV, 10 s to 5 min, at most 20 MB): MiniMax's `POST /files/upload` with
 * the purpose `voice_clone`, then `POST /voice_clone` (platform.minimax.io, Voice clone). Throws as `createRemoteSpeech`.
 */
export async function cloneRemoteVoice({
  recording,
  ...call
}: CloneCall & { recording: Uint8Array<ArrayBuffer> }): Promise<void> {
  const form = new FormData();
  form.set('purpose', 'voice_clone');
  form.set('file', new File([recording], 'consent.wav', { type: 'audio/wav' }));
  const { file } = await ask(call, { path: '/files/upload', init: { method: 'POST', body: form } });
  if (!file) throw garbageError(call.provider);
  const body = {
    file_id: file.file_id,
    voice_id: call.voiceId,
    need_noise_reduction: true,
    need_volume_normalization: true,
  };
  await ask(call, { path: '/voice_clone', init: jsonInit(body) });
}

/** `POST /delete_voice` (platform.minimax.io, Voice management). */
export async function deleteRemoteVoice(call: CloneCall): Promise<void> {
  const body = { voice_type: 'voice_cloning', voice_id: call.voiceId };
  await ask(call, { path: '/delete_voice', init: jsonInit(body) });
}

function jsonInit(body: object): RequestInit {
  return { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
}

async function ask(
  { provider, signal, fetch }: CloneCall,
  request: { path: string; init: RequestInit },
): Promise<z.infer<typeof answerSchema>> {
  const options: RemoteSpeechOptions = {
    provider,
    model: '',
    firstAudioInMs: LIMIT_IN_MS,
    silenceInMs: LIMIT_IN_MS,
    ...(fetch ? { fetch } : {}),
  };
  const { chunks } = await callProvider(options, { ...request, signal });
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of chunks) {
    length += chunk.length;
    if (length > MOST_ANSWER_BYTES) throw garbageError(provider);
    parts.push(chunk);
  }
  const parsed = answerSchema.safeParse(readJson(Buffer.concat(parts).toString('utf8')));
  if (!parsed.success) throw garbageError(provider);
  const failure = parsed.data.base_resp;
  if (failure && failure.status_code !== 0) throw minimaxError(provider, failure);
  return parsed.data;
}
