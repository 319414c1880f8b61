import type { Preferences } from '../../contract/accounts.ts';

const STORAGE_KEY = 'everwith.appearance';

type Appearance = Pick<
  Preferences,
  'appearance' | 'textSize' | 'wordSize' | 'measure' | 'lineHeight' | 'narrationFace'
>;

/** Widths of a message's column in px at the size of 100 %: about 52, 66 and 84 characters. */
const MEASURES = { narrow: 520, medium: 640, wide: 820 } as const;
const LINE_HEIGHTS = { close: 1.45, medium: 1.6, open: 1.85 } as const;

/** Applies a preference to the page and keeps a copy for `appearance.js`, which runs before the next first paint. */
export function applyAppearance({ appearance, textSize, ...reading }: Appearance): void {
  localStorage.setItem(STORAGE_KEY, JSON.stringify({ appearance, textSize }));
  const { dataset, style } = document.documentElement;
  dataset['textSize'] = textSize;
  dataset['narration'] = reading.narrationFace;
  const scale = reading.wordSize / 100;
  style.setProperty('--word-scale', `${scale}`);
  // A line keeps its number of characters when the letters grow.
  style.setProperty('--measure', `${Math.round(MEASURES[reading.measure] * scale)}px`);
  style.setProperty('--word-line-height', `${LINE_HEIGHTS[reading.lineHeight]}`);
}

export function storedColorScheme(): 'auto' | 'light' | 'dark' {
  const text = localStorage.getItem(STORAGE_KEY) ?? '';
  if (text.includes('"dark"')) return 'dark';
  return text.includes('"light"') ? 'light' : 'auto';
}
