import type { Logger } from '../../base/logger.ts';
import { askJson } from '../../memory/ask-json.ts';
import type { ModelDirectory } from '../../models/routing/model-directory.ts';
import { directorPrompt, type DirectorQuestion } from './director-prompt.ts';
import { readDirection } from './read-direction.ts';

/** Milliseconds a room waits for its director before it goes on without. */
const PATIENCE_MS = 8000;
/** Tokens of a name and a short reason. */
const ANSWER_TOKENS = 72;
/** Steady: the same talk is directed the same way. */
const TEMPERATURE = 0.3;

/** `participantId` is null where the director wants nobody to go on. */
export interface Directed {
  participantId: string | null;
  /** At most 160 characters, in the conversation's language; may be empty. */
  why: string;
}

export interface TurnDirector {
  /**
   * Whom the model behind `modelRef` lets speak next. Null where it was too slow, failed or talked nonsense: then the
   * room goes on without. Throws only when `signal` aborts.
   */
  direct(
    question: DirectorQuestion,
    options: { modelRef: string | null; signal: AbortSignal },
  ): Promise<Directed | null>;
}

/**
 * The model of a room as its director. It is asked without an affinity, so that the engine keeps what it has read of
 * the characters' own turns.
 */
export function createDirector({
  directory,
  logger,
  patienceInMs = PATIENCE_MS,
}: {
  directory: ModelDirectory;
  logger: Logger;
  patienceInMs?: number;
}): TurnDirector {
  return {
    async direct(question, { modelRef, signal }) {
      const limit = AbortSignal.timeout(patienceInMs);
      try {
        return await ask({ directory, question, modelRef, signal: AbortSignal.any([signal, limit]) });
      } catch (error) {
        signal.throwIfAborted();
        logger.info({ err: error, tooSlow: limit.aborted }, 'a room goes on without its director');
        return null;
      }
    },
  };
}

async function ask({
  directory,
  question,
  modelRef,
  signal,
}: {
  directory: ModelDirectory;
  question: DirectorQuestion;
  modelRef: string | null;
  signal: AbortSignal;
}): Promise<Directed | null> {
  const { system, user, schema, choices } = directorPrompt(question);
  const model = await directory.resolve(modelRef, signal);
  const answer = await askJson(model, {
    system,
    user,
    schema,
    maxOutputTokens: ANSWER_TOKENS,
    temperature: TEMPERATURE,
    purpose: 'direction',
    signal,
  });
  const direction = readDirection(answer);
  const chosen = direction && findChoice(direction.next, choices);
  return chosen && { participantId: chosen.id, why: direction.why };
}

/** As it was offered, or with other letters of the same name: models that are not held to a schema write as they like. */
function findChoice(next: string, choices: ReadonlyMap<string, string | null>): { id: string | null } | null {
  const exact = choices.get(next);
  if (exact !== undefined) return { id: exact };
  const fold = (name: string) => name.normalize('NFKC').toLowerCase().trim();
  const close = [...choices].filter(([name]) => fold(name) === fold(next));
  return close.length === 1 && close[0] ? { id: close[0][1] } : null;
}
