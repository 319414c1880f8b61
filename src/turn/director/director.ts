import type { Logger } from '../../base/logger.ts';
import { askJson } from '../../memory/ask-json.ts';
import { personally } from '../../models/billing/payers.ts';
import type { ModelDirectory } from '../../models/routing/model-directory.ts';
import { engineAffinity } from '../../models/spec/engine-affinity.ts';
import type { ModelFacts, ModelHandle } from '../../models/spec/model-handle.ts';
import { directorBeginning, directorPrompt, type DirectorQuestion } from './director-prompt.ts';
import { Patience, patienceWith, type DirectorPatience } from './patience.ts';
import { hasName, isWholeDirection, readDirection } from './read-direction.ts';

/** Tokens of a name and a short reason. */
const ANSWER_TOKENS = 72;
/** Steady: the same talk is directed the same way. */
const TEMPERATURE = 0.3;
/** Who speaks for an engine's states: no participant's id. */
const SPEAKER = 'director';

/** `participantId` is null where the director wants nobody to go on. */
export interface Directed {
  participantId: string | null;
  /** At most 160 characters, in the conversation's language; may be empty or cut off. */
  why: string;
}

/** Whose director it is. */
export interface DirectedRoom {
  conversationId: string;
  /** Who pays for its answers. */
  ownerId: string;
  modelRef: string | null;
  signal: AbortSignal;
}

export interface TurnDirector {
  /**
   * Whom the model behind `modelRef` lets speak next. Null where it was too slow, failed or talked nonsense: then the
   * room goes on without. Throws only when `signal` aborts.
   */
  direct(question: DirectorQuestion, room: DirectedRoom): Promise<Directed | null>;
  /** Reads ahead what the next question will begin with, where an engine of this computer keeps what it has read. */
  prepare(question: Pick<DirectorQuestion, 'locale' | 'lines'>, room: DirectedRoom): Promise<void>;
}

/**
 * The model of a room as its director. It has an engine state of its own beside the characters', so that each question
 * costs it the newest line; of an answer the name counts as soon as it stands there, and the reason as far as it came.
 */
export function createDirector({
  directory,
  logger,
  patience = patienceWith,
}: {
  directory: ModelDirectory;
  logger: Logger;
  patience?: (model: ModelFacts) => DirectorPatience;
}): TurnDirector {
  return {
    async direct(question, room) {
      const { modelRef, signal } = room;
      try {
        const model = await directory.resolve(modelRef, signal);
        const { conversationId, ownerId } = room;
        const account = { payer: personally(ownerId), purpose: 'direction', conversationId } as const;
        return await ask({ model: model.billed({ account }), question, room, limits: patience(model), logger });
      } catch (error) {
        signal.throwIfAborted();
        logger.info({ err: error }, 'a room goes on without its director');
        return null;
      }
    },
    async prepare(question, { conversationId, modelRef, signal }) {
      const model = await directory.resolve(modelRef, signal);
      const { system, user } = directorBeginning(question);
      await model.warm?.({
        prompt: [
          { role: 'system', content: system },
          { role: 'user', content: [{ type: 'text', text: user }] },
        ],
        options: { affinity: engineAffinity(conversationId, SPEAKER), stableMessages: 1 },
        signal,
      });
    },
  };
}

interface Asking {
  model: ModelHandle;
  question: DirectorQuestion;
  room: DirectedRoom;
  limits: DirectorPatience;
  logger: Logger;
}

async function ask({ model, question, room, limits, logger }: Asking): Promise<Directed | null> {
  const { system, user, schema, choices } = directorPrompt(question);
  using patience = new Patience(limits);
  let said = '';
  const read = (): Directed | null => {
    const direction = readDirection(said);
    const chosen = direction && findChoice(direction.next, choices);
    return chosen && { participantId: chosen.id, why: direction.why };
  };
  try {
    said = await askJson(model, {
      system,
      user,
      schema,
      maxOutputTokens: ANSWER_TOKENS,
      temperature: TEMPERATURE,
      purpose: 'direction',
      affinity: engineAffinity(room.conversationId, SPEAKER),
      onBegin: () => patience.begun(),
      isEnough: (answer) => {
        said = answer;
        if (patience.stage !== 'explaining' && hasName(answer) && read()) patience.chosen();
        return isWholeDirection(answer);
      },
      signal: AbortSignal.any([room.signal, patience.signal]),
    });
  } catch (error) {
    if (!patience.signal.aborted) throw error;
    room.signal.throwIfAborted();
    if (patience.stage === 'explaining') return read();
    logger.info({ stage: patience.stage }, 'a director is too slow for its room');
    return null;
  }
  return read();
}

/** As it was offered, or with other letters of the same name: models that are not held to a schema write as they like. */
function findChoice(next: string, choices: ReadonlyMap<string, string | null>): { id: string | null } | null {
  const exact = choices.get(next);
  if (exact !== undefined) return { id: exact };
  const fold = (name: string) => name.normalize('NFKC').toLowerCase().trim();
  const close = [...choices].filter(([name]) => fold(name) === fold(next));
  return close.length === 1 && close[0] ? { id: close[0][1] } : null;
}
