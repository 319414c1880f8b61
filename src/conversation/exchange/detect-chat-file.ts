import { EVERWITH_SPEC } from './everwith-lines.ts';
import type { ChatFormat } from './imported-chat.ts';
import { isObject, parseSafeJson } from './safe-json.ts';
import { isHeader } from './silly-tavern-chat.ts';

/** Bytes of a file's beginning that tell what it is. */
export const DETECTION_BYTES = 256 * 1024;
/** Lines of a broken file looked at before giving up. */
const LINES_TO_TRY = 20;
/** Levels of keys that tell formats apart. */
const MAX_KEY_DEPTH = 5;

/** How a file of Everwith begins. */
const OWN_HEAD = new RegExp(String.raw`^\s*\{\s*"spec"\s*:\s*"${EVERWITH_SPEC}"`);

/** Which program's chat a file is, by its beginning; null when it is none. */
export function detectChatFile(beginning: Uint8Array): ChatFormat | null {
  const text = new TextDecoder('utf-8').decode(beginning.subarray(0, DETECTION_BYTES));
  if (OWN_HEAD.test(text)) return 'everwith';
  if (!/^\s*[{[]/.test(text)) return hasChatLines(text) ? 'sillytavern' : null;
  const keys = collectKeys(text);
  return formatOf(keys, text) ?? (hasChatLines(text) || keys.has('mes') ? 'sillytavern' : null);
}

function formatOf(keys: ReadonlySet<string>, text: string): ChatFormat | null {
  const has = (...paths: string[]) => paths.some((path) => keys.has(path));
  if (has('type') && has('data') && /"type"\s*:\s*"risu(?:AllChats|Chat)"/.test(text)) return 'risu';
  if (has('histories.histories', 'histories[].msgs')) return 'cai-tools';
  if (has('data_visible') || (has('visible') && has('internal'))) return 'ooba';
  if (has('savedsettings') || (has('actions') && has('prompt') && has('gamestarted'))) return 'kobold';
  if (has('[].mapping') || (has('mapping') && has('current_node', 'create_time', 'title'))) return 'chatgpt';
  if (has('[].chat_messages', 'chat_messages')) return 'claude';
  if (has('[].chat.history', '[].chat.messages', 'chat.history', 'chat.messages')) return 'open-webui';
  return has('messages[].msg') ? 'agnai' : null;
}

function hasChatLines(text: string): boolean {
  const lines = text.replace(/^\uFEFF/, '').split('\n', LINES_TO_TRY);
  return lines.some((line) => {
    const value = line.trim() === '' ? undefined : parseSafeJson(line);
    return isObject(value) && (typeof value['mes'] === 'string' || (isHeader(value) && !('spec' in value)));
  });
}

/** The paths of the keys in the beginning of a JSON text, `[]` standing for the elements of a list. */
function collectKeys(text: string): Set<string> {
  const keys = new Set<string>();
  const levels: { path: string; isList: boolean; key: string }[] = [];
  const strings = /"((?:[^"\\]|\\.)*)"|[{}[\]:]/g;
  let word = '';
  let found = strings.exec(text);
  for (; found !== null && levels.length < 200; found = strings.exec(text)) {
    const mark = found[0];
    const level = levels.at(-1);
    if (mark === '{' || mark === '[') {
      const path = !level ? '' : level.isList ? `${level.path}[]` : joined(level.path, level.key);
      levels.push({ path, isList: mark === '[', key: '' });
    } else if (mark === '}' || mark === ']') {
      levels.pop();
    } else if (mark === ':' && level && !level.isList) {
      level.key = word;
      if (levels.length <= MAX_KEY_DEPTH && keys.size < 5000) keys.add(joined(level.path, word));
    } else {
      word = found[1] ?? '';
    }
  }
  return keys;
}

function joined(path: string, key: string): string {
  return path === '' ? key : `${path}.${key}`;
}
