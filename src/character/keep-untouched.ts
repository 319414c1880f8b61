import { isDeepStrictEqual } from 'node:util';
import { viewCard, type Card, type StoredCard } from './card.ts';

type Keys = Record<string, unknown>;

/**
 * Brings an edit of what is shown back to the card as it is stored: only what the edit changed is written, and the
 * rest stays as it came, absent fields and letters that are never shown included.
 */
export function keepUntouched(stored: StoredCard, edited: Card): StoredCard {
  const shown = viewCard(stored);
  return {
    ...merged(stored, { shown, edited }),
    spec: 'chara_card_v3',
    spec_version: stored.spec_version,
    data: {
      ...merged(stored.data, { shown: shown.data, edited: edited.data }),
      ...mergedExtensions(stored.data['extensions'], {
        shown: shown.data.extensions,
        edited: edited.data.extensions,
      }),
    },
  };
}

function mergedExtensions(stored: unknown, views: { shown: Keys; edited: Keys }): Keys {
  if (isDeepStrictEqual(views.shown, views.edited)) return {};
  const before = typeof stored === 'object' && stored !== null && !Array.isArray(stored) ? (stored as Keys) : {};
  return { extensions: merged(before, views) };
}

function merged(stored: Keys, { shown, edited }: { shown: Keys; edited: Keys }): Keys {
  const kept = Object.entries(stored).filter(([key]) => Object.hasOwn(edited, key));
  const changed = Object.entries(edited).filter(([key, value]) => !isDeepStrictEqual(value, shown[key]));
  return Object.fromEntries([...kept, ...changed]);
}
