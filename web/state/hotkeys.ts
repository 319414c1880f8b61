import type { HotkeyAction, Hotkeys } from '../../contract/hotkeys.ts';

/** The house's own keys. */
export const HOUSE_HOTKEYS: Readonly<Record<HotkeyAction, string>> = {
  editLast: 'ArrowUp',
  editOwn: 'Mod+ArrowUp',
  previousVersion: 'ArrowLeft',
  nextVersion: 'ArrowRight',
  regenerate: 'Mod+Enter',
  continue: 'Alt+Enter',
  stop: 'Escape',
  focus: 'Shift+Escape',
  search: 'Mod+K',
  find: 'Mod+F',
  new: 'Mod+Shift+O',
  sidebar: 'Mod+Shift+S',
  settings: 'Mod+.',
  help: 'Mod+/',
};

export const HOTKEY_ACTIONS = Object.keys(HOUSE_HOTKEYS) as HotkeyAction[];

export type KeyPress = Pick<KeyboardEvent, 'key' | 'code' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey'> &
  Partial<Pick<KeyboardEvent, 'isComposing' | 'keyCode'>>;

const MODIFIERS: ReadonlySet<string> = new Set(['Control', 'Shift', 'Alt', 'AltGraph', 'Meta', 'CapsLock', 'Dead']);

/** The name of what is pressed, as it is kept; null for a modifier alone and inside an input method. */
export function comboOf(press: KeyPress): string | null {
  // 229: the key belongs to an input method.
  if (press.isComposing === true || press.keyCode === 229 || MODIFIERS.has(press.key) || press.key === 'Process') {
    return null;
  }
  // With Alt held, a Mac writes other characters; the place of the key says the letter.
  const letter = press.altKey ? /^(?:Key|Digit)(.)$/u.exec(press.code)?.[1] : undefined;
  const key = letter ?? (press.key === ' ' ? 'Space' : press.key.length === 1 ? press.key.toUpperCase() : press.key);
  // Signs that need Shift on one keyboard do not on another.
  const isSign = key.length === 1 && !/[\p{L}\p{N}]/u.test(key);
  const modifiers = [
    ...(press.ctrlKey || press.metaKey ? ['Mod'] : []),
    ...(press.altKey ? ['Alt'] : []),
    ...(press.shiftKey && !isSign ? ['Shift'] : []),
  ];
  return [...modifiers, key].join('+');
}

/** The keys in force: the house's own, but for those a person chose. */
export function hotkeysInForce(chosen: Hotkeys): Record<HotkeyAction, string> {
  return { ...HOUSE_HOTKEYS, ...chosen };
}

/** What a press means among some actions; null for nothing. */
export function actionOf<Action extends HotkeyAction>(
  press: KeyPress,
  { chosen, among }: { chosen: Hotkeys; among: readonly Action[] },
): Action | null {
  const combo = comboOf(press);
  if (combo === null) return null;
  const keys = hotkeysInForce(chosen);
  return among.find((action) => keys[action] === combo) ?? null;
}

/** Keys that write, send or walk: taken, they could not do so any more. */
const RESERVED: ReadonlySet<string> = new Set(['Enter', 'Shift+Enter', 'Tab', 'Shift+Tab', 'Backspace', 'Delete']);
/** What the browser keeps for itself or everybody's fingers expect. */
const BROWSERS: ReadonlySet<string> = new Set(
  ['C', 'V', 'X', 'A', 'Z', 'T', 'W', 'N', 'R', 'L', 'Q', 'S'].map((key) => `Mod+${key}`),
);

/** Why a key cannot be chosen; null when it can. */
export function hotkeyProblem(
  combo: string,
  { action, chosen }: { action: HotkeyAction; chosen: Hotkeys },
): { kind: 'types' } | { kind: 'browser' } | { kind: 'taken'; by: HotkeyAction } | null {
  const parts = combo.split('+');
  const key = combo.endsWith('+') ? '+' : (parts.at(-1) ?? '');
  const hasCommand = combo.startsWith('Mod+') || combo.startsWith('Alt+');
  if (RESERVED.has(combo) || (!hasCommand && (key.length === 1 || key === 'Space'))) return { kind: 'types' };
  if (BROWSERS.has(combo)) return { kind: 'browser' };
  const keys = hotkeysInForce(chosen);
  const by = HOTKEY_ACTIONS.find((other) => other !== action && keys[other] === combo);
  return by === undefined ? null : { kind: 'taken', by };
}

const SYMBOLS: Readonly<Record<string, string>> = {
  ArrowUp: '↑',
  ArrowDown: '↓',
  ArrowLeft: '←',
  ArrowRight: '→',
  Escape: 'Esc',
};

export function isMac(): boolean {
  return /Mac|iPhone|iPad/u.test(navigator.userAgent);
}

/** The caps to draw for a key, one by one. */
export function keyCaps(combo: string, mac: boolean): string[] {
  if (combo === '') return [];
  const parts = combo.endsWith('++') ? [...combo.slice(0, -2).split('+'), '+'] : combo.split('+');
  return parts.map((part) => (part === 'Mod' ? (mac ? '⌘' : 'Ctrl') : (SYMBOLS[part] ?? part)));
}

/** As `aria-keyshortcuts` names it (WAI-ARIA 1.2 §6.6). */
export function ariaKeys(combo: string, mac: boolean): string {
  return combo.replace('Mod', mac ? 'Meta' : 'Control');
}
