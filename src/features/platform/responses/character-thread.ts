import type { StoredItem } from '../../../../contract/openai/response-items.ts';
import type { ResponseRequest } from '../../../../contract/openai/responses.ts';
import { InvalidInputError } from '../../../base/errors.ts';
import type { CallResult } from '../characters/character-house.ts';
import { parseCharacterName } from '../characters/character-name.ts';
import type { ResponseHistory } from './response-history.ts';

/** Where a character goes on with a talk that the house keeps. */
export interface CharacterThread {
  /** Null = the talk begins. */
  conversationId: string | null;
  /** The reply it goes on from; null = the end of what was said. */
  afterId: string | null;
  /** Of the calls that this reply made. */
  results: CallResult[];
}

/**
 * Null where the model is no character, or the caller keeps the talk: nothing is to be stored, what the character said
 * is sent along, or it began so. Throws `InvalidInputError` where a talk that the house keeps cannot be continued by
 * such a request.
 */
export function threadOf(
  request: ResponseRequest,
  { history, input }: { history: ResponseHistory; input: readonly StoredItem[] },
): CharacterThread | null {
  const name = parseCharacterName(request.model);
  if (name === null) return null;
  const keeper = whyCallerKeeps(request, input);
  const { previous, conversation } = history;
  const isSame = previous !== null && parseCharacterName(previous.response.model)?.slug === name.slug;
  const kept = conversation?.conversationId ?? (isSame ? previous.conversationId : null) ?? null;
  const results = resultsOf(input);
  if (kept !== null) {
    if (keeper === null) return { conversationId: kept, afterId: previous?.messageId ?? null, results };
    throw new InvalidInputError(
      `This talk is kept by the house, so it cannot go on with ${keeper.what}: leave that out, or send the whole talk in “input” without “previous_response_id” and “conversation”.`,
      { code: 'unsupported', field: keeper.field },
    );
  }
  if (keeper !== null || history.items.length > 0 || results.length > 0) return null;
  return { conversationId: null, afterId: null, results };
}

/** What is said, without the results of calls. */
export function wordsOfInput(input: readonly StoredItem[]): StoredItem[] {
  return input.filter(({ type }) => !isResult(type));
}

function isResult(type: string): boolean {
  return type === 'function_call_output' || type === 'custom_tool_call_output';
}

function resultsOf(input: readonly StoredItem[]): CallResult[] {
  return input.flatMap(({ type, call_id: callId, output }) =>
    isResult(type) ? [{ callId: String(callId), output: textOfOutput(output) }] : [],
  );
}

/** A result is a text, or parts of which the texts count. */
function textOfOutput(output: unknown): string {
  if (!Array.isArray(output)) return String(output);
  return output.map((part: { text?: unknown }) => (typeof part.text === 'string' ? part.text : '')).join('\n');
}

function whyCallerKeeps(
  { store }: ResponseRequest,
  input: readonly StoredItem[],
): { what: string; field: string } | null {
  if (store === false) return { what: 'store: false', field: 'store' };
  const foreign = input.find(({ type, role }) => (type !== 'message' && !isResult(type)) || role === 'assistant');
  return foreign ? { what: 'words or calls of the character', field: 'input' } : null;
}
