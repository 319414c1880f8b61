import type { MoveCount, MoveKind, MoveReport } from '../../../contract/moving.ts';
import { foldName } from '../../character/character-names-store.ts';
import type { Found, FoundStatus } from './found.ts';
import type { ReportDraft } from './report-draft.ts';

/** Placeholders named in a report. */
const NAMED_PLACEHOLDERS = 50;

/** What a dry run tells before anything is changed. */
export function presentReport(
  found: Found,
  { draft, byName }: { draft: ReportDraft; byName: ReadonlyMap<string, string> },
): MoveReport {
  const counts = new Map<MoveKind, MoveCount>();
  const count = (kind: MoveKind) => {
    const known = counts.get(kind) ?? { kind, new: 0, grown: 0, here: 0, deleted: 0, broken: draft.broken(kind) };
    counts.set(kind, known);
    return known;
  };
  const add = (kind: MoveKind, status: FoundStatus) => {
    count(kind)[status] += 1;
  };
  for (const kind of ['character', 'chat', 'lorebook', 'persona', 'preset', 'settings'] as const) {
    if (draft.broken(kind) > 0) count(kind);
  }
  for (const { kind, status } of found.files) add(kind, status);
  for (const { status } of found.conversations) add('chat', status);
  for (const { status } of found.personas) add('persona', status);
  for (const { status } of found.loreSettings) add('settings', status);
  return {
    files: draft.files,
    bytes: draft.bytes,
    counts: [...counts.values()],
    messages: sum(
      found.conversations.filter(({ status }) => status === 'new' || status === 'grown').flatMap(({ chats }) => chats),
    ),
    groupChats: found.conversations.filter(({ isGroup }) => isGroup).length,
    problems: draft.problems,
    problemCount: draft.problemCount,
    notes: [...draft.notes, ...placeholders(found, byName)],
  };
}

function sum(chats: readonly { messages: number }[]): number {
  return chats.reduce((total, { messages }) => total + messages, 0);
}

/** Characters that will be made because only chats with them are there. */
function placeholders(found: Found, byName: ReadonlyMap<string, string>): MoveReport['notes'] {
  const cards = new Set(found.files.filter(({ kind }) => kind === 'character').map(({ name }) => foldName(name)));
  const missing = new Map<string, number>();
  for (const { cardPath, characterName, status } of found.conversations) {
    const folded = foldName(characterName);
    if (status !== 'new' || cardPath !== null || cards.has(folded) || byName.has(folded)) continue;
    missing.set(characterName, (missing.get(characterName) ?? 0) + 1);
  }
  return [...missing].slice(0, NAMED_PLACEHOLDERS).map(([name, count]) => ({ code: 'placeholder', name, count }));
}
