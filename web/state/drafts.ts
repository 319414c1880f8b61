import { useSyncExternalStore } from 'react';
import { z } from 'zod';

const TEXT = 'everwith.draft.';
const FILES = 'everwith.draft-files.';
const HEARING = 'everwith.draft-hearing.';
const EDIT = 'everwith.draft-edit.';
const listeners = new Set<() => void>();

/** What was typed but not sent, kept per conversation on this device. */
export function readDraft(conversationId: string): string {
  return localStorage.getItem(TEXT + conversationId) ?? '';
}

export function keepDraft(conversationId: string, text: string): void {
  keep(TEXT + conversationId, text);
}

export function dropDraft(conversationId: string): void {
  keep(TEXT + conversationId, '');
  keep(FILES + conversationId, '');
}

/** The same text for whoever shows that there is one; follows other tabs too. */
export function useDraft(conversationId: string): string {
  return useSyncExternalStore(subscribe, () => readDraft(conversationId));
}

/** Files that went up for the next message, and when: the server sweeps what nobody sends after a day. */
const DAY_IN_MS = 24 * 60 * 60 * 1000;
const keptFilesSchema = z.object({ keptAt: z.number(), files: z.array(z.unknown()) });

export function readDraftFiles<File>(conversationId: string, schema: z.ZodType<File>): File[] {
  const kept = keptFilesSchema.safeParse(readJson(FILES + conversationId)).data;
  if (kept === undefined || Date.now() - kept.keptAt > DAY_IN_MS) return [];
  return kept.files.flatMap((file) => schema.safeParse(file).data ?? []);
}

export function keepDraftFiles(conversationId: string, files: readonly object[]): void {
  keep(FILES + conversationId, files.length === 0 ? '' : JSON.stringify({ keptAt: Date.now(), files }));
}

/** Who is to hear the next words, in the shape of whoever keeps it; null where nobody chose. */
export function readDraftHearing<Hearing>(conversationId: string, schema: z.ZodType<Hearing>): Hearing | null {
  return schema.safeParse(readJson(HEARING + conversationId)).data ?? null;
}

export function keepDraftHearing(conversationId: string, hearing: object | null): void {
  keep(HEARING + conversationId, hearing === null ? '' : JSON.stringify(hearing));
}

const editSchema = z.object({ messageId: z.string(), text: z.string() });

/** The change of a message that was begun and not saved; one per conversation. */
export function readDraftEdit(conversationId: string): z.infer<typeof editSchema> | null {
  return editSchema.safeParse(readJson(EDIT + conversationId)).data ?? null;
}

export function keepDraftEdit(conversationId: string, edit: z.infer<typeof editSchema> | null): void {
  keep(EDIT + conversationId, edit === null ? '' : JSON.stringify(edit));
}

function readJson(key: string): unknown {
  try {
    return JSON.parse(localStorage.getItem(key) ?? 'null');
  } catch {
    return null;
  }
}

function keep(key: string, value: string): void {
  if ((localStorage.getItem(key) ?? '') === value) return;
  try {
    if (value === '') localStorage.removeItem(key);
    else localStorage.setItem(key, value);
  } catch {
    // Storage is full or forbidden: the text is still in the box, only not kept across a reload.
  }
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  addEventListener('storage', listener);
  return () => {
    listeners.delete(listener);
    removeEventListener('storage', listener);
  };
}
