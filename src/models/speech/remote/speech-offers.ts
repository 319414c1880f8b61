import type { ProviderKind } from '../../../../contract/models.ts';

const SPEAKS = /tts|speech|kokoro|orpheus|chatterbox|xtts|piper|cosyvoice|fish-audio|bark|parler/iu;
const LISTENS = /whisper|transcri|sense-?voice|parakeet|canary|\basr\b|\bstt\b|paraformer|moonshine/iu;

/** What a kind of provider speaks and listens with where its owner names no model (their model lists, 2025). */
const USUAL: Partial<Record<ProviderKind, { speech: readonly string[]; hearing: readonly string[] }>> = {
  openai: { speech: ['gpt-4o-mini-tts'], hearing: ['gpt-4o-mini-transcribe'] },
  minimax: { speech: ['speech-2.6-turbo', 'speech-2.6-hd'], hearing: [] },
};

export interface SpeechOffer {
  speech: readonly string[];
  hearing: readonly string[];
}

/**
 * The models of a provider that speak and that listen: those its owner named, by their names, else the usual ones of its
 * kind. A compatible server offers only what is named.
 */
export function speechOffer({ kind, models }: { kind: ProviderKind; models: readonly string[] }): SpeechOffer {
  const speaks = kind === 'openai' || kind === 'minimax' || kind === 'openai-compatible';
  if (!speaks) return { speech: [], hearing: [] };
  const hearing = kind === 'minimax' ? [] : models.filter((model) => LISTENS.test(model));
  const speech = models.filter((model) => SPEAKS.test(model) && !LISTENS.test(model));
  const usual = USUAL[kind];
  return {
    speech: speech.length > 0 ? speech : (usual?.speech ?? []),
    hearing: hearing.length > 0 ? hearing : (usual?.hearing ?? []),
  };
}

/** Whether a model of that name speaks or listens, and is none to talk with by text. */
export function isSpeechModel(model: string): boolean {
  return SPEAKS.test(model) || LISTENS.test(model);
}
