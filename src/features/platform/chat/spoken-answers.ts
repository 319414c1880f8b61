import type { ChatCompletionRequest, ChatMessage } from '../../../../contract/openai/chat-completions.ts';
import type { Actor } from '../../../accounts/actor.ts';
import type { Clock } from '../../../base/clock.ts';
import { InvalidInputError } from '../../../base/errors.ts';
import type { NewId } from '../../../base/ids.ts';
import type { StreamFormat } from '../../../models/speech/codecs/open-stream-encoder.ts';
import { languageOfText } from '../../../models/speech/text/language-of-text.ts';
import type { Storage } from '../../../storage/storage.ts';
import type { PlatformSpeech } from '../audio/speech.ts';
import { parseCharacterName } from '../characters/character-name.ts';
import { withEveryModel } from '../platform-caller.ts';
import { AnswerVoice } from './answer-voice.ts';
import { deleteSpokenAnswersOf, keepSpokenAnswer, listSpokenAnswers, readTranscript } from './spoken-answer-store.ts';
import { unsupported } from './unsupported.ts';

/** Name of a model for speech that stands for whatever speaks soonest. */
const QUICK_VOICE = 'tts-1';

interface SpokenCall {
  actor: Actor;
  request: ChatCompletionRequest;
  requestId: string;
  signal: AbortSignal;
}

/** Answers of chat completions in sound, `modalities: ["text", "audio"]`: the house's voices say what a model writes. */
export class SpokenAnswers {
  readonly #options: { speech: PlatformSpeech; storage: Storage; clock: Clock; newId: NewId };

  constructor(options: { speech: PlatformSpeech; storage: Storage; clock: Clock; newId: NewId }) {
    this.#options = options;
  }

  /** Null where words are asked for. Throws, naming the field, before anybody is asked what cannot be said. */
  async voiceFor({ actor, request, requestId, signal }: SpokenCall): Promise<AnswerVoice | null> {
    const wish = wishOf(request);
    if (wish === null) return null;
    const { speech, storage, clock, newId } = this.#options;
    await speech.requireFormat(wish.format, 'audio.format');
    // Whoever may use the model may hear it.
    const listener = withEveryModel(actor);
    const find = async (language: string) => {
      try {
        return await speech.find(listener, { model: QUICK_VOICE, voice: wish.voice, speed: 1, language, signal });
      } catch (error) {
        throw error instanceof InvalidInputError ? namedVoice(error) : error;
      }
    };
    const language = languageOfText(lastWords(request.messages), 'en');
    await find(language);
    return new AnswerVoice({
      speech,
      find,
      say: { actor: listener, language, instructions: null, requestId },
      format: wish.format,
      // What a character does is not said; everybody else's words are.
      narration: parseCharacterName(request.model) === null ? 'read' : 'skip',
      newId,
      keep: async ({ id, transcript, livesInMs }) => {
        const now = clock.now();
        const expiresAt = now + livesInMs;
        await keepSpokenAnswer(storage.db, { id, ownerId: actor.userId, transcript, expiresAt }, now);
        return Math.floor(expiresAt / 1000);
      },
    });
  }

  /** Messages with the words of earlier answers in sound where a request names those by their ids. */
  async withWords({ userId: ownerId }: Actor, messages: readonly ChatMessage[]): Promise<readonly ChatMessage[]> {
    if (!messages.some(isNamed)) return messages;
    const { storage, clock } = this.#options;
    return Promise.all(
      messages.map(async (message, index) => {
        if (!isNamed(message)) return message;
        const { id } = message.audio;
        const content = await readTranscript(storage.db, { id, ownerId, now: clock.now() });
        if (content !== undefined) return { ...message, content };
        throw new InvalidInputError(
          `The answer in sound “${id.slice(0, 100)}” is not known any more: send its transcript as the content.`,
          { code: 'audio-unknown', field: `messages.${index}.audio.id` },
        );
      }),
    );
  }

  async purgeAllOf(userId: string): Promise<void> {
    await deleteSpokenAnswersOf(this.#options.storage.db, userId);
  }

  async *belongings({ userId }: Actor): AsyncGenerator<{ name: string; file: object }> {
    for (const { id, transcript, expiresAt } of await listSpokenAnswers(this.#options.storage.db, userId)) {
      yield { name: `spoken-answers/${id}`, file: { transcript, expiresAt } };
    }
  }
}

function isNamed(message: ChatMessage): message is ChatMessage & { role: 'assistant'; audio: { id: string } } {
  return message.role === 'assistant' && Boolean(message.audio) && !message.content;
}

function wishOf({ modalities, audio, stream }: ChatCompletionRequest): { voice: string; format: StreamFormat } | null {
  if (!modalities?.includes('audio')) {
    if (!audio) return null;
    throw new InvalidInputError('“audio” is only allowed where “modalities” names “audio”.', { field: 'modalities' });
  }
  if (!audio) {
    throw new InvalidInputError('An answer in sound needs “audio”, with a “voice” and a “format”.', { field: 'audio' });
  }
  const { format, voice } = audio;
  if (stream === true && format !== 'pcm16') {
    throw unsupported('audio.format', `Where “stream” is true, sound comes as “pcm16”, not as “${format}”.`);
  }
  return { voice: typeof voice === 'string' ? voice : voice.id, format: format === 'pcm16' ? 'pcm' : format };
}

function namedVoice(error: InvalidInputError): InvalidInputError {
  return new InvalidInputError(error.message, { code: error.code, field: 'audio.voice', cause: error });
}

/** What the person said last, by which the language of the answer is expected. */
function lastWords(messages: readonly ChatMessage[]): string {
  const content = messages.findLast(({ role }) => role === 'user')?.content ?? '';
  if (typeof content === 'string') return content;
  return content.map((part) => ('text' in part ? part.text : '')).join(' ');
}
