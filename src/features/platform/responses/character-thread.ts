import type { StoredItem } from '../../../../contract/openai/response-items.ts';
import type { ResponseRequest } from '../../../../contract/openai/responses.ts';
import { InvalidInputError } from '../../../base/errors.ts';
import { parseCharacterName } from '../characters/character-name.ts';
import type { ResponseHistory } from './response-history.ts';

/** Where a character goes on with a talk that the house keeps. */
export interface CharacterThread {
  /** Null = the talk begins. */
  conversationId: string | null;
  /** The reply it goes on from; null = the end of what was said. */
  afterId: string | null;
}

/**
 * Null where the model is no character, or the caller keeps the talk: nothing is to be stored, what the character said
 * is sent along, tools of the caller are offered, or it began so. Throws `InvalidInputError` where a talk that the
 * house keeps cannot be continued by such a request.
 */
export function threadOf(
  request: ResponseRequest,
  { history, input }: { history: ResponseHistory; input: readonly StoredItem[] },
): CharacterThread | null {
  if (parseCharacterName(request.model) === null) return null;
  const keeper = whyCallerKeeps(request, input);
  const { previous, conversation } = history;
  const isSame = previous?.response.model === request.model;
  const kept = conversation?.conversationId ?? (isSame ? previous?.conversationId : null) ?? null;
  if (kept !== null) {
    if (keeper === null) return { conversationId: kept, afterId: previous?.messageId ?? null };
    throw new InvalidInputError(
      `This talk is kept by the house, so it cannot go on with ${keeper.what}: leave that out, or send the whole talk in “input” without “previous_response_id” and “conversation”.`,
      { code: 'unsupported', field: keeper.field },
    );
  }
  if (keeper !== null || history.items.length > 0) return null;
  return { conversationId: null, afterId: null };
}

function whyCallerKeeps(
  { tools, store }: ResponseRequest,
  input: readonly StoredItem[],
): { what: string; field: string } | null {
  if (store === false) return { what: 'store: false', field: 'store' };
  if (tools && tools.length > 0) return { what: 'tools of your own', field: 'tools' };
  const foreign = input.find(({ type, role }) => type !== 'message' || role === 'assistant');
  return foreign ? { what: 'words of the character or results of tools', field: 'input' } : null;
}
