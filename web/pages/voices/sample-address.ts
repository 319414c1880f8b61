import { fillPath } from '../../../client/create-client.ts';
import { API_ADDRESSES } from '../../../client/api-routes.ts';
import type { Locale } from '../../../contract/common.ts';
import { SAMPLE_TEXT_LIMIT } from '../../../contract/voice.ts';
import { api } from '../../state/api.ts';

export interface SampleChoice {
  /** Null for the house's voice of the language. */
  voice: string | null;
  locale: Locale;
  speed?: number;
  pitch?: number;
  /** Instead of the sample sentence; a long one is cut after a sentence where it can be. */
  text?: string;
}

/** Where a browser hears a voice. */
export function sampleAddress({ voice, locale, speed, pitch, text }: SampleChoice): string {
  return api.url(
    fillPath(
      API_ADDRESSES.voiceSample,
      {},
      { voice: voice ?? undefined, locale, speed, pitch, text: text === undefined ? undefined : beginningOf(text) },
    ),
  );
}

function beginningOf(text: string): string {
  if (text.length <= SAMPLE_TEXT_LIMIT) return text;
  const cut = text.slice(0, SAMPLE_TEXT_LIMIT);
  const end = Math.max(...['.', '!', '?', '。', '！', '？', '\n'].map((mark) => cut.lastIndexOf(mark)));
  return end > 0 ? cut.slice(0, end + 1) : cut;
}
