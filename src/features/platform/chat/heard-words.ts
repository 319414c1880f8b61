import type { ChatMessage } from '../../../../contract/openai/chat-completions.ts';
import type { Actor } from '../../../accounts/actor.ts';
import type { Transcriptions } from '../audio/transcriptions.ts';
import { parseCharacterName } from '../characters/character-name.ts';
import { withEveryModel } from '../platform-caller.ts';
import type { PlatformModels } from '../platform-models.ts';
import { openExpected } from '../routing/open-expected.ts';
import type { Router } from '../routing/router.ts';

/** Name of a model that stands for whatever listens here. */
const ANY_EARS = 'whisper-1';
/** What a model is told of a recording without words. */
const SILENCE = '(a recording in which nothing is said)';

interface HeardCall {
  actor: Actor;
  model: string;
  messages: readonly ChatMessage[];
  requestId: string;
  signal: AbortSignal;
}

type UserPart = Exclude<Extract<ChatMessage, { role: 'user' }>['content'], string>[number];

/** Recordings in messages, heard by the house's ears for models that do not hear. */
export class HeardWords {
  readonly #options: { transcriptions: Transcriptions; models: PlatformModels; router: Router };

  constructor(options: { transcriptions: Transcriptions; models: PlatformModels; router: Router }) {
    this.#options = options;
  }

  /** Messages with words in place of recordings; each is billed as a transcription. */
  async inPlace({ messages, ...call }: HeardCall): Promise<ChatMessage[]> {
    const hasSound = messages.some((message) => message.role === 'user' && partsOf(message).some(isSound));
    if (!hasSound || (await this.#hears(call))) return [...messages];
    return Promise.all(
      messages.map(async (message) => {
        if (message.role !== 'user' || typeof message.content === 'string') return message;
        const content = await Promise.all(message.content.map((part) => this.#asText(part, call)));
        return { ...message, content };
      }),
    );
  }

  async #asText(part: UserPart, { actor, requestId, signal }: Omit<HeardCall, 'messages'>): Promise<UserPart> {
    if (!isSound(part)) return part;
    const heard = await this.#options.transcriptions.hear({
      actor: withEveryModel(actor),
      file: Buffer.from(part.input_audio.data, 'base64'),
      fields: { model: ANY_EARS },
      requestId,
      signal,
    });
    return { type: 'text', text: heard.text === '' ? SILENCE : heard.text };
  }

  async #hears({ actor, model, signal }: Omit<HeardCall, 'messages'>): Promise<boolean> {
    if (parseCharacterName(model) !== null) return false;
    const { models, router } = this.#options;
    const plan = await router.plan(actor, model, { conversation: null, prefix: () => '' });
    return (await openExpected(models, plan, signal)).hears === true;
  }
}

function partsOf({ content }: Extract<ChatMessage, { role: 'user' }>): readonly UserPart[] {
  return typeof content === 'string' ? [] : content;
}

function isSound(part: UserPart): part is Extract<UserPart, { type: 'input_audio' }> {
  return part.type === 'input_audio';
}
