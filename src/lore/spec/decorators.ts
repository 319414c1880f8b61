/**
 * Decorators of Character Card V3 lorebooks (kwaroran/character-card-spec-v3, "Decorators"), and those of RisuAI that
 * have a meaning here; the specification lets programs add their own.
 */
export interface Decorators {
  activateOnlyAfter?: number;
  activateOnlyEvery?: number;
  keepActivateAfterMatch?: boolean;
  dontActivateAfterMatch?: boolean;
  depth?: number;
  reverseDepth?: number;
  role?: 'system' | 'user' | 'assistant';
  scanDepth?: number;
  isGreeting?: number;
  position?: 'before-desc' | 'after-desc' | 'personality' | 'scenario';
  ignoreOnMaxContext?: boolean;
  /** One list for each line; the decorator may be repeated. */
  additionalKeys?: string[][];
  excludeKeys?: string[];
  isUserIcon?: string;
  activate?: boolean;
  dontActivate?: boolean;
  disableUiPrompt?: 'system_prompt' | 'post_history_instructions';
  // RisuAI's own, which many cards use.
  probability?: number;
  priority?: number;
  matchFullWord?: boolean;
  matchPartialWord?: boolean;
  /** Keeps the entry out when all are there. */
  excludeKeysAll?: string[];
  /** True: triggers entries of its book although that has no recursion; false: triggers none. */
  triggersOthers?: boolean;
  /** Is not triggered by other entries. */
  noRecursiveSearch?: boolean;
}

/** Reads a value into the decorators; false means that the value is not valid. */
type Reader = (value: string, into: Decorators) => boolean;

type KeysOf<T> = { [K in keyof Decorators]-?: NonNullable<Decorators[K]> extends T ? K : never }[keyof Decorators];

function numeric(name: KeysOf<number>, isValid: (value: number) => boolean = () => true): Reader {
  return (text, into) => {
    const value = /^[+-]?\d+(?:\.\d+)?$/.test(text) ? Number(text) : Number.NaN;
    if (!Number.isFinite(value) || !isValid(value)) return false;
    into[name] = value;
    return true;
  };
}

function flag(name: KeysOf<boolean>): Reader {
  return (value, into) => {
    if (value !== '' && value !== 'true') return false;
    into[name] = true;
    return true;
  };
}

function valuesOf(text: string): string[] {
  return text
    .split(',')
    .map((value) => value.trim())
    .filter((value) => value !== '');
}

function keys(name: 'excludeKeys' | 'excludeKeysAll'): Reader {
  return (text, into) => {
    const values = valuesOf(text);
    if (values.length === 0) return false;
    into[name] = values;
    return true;
  };
}

/** Of the two the first counts. */
function takeRecursion(value: string, into: Decorators, triggersOthers: boolean): boolean {
  if (value !== '') return false;
  into.triggersOthers ??= triggersOthers;
  return true;
}

const POSITIONS: Readonly<Record<string, NonNullable<Decorators['position']>>> = {
  before_desc: 'before-desc',
  after_desc: 'after-desc',
  personality: 'personality',
  scenario: 'scenario',
};

/**
 * `instruct_depth`, `reverse_instruct_depth` and `instruct_scan_depth` are not here: they speak of contexts that are no
 * chats, and every context of this house is one. Like unknown ones they do nothing and open their fallback.
 * `reverse_depth` is, although the specification says "ignored if chat based": read literally it would never apply.
 */
const READERS: Readonly<Record<string, Reader>> = {
  activate_only_after: numeric('activateOnlyAfter'),
  activate_only_every: numeric('activateOnlyEvery', (value) => value > 0),
  keep_activate_after_match: flag('keepActivateAfterMatch'),
  dont_activate_after_match: flag('dontActivateAfterMatch'),
  depth: numeric('depth'),
  reverse_depth: numeric('reverseDepth'),
  scan_depth: numeric('scanDepth', (value) => value >= 0),
  is_greeting: numeric('isGreeting', (value) => Number.isInteger(value) && value >= 0),
  ignore_on_max_context: flag('ignoreOnMaxContext'),
  probability: numeric('probability', (value) => value >= 0 && value <= 100),
  priority: numeric('priority'),
  match_full_word: flag('matchFullWord'),
  match_partial_word: flag('matchPartialWord'),
  no_recursive_search: flag('noRecursiveSearch'),
  recursive: (value, into) => takeRecursion(value, into, true),
  unrecursive: (value, into) => takeRecursion(value, into, false),
  exclude_keys_all: keys('excludeKeysAll'),
  activate: flag('activate'),
  dont_activate: flag('dontActivate'),
  role: (value, into) => {
    if (value !== 'system' && value !== 'user' && value !== 'assistant') return false;
    into.role = value;
    return true;
  },
  position: (value, into) => {
    const position = POSITIONS[value];
    if (!position) return false;
    into.position = position;
    return true;
  },
  additional_keys: (value, into) => {
    const keys = valuesOf(value);
    if (keys.length === 0) return false;
    into.additionalKeys = [...(into.additionalKeys ?? []), keys];
    return true;
  },
  exclude_keys: keys('excludeKeys'),
  is_user_icon: (value, into) => {
    if (value === '') return false;
    into.isUserIcon = value;
    return true;
  },
  disable_ui_prompt: (value, into) => {
    if (value !== 'system_prompt' && value !== 'post_history_instructions') return false;
    into.disableUiPrompt = value;
    return true;
  },
};

const REPEATABLE: ReadonlySet<string> = new Set(['additional_keys']);

/**
 * Takes the decorators off the beginning of a content. Each is a line `@@name value,value`; `@@@name` is a fallback,
 * read when the line above was unknown or had no valid value, in chains of any length. Of several with one name the
 * first valid one counts. Newlines around the lines are trimmed with them.
 */
export function readDecorators(content: string): { decorators: Decorators; content: string } {
  const decorators: Decorators = {};
  if (!/^\s*@@/.test(content)) return { decorators, content };
  const lines = content.split(/\r?\n/);
  const seen = new Set<string>();
  let isFallbackOpen = false;
  let index = 0;
  for (; index < lines.length; index += 1) {
    const line = lines[index] ?? '';
    if (line.trim() === '') continue;
    const found = /^(@@@?)([^\s@]*)(.*)$/.exec(line);
    if (!found) break;
    const [, marks, name = '', value = ''] = found;
    if (marks === '@@@' && !isFallbackOpen) continue;
    isFallbackOpen = !takeDecorator({ name, value: value.trim(), seen, decorators });
  }
  return { decorators, content: lines.slice(index).join('\n') };
}

/** True when the line is understood, also when it repeats one that counted already. */
function takeDecorator({
  name,
  value,
  seen,
  decorators,
}: {
  name: string;
  value: string;
  seen: Set<string>;
  decorators: Decorators;
}): boolean {
  const reader = Object.hasOwn(READERS, name) ? READERS[name] : undefined;
  if (!reader) return false;
  if (seen.has(name) && !REPEATABLE.has(name)) return true;
  if (!reader(value, decorators)) return false;
  seen.add(name);
  return true;
}
