import { useCallback, useSyncExternalStore } from 'react';
import { z } from 'zod';
import { conversationSortSchema, type ConversationSort } from '../../../contract/organising.ts';
import type { ListNarrowing } from '../../state/queries.ts';

/** What the list shows and in which order, kept while the tab lives: a phone's list is left and come back to. */
export interface ListView {
  /** `all`, `favourites`, `archive`, `folder:ID` or `tag:NAME`. */
  show: string;
  sort: ConversationSort;
}

const KEY = 'everwith.list.view';
const viewSchema = z.object({ show: z.string(), sort: conversationSortSchema });
const PLAIN: ListView = { show: 'all', sort: 'recent' };

let current: ListView | null = null;
const listeners = new Set<() => void>();

function read(): ListView {
  current ??= parse(sessionStorage.getItem(KEY));
  return current;
}

function parse(kept: string | null): ListView {
  try {
    return viewSchema.parse(JSON.parse(kept ?? ''));
  } catch {
    return PLAIN;
  }
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function useListView(): [ListView, (change: Partial<ListView>) => void] {
  const view = useSyncExternalStore(subscribe, read);
  const change = useCallback((some: Partial<ListView>) => {
    current = { ...read(), ...some };
    sessionStorage.setItem(KEY, JSON.stringify(current));
    for (const listener of listeners) listener();
  }, []);
  return [view, change];
}

/** What the server is asked for. The plain list has no keys, so that it is the one that is kept on the device. */
export function narrowingOf({ show, sort }: ListView): ListNarrowing {
  return { ...shown(show), ...(sort === 'recent' ? {} : { sort }) };
}

function shown(value: string): ListNarrowing {
  if (value === 'favourites') return { favourite: 'true' };
  if (value === 'archive') return { archived: 'only' };
  if (value.startsWith('folder:')) return { folder: value.slice('folder:'.length) };
  return value.startsWith('tag:') ? { tag: value.slice('tag:'.length) } : {};
}
