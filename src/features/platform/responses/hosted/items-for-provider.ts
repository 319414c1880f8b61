import type { StoredItem } from '../../../../../contract/openai/response-items.ts';
import type { ResponseRequest } from '../../../../../contract/openai/responses.ts';
import type { SealedTexts } from '../sealed-texts.ts';
import { idOf, toStoredItem, toStoredItems, type Storing } from '../input-items.ts';
import { isOfProvider } from './provider-need.ts';

/** What a request says, with the items that tools of providers know under the ids that they have there. */
export function toHostedItems(input: ResponseRequest['input'], storing: Storing): StoredItem[] {
  if (!Array.isArray(input)) return toStoredItems(input, storing);
  return input.map((item, index) => {
    const type = item.type ?? 'message';
    if (!isOfProvider({ type })) return toStoredItem(item, { ...storing, field: `input.${index}` });
    const { id } = item as { id?: unknown };
    return { ...item, type, id: typeof id === 'string' ? id : idOf(type, storing.newId) };
  });
}

/**
 * A talk as its provider is told it, who keeps nothing of it: ids are left out where they only name what stands here,
 * thoughts of earlier turns and what only this house can read are, too.
 */
export function itemsForProvider(
  items: readonly StoredItem[],
  { sealed, ownerId }: { sealed: SealedTexts; ownerId: string },
): Record<string, unknown>[] {
  const turn = items.findLastIndex(({ type, role }) => type === 'message' && role === 'user');
  return items.flatMap((item, index) => {
    if (item.type === 'compaction') return [summaryFor(item, { sealed, ownerId })];
    if (item.type === 'reasoning') return index > turn && isTheirs(item, { sealed, ownerId }) ? [plain(item)] : [];
    if (isOfProvider(item)) return [plain(item)];
    const { id: _id, ...said } = plain(item);
    return [said];
  });
}

function plain(item: StoredItem): Record<string, unknown> {
  const { created_by: _by, ...rest } = item as Record<string, unknown>;
  return rest;
}

function isTheirs(item: StoredItem, { sealed, ownerId }: { sealed: SealedTexts; ownerId: string }): boolean {
  const content = item['encrypted_content'];
  return typeof content === 'string' && sealed.open(content, { kind: 'thought', ownerId }) === null;
}

/** A summary of this house in its words; one that a provider made as it is. */
function summaryFor(
  item: StoredItem,
  { sealed, ownerId }: { sealed: SealedTexts; ownerId: string },
): Record<string, unknown> {
  const text = sealed.open(String(item['encrypted_content']), { kind: 'summary', ownerId });
  if (text === null) return plain(item);
  return { type: 'message', role: 'developer', content: `What was said before this, in short:\n${text}` };
}
