import type { StoredItem } from '../../../../contract/openai/response-items.ts';
import type { ResponseInputItem, ResponseRequest } from '../../../../contract/openai/responses.ts';
import { InvalidInputError } from '../../../base/errors.ts';
import type { NewId } from '../../../base/ids.ts';

/** Prefixes of ids, as OpenAI's clients know them. */
const PREFIXES: Readonly<Record<string, string>> = {
  message: 'msg',
  function_call: 'fc',
  function_call_output: 'fco',
  custom_tool_call: 'ctc',
  custom_tool_call_output: 'ctco',
  reasoning: 'rs',
  compaction: 'cmp',
};

export interface Storing {
  newId: NewId;
  /** Whose request brings it. */
  ownerId: string;
}

/** What a request says, as items under ids of ours. Throws `InvalidInputError` naming the item. */
export function toStoredItems(input: ResponseRequest['input'], { newId, ownerId }: Storing): StoredItem[] {
  if (input === undefined || input === null) return [];
  if (typeof input === 'string') return [storedMessage('user', input, newId)];
  return input.map((item, index) => toStoredItem(item, { field: `input.${index}`, newId, ownerId }));
}

export function toStoredItem(
  item: ResponseInputItem,
  { field, newId, ownerId }: Storing & { field: string },
): StoredItem {
  if (isMessage(item)) return { ...item, ...storedMessage(item.role, item.content, newId) };
  const type = item.type ?? 'item_reference';
  switch (type) {
    case 'function_call':
      requireFields(item, ['call_id', 'name', 'arguments'], field);
      return { ...item, type, id: idOf(type, newId), status: 'completed' };
    case 'custom_tool_call':
      requireFields(item, ['call_id', 'name', 'input'], field);
      return { ...item, type, id: idOf(type, newId), status: 'completed' };
    case 'function_call_output':
    case 'custom_tool_call_output':
      requireFields(item, ['call_id', 'output'], field);
      return { ...item, type, id: idOf(type, newId), status: 'completed', created_by: ownerId };
    case 'compaction':
      requireFields(item, ['encrypted_content'], field);
      return { ...item, type, id: idOf(type, newId), created_by: ownerId };
    case 'reasoning':
      return { summary: [], ...item, type, id: idOf(type, newId) };
    case 'message':
      throw new InvalidInputError(`${field} is not a whole message: it needs a role and content.`, { field });
    case 'item_reference':
      throw new InvalidInputError(
        'References to items are not supported: continue with “previous_response_id” or “conversation”, or send the item itself.',
        { code: 'unsupported', field },
      );
    default:
      throw new InvalidInputError(
        `Items of the type “${type.slice(0, 60)}” are not supported: send messages, function calls and their outputs.`,
        { code: 'unsupported', field: `${field}.type` },
      );
  }
}

export function idOf(type: string, newId: NewId): string {
  return `${PREFIXES[type] ?? 'item'}_${newId().replaceAll('-', '')}`;
}

function isMessage(item: ResponseInputItem): item is Extract<ResponseInputItem, { role: string }> {
  return 'role' in item && 'content' in item && (item.type === undefined || item.type === 'message');
}

function storedMessage(role: string, content: unknown, newId: NewId): StoredItem {
  const isOutput = role === 'assistant';
  const text = (words: string) =>
    isOutput
      ? { type: 'output_text', text: words, annotations: [], logprobs: [] }
      : { type: 'input_text', text: words };
  const parts = typeof content === 'string' ? [text(content)] : content;
  return { id: idOf('message', newId), type: 'message', status: 'completed', role, content: parts };
}

function requireFields(item: object, fields: readonly string[], field: string): void {
  const missing = fields.filter((name) => (item as Record<string, unknown>)[name] === undefined);
  if (missing.length === 0) return;
  throw new InvalidInputError(`${field} lacks ${missing.join(', ')}.`, { field: `${field}.${missing[0]}` });
}
