import type { StoredItem } from '../../../../contract/openai/response-items.ts';
import type { ResponseRequest } from '../../../../contract/openai/responses.ts';
import { ConflictError, NotFoundError } from '../../../base/errors.ts';
import type { Db } from '../../../storage/storage.ts';
import { listApiConversationItems, readApiConversation, type ApiConversation } from './api-conversation-store.ts';
import { readResponse, type StoredResponse } from './response-store.ts';

/** Responses that may follow one another. */
const LONGEST_CHAIN = 2000;

/** What was said before a request. */
export interface ResponseHistory {
  items: StoredItem[];
  previous: StoredResponse | null;
  conversation: ApiConversation | null;
}

/** Throws `NotFoundError` naming the field for what is not there or not the caller's. */
export async function readHistory(
  db: Db,
  ownerId: string,
  {
    previous_response_id: previousId,
    conversation: named,
  }: Pick<ResponseRequest, 'previous_response_id' | 'conversation'>,
): Promise<ResponseHistory> {
  if (named) {
    const id = typeof named === 'string' ? named : named.id;
    const conversation = await readApiConversation(db, { id, ownerId });
    if (!conversation) throw missing('conversation', 'conversation', id);
    return { items: await listApiConversationItems(db, id), previous: null, conversation };
  }
  if (!previousId) return { items: [], previous: null, conversation: null };
  const chain: StoredResponse[] = [];
  for (let id: string | null = previousId; id !== null && chain.length < LONGEST_CHAIN;) {
    const found = await readResponse(db, { id, ownerId });
    if (!found) throw missing('response', 'previous_response_id', id);
    chain.push(found);
    id = found.response.previous_response_id;
  }
  const [previous] = chain;
  if (previous && (previous.response.status === 'queued' || previous.response.status === 'in_progress')) {
    throw new ConflictError('The previous response has not ended yet: wait for it, or cancel it.', {
      code: 'previous-response-unfinished',
      field: 'previous_response_id',
    });
  }
  const items = chain.toReversed().flatMap(({ input, response }) => [...input, ...itemsOf(response.output)]);
  return { items, previous: previous ?? null, conversation: null };
}

/** Output as items among others. */
export function itemsOf(output: StoredResponse['response']['output']): StoredItem[] {
  return output.map((item) => ({ ...item }));
}

function missing(what: string, field: string, id: string): NotFoundError {
  return new NotFoundError(`There is no ${what} “${id.slice(0, 100)}”.`, { code: `${what}-not-found`, field });
}
