import type { Locale } from '../../../contract/common.ts';
import type { MeteredDoor } from '../../../contract/metering.ts';
import type { Actor } from '../../accounts/actor.ts';
import type { Clock } from '../../base/clock.ts';
import { InvalidInputError } from '../../base/errors.ts';
import { languageOfLocale } from '../../base/language-of-locale.ts';
import { payerOf } from '../../models/billing/payers.ts';
import { providerName } from '../../models/remote/provider-kinds.ts';
import { toRemoteProvider, type ProviderRecord } from '../../models/routing/provider-store.ts';
import type { SpeechDirectory } from '../../models/routing/speech-directory.ts';
import { HEARING_SAMPLE_RATE } from '../../models/spec/speech-handle.ts';
import { consentStatement, saysStatement } from './consent-statement.ts';

export const LONGEST_CONSENT_IN_SECONDS = 120;
const SHORTEST_IN_SECONDS = 10;
/** Somebody who began to read before midnight may finish after it, milliseconds. */
const READING_TIME_IN_MS = 1_800_000;

/** A recording, and where it came from: who pays for listening to it, and what errors call it. */
export interface ConsentRecording {
  actor: Actor;
  /** Mono 16 kHz. */
  samples: Float32Array;
  locale: Locale;
  door: MeteredDoor;
  field: string;
  signal: AbortSignal;
}

/** Listens whether a recording says that its speaker allows a likeness of their voice. */
export class ConsentCheck {
  readonly #directory: Pick<SpeechDirectory, 'transcription'>;
  readonly #clock: Clock;

  constructor({ directory, clock }: { directory: Pick<SpeechDirectory, 'transcription'>; clock: Clock }) {
    this.#directory = directory;
    this.#clock = clock;
  }

  /** What the person has to read aloud today, or had to at another time. */
  statement({
    name,
    locale,
    record,
    at = this.#clock.now(),
  }: {
    name: string;
    locale: Locale;
    record: ProviderRecord;
    at?: number;
  }): string {
    return consentStatement({ name, locale, providerName: providerName(toRemoteProvider(record)), at });
  }

  /** Today's statement as it was said. Throws `InvalidInputError` (`consent-too-short`, `consent-differs`). */
  hear(recording: ConsentRecording, { name, record }: { name: string; record: ProviderRecord }): Promise<string> {
    const now = this.#clock.now();
    const { locale } = recording;
    return this.hearOneOf(
      recording,
      [now, now - READING_TIME_IN_MS].map((at) => this.statement({ name, locale, record, at })),
    );
  }

  /** The one of several statements that is said. Throws as `hear`. */
  async hearOneOf(recording: ConsentRecording, statements: readonly string[]): Promise<string> {
    const { actor, samples, locale, door, field, signal } = recording;
    const [first = ''] = statements;
    if (samples.length < HEARING_SAMPLE_RATE * SHORTEST_IN_SECONDS) {
      throw new InvalidInputError(
        `The recording is shorter than ten seconds. Read the whole statement aloud, slowly: “${first}”`,
        { code: 'consent-too-short', field },
      );
    }
    const language = languageOfLocale(locale);
    const ears = await this.#directory.transcription(language, signal);
    const account = { payer: payerOf(actor), door, purpose: 'sample' } as const;
    const { text } = await ears.billed({ account }).transcribe({ samples, language, signal });
    const said = statements.find((statement) => saysStatement({ heard: text, statement, locale }));
    if (said !== undefined) return said;
    const heard = text.trim() === '' ? 'Nothing could be understood.' : `This was understood: “${text.slice(0, 300)}”.`;
    throw new InvalidInputError(
      `The recording does not say the statement. ${heard} Read this aloud, word for word: “${first}”`,
      { code: 'consent-differs', field },
    );
  }
}
