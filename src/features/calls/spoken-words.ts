import { payerOf } from '../../models/billing/payers.ts';
import { Tab } from '../../models/billing/tab.ts';
import { languageOfLocale } from '../../base/language-of-locale.ts';
import type { SentMessage } from '../../../contract/messages.ts';
import type { Actor } from '../../accounts/actor.ts';
import { resample } from '../../base/audio/resampler.ts';
import { decodeWav } from '../../base/audio/wav.ts';
import { InvalidInputError } from '../../base/errors.ts';
import { requireGuestHelp } from '../../conversation/guest-help.ts';
import { textOf } from '../../conversation/tree-types.ts';
import { HEARING_SAMPLE_RATE, type Transcript } from '../../models/spec/speech-handle.ts';
import { transcribeLong } from '../../models/speech/hearing/transcribe-long.ts';
import { languageOfText } from '../../models/speech/text/language-of-text.ts';
import { begun, clausesToRead, readOut } from '../../voice/read-out.ts';
import { chooseVoice } from './call-voice.ts';
import type { CallsContext } from './calls-context.ts';
import { narrationOf } from './narration.ts';
import type { Recordings } from './recordings.ts';

/** A voice message is a message, not a lecture; seconds. */
const LONGEST_RECORDING = 300;

export interface SendVoiceMessage {
  conversationId: string;
  /** Made by the client; sending the same id again returns the first result. */
  clientId: string;
  /** A WAV file. */
  file: Uint8Array;
  reply: boolean;
  signal: AbortSignal;
}

/** Speech outside of calls: messages read aloud, messages that were spoken, words that were dictated. */
export class SpokenWords {
  readonly #context: CallsContext;
  readonly #recordings: Recordings;

  constructor(context: CallsContext, recordings: Recordings) {
    this.#context = context;
    this.#recordings = recordings;
  }

  /**
   * A message in the voice of its conversation's character: mono 24 kHz PCM16 as it is made. Throws before the first
   * sound where there is nothing to be said or no voice (`voice-absent`); only narrators read stage directions.
   */
  async readAloud(actor: Actor, messageId: string, signal: AbortSignal): Promise<AsyncGenerator<Int16Array>> {
    const { messages, conversations, settings, speech } = this.#context;
    const message = await messages.read(actor, messageId);
    const text = textOf(message.parts);
    const { locale, character, mine, room } = await conversations.read(actor, message.conversationId);
    requireGuestHelp('reading', { isHost: mine, room });
    // In a room each has a voice of its own.
    const speakerId = message.author.kind === 'character' ? message.author.id : character.id;
    const [preferences, chosen, pronunciations] = await Promise.all([
      settings.preferences(actor),
      settings.characterVoice(actor, speakerId, locale),
      settings.pronunciations(actor),
    ]);
    const standing = languageOfLocale(locale);
    const language = languageOfText(text, standing);
    const permits = (ref: string) => settings.permits(actor, ref);
    const tab = new Tab();
    const about = { characterId: speakerId, conversationId: message.conversationId };
    const account = { payer: payerOf(actor), door: 'conversation', purpose: 'reading', ...about } as const;
    const voice = await chooseVoice(speech, {
      chosen,
      language,
      speed: preferences.speed,
      pronunciations,
      forCalls: false,
      permits,
      signal,
      bill: { account, tab },
    });
    const clauses = clausesToRead(text, narrationOf(character)).map(({ spoken, emotion }) => ({
      voice,
      text: spoken,
      language: languageOfText(spoken, language),
      emotion,
      signal,
    }));
    const sound = await begun(onTab(readOut(clauses), tab));
    if (sound) return sound;
    throw new InvalidInputError('There is nothing to say aloud in this message.', { code: 'nothing-to-say' });
  }

  /** What a recording says. Throws `UnavailableError` (`hearing-absent`) where nothing understands the language. */
  async transcribe(
    actor: Actor,
    { file, language, signal }: { file: Uint8Array; language: string | null; signal: AbortSignal },
  ): Promise<Transcript> {
    return this.#understand({ samples: toHearing(file), language, conversationId: null, signal }, actor);
  }

  /** Keeps what was said as a message with its recording, answered as any other. */
  async sendVoiceMessage(
    actor: Actor,
    { conversationId, clientId, file, reply, signal }: SendVoiceMessage,
  ): Promise<SentMessage> {
    const { conversations, messages, settings } = this.#context;
    const { locale } = await conversations.read(actor, conversationId);
    const samples = toHearing(file);
    const language = languageOfLocale(locale);
    const { text } = await this.#understand({ samples, language, conversationId, signal }, actor);
    if (text.trim() === '') {
      throw new InvalidInputError('No words were heard in this recording. Say them again, closer to the microphone.', {
        code: 'nothing-heard',
      });
    }
    const request = { text, clientId, reply };
    const voice = (recorded: boolean, durationInMs: number) =>
      ({ type: 'voice', callId: null, recorded, durationInMs, interrupted: false }) as const;
    const { keepRecordings } = await settings.preferences(actor);
    if (!keepRecordings) {
      const durationInMs = Math.round((samples.length * 1000) / HEARING_SAMPLE_RATE);
      return messages.send(actor, conversationId, request, { parts: [voice(false, durationInMs)] });
    }
    const owned = { samples, conversationId, ownerId: actor.userId };
    return this.#recordings.keep(owned, ({ join, durationInMs }) =>
      messages.send(actor, conversationId, request, { parts: [voice(true, durationInMs)], join }),
    );
  }

  async #understand(
    recording: {
      samples: Float32Array;
      language: string | null;
      conversationId: string | null;
      signal: AbortSignal;
    },
    actor: Actor,
  ): Promise<Transcript> {
    const { samples, language, conversationId, signal } = recording;
    const { speech, logger } = this.#context;
    const [handle, ears] = await Promise.all([speech.transcription(language, signal), speech.ears(signal)]);
    const activity = await ears.createActivity();
    const account = { payer: payerOf(actor), door: 'conversation', purpose: 'dictation', conversationId } as const;
    await using tab = new Tab();
    const ear = handle.billed({ account, tab });
    const said = await transcribeLong({ handle: ear, activity, samples, language, signal });
    logger.debug({ userId: actor.userId, ears: handle.ref, samples: samples.length }, 'a recording was understood');
    return said;
  }
}

/** All clauses of a text are one bill. */
async function* onTab(sound: AsyncGenerator<Int16Array>, tab: Tab): AsyncGenerator<Int16Array> {
  try {
    yield* sound;
  } finally {
    await tab.close();
  }
}

function toHearing(file: Uint8Array): Float32Array {
  const { samples, sampleRate } = decodeWav(file, { maxSeconds: LONGEST_RECORDING });
  if (samples.length === 0) throw new InvalidInputError('This recording is empty.', { code: 'nothing-heard' });
  return sampleRate === HEARING_SAMPLE_RATE
    ? samples
    : resample(samples, { from: sampleRate, to: HEARING_SAMPLE_RATE });
}
