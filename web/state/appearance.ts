import type { Preferences } from '../../contract/accounts.ts';

const STORAGE_KEY = 'everwith.appearance';

type Appearance = Pick<Preferences, 'appearance' | 'textSize'>;

/** Applies a preference to the page and keeps a copy for `appearance.js`, which runs before the next first paint. */
export function applyAppearance({ appearance, textSize }: Appearance): void {
  localStorage.setItem(STORAGE_KEY, JSON.stringify({ appearance, textSize }));
  document.documentElement.dataset['textSize'] = textSize;
}

export function storedColorScheme(): 'auto' | 'light' | 'dark' {
  const text = localStorage.getItem(STORAGE_KEY) ?? '';
  if (text.includes('"dark"')) return 'dark';
  return text.includes('"light"') ? 'light' : 'auto';
}
