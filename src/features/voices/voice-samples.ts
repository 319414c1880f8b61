import { payerOf } from '../../models/billing/payers.ts';
import type { Locale } from '../../../contract/common.ts';
import type { VoiceSample } from '../../../contract/voice.ts';
import { joinSamples } from '../../base/audio/join-samples.ts';
import { encodeWav } from '../../base/audio/wav.ts';
import { InvalidInputError, UnavailableError } from '../../base/errors.ts';
import type { Actor } from '../../accounts/actor.ts';
import type { SpeechDirectory } from '../../models/routing/speech-directory.ts';
import type { ClonedVoices } from './cloned-voices.ts';
import { languageOfLocale } from '../../base/language-of-locale.ts';

/** Said where no words are given, in the voice's language. */
const SAMPLES: Record<Locale, string> = {
  en: 'The lamp was lit before the rain came, and we had all evening to talk.',
  'zh-CN': '雨还没来，灯已经点上了，我们有一整晚可以慢慢聊。',
};

/** A voice to be heard before it is chosen. */
export class VoiceSamples {
  readonly #directory: SpeechDirectory;
  readonly #clonedVoices: ClonedVoices;

  constructor({ directory, clonedVoices }: { directory: SpeechDirectory; clonedVoices: ClonedVoices }) {
    this.#directory = directory;
    this.#clonedVoices = clonedVoices;
  }

  /**
   * A WAV file. Throws `UnavailableError` (`voice-absent`) where the voice is not installed, `InvalidInputError`
   * (`voice-unknown`) for a likeness that somebody else made.
   */
  async speak(actor: Actor, sample: VoiceSample, signal: AbortSignal): Promise<Uint8Array> {
    const { voice, locale, speed, pitch, text } = sample;
    if (voice && !(await this.#clonedVoices.permits(actor, voice))) {
      throw new InvalidInputError('There is no such voice. Choose one of the list.', {
        code: 'voice-unknown',
        field: 'voice',
      });
    }
    const language = languageOfLocale(locale);
    const ref = voice ?? (await this.#directory.defaultVoice(language));
    if (ref === null) {
      throw new UnavailableError('No voice of this language is installed. Install one on the voices page.', {
        code: 'voice-absent',
        retryable: false,
      });
    }
    const { handle: offered, voice: name } = await this.#directory.speech(ref, signal);
    const account = { payer: payerOf(actor), door: 'conversation', purpose: 'sample' } as const;
    const handle = offered.billed({ account });
    const parts: Float32Array[] = [];
    let sampleRate = 0;
    const words = plainWords(text ?? '');
    const said = words === '' ? SAMPLES[locale] : words;
    const request = { text: said, language, voice: name, speed, pitch, emotion: 'neutral' as const, signal };
    for await (const chunk of handle.synthesize(request)) {
      parts.push(chunk.samples);
      sampleRate = chunk.sampleRate;
    }
    if (sampleRate === 0) throw new UnavailableError('The voice said nothing. Try again.', { code: 'voice-silent' });
    return encodeWav({ samples: joinSamples(parts), sampleRate });
  }
}

/** What of a greeting is spoken: its words, without the marks of narration. */
function plainWords(text: string): string {
  return text
    .replaceAll(/[*_`#~>]+/g, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim();
}
