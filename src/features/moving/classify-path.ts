/** What a file's place in a SillyTavern data folder says it is. */
export type PathHint =
  | { kind: 'character' }
  | { kind: 'chat'; folder: string }
  | { kind: 'group-chat' }
  | { kind: 'group' }
  | { kind: 'lorebook' }
  | { kind: 'avatar' }
  | { kind: 'preset' }
  | { kind: 'settings' }
  | { kind: 'secrets' }
  /** Not ours to take; `name` is the folder's or the file type's. */
  | { kind: 'left-out'; name: string }
  | { kind: 'unknown' };

export interface ClassifiedPath {
  /** The data folder this file belongs to: what stands before the folder that told. */
  root: string;
  hint: PathHint;
}

const PRESET_FOLDERS = new Set(['OpenAI Settings', 'instruct', 'context']);
/** Never anything of somebody's own that has a place here. */
const LEFT_OUT_FOLDERS = new Set([
  'backgrounds',
  'thumbnails',
  'backups',
  'vectors',
  'themes',
  'movingUI',
  'QuickReplies',
  'extensions',
  'sysprompt',
  'reasoning',
  'KoboldAI Settings',
  'NovelAI Settings',
  'TextGen Settings',
  'node_modules',
  '.git',
  '__MACOSX',
  '_cache',
  '_storage',
  '_uploads',
]);
const READ_TYPES = new Set(['png', 'apng', 'json', 'jsonl', 'charx', 'jpg', 'jpeg', 'yaml', 'yml', 'zip', 'risum']);

/** Where in a SillyTavern folder a file lies, wherever in the source that folder is. */
export function classifyPath(path: string): ClassifiedPath {
  const parts = path.split('/');
  const name = parts.at(-1) ?? '';
  const folders = parts.slice(0, -1);
  const leftOut = folders.find((folder) => LEFT_OUT_FOLDERS.has(folder));
  if (leftOut !== undefined) return { root: '', hint: { kind: 'left-out', name: leftOut } };
  if (name === 'secrets.json') return { root: folders.join('/'), hint: { kind: 'secrets' } };
  if (name.startsWith('.') || /^(?:thumbs\.db|desktop\.ini)$/i.test(name)) {
    return { root: '', hint: { kind: 'left-out', name: name.slice(0, 40) } };
  }
  const type = /\.([^.]+)$/.exec(name)?.[1]?.toLowerCase() ?? '';
  const inside = hintOfFolder(folders, type);
  if (inside) return inside;
  if (name === 'settings.json') return { root: folders.join('/'), hint: { kind: 'settings' } };
  if (!READ_TYPES.has(type)) return { root: '', hint: { kind: 'left-out', name: `.${type.slice(0, 12)}` } };
  return { root: folders.join('/'), hint: { kind: 'unknown' } };
}

function hintOfFolder(folders: readonly string[], type: string): ClassifiedPath | undefined {
  const last = folders.at(-1);
  const before = folders.at(-2);
  const root = folders.slice(0, -1).join('/');
  if (before === 'chats' && last !== undefined && type === 'jsonl') {
    return { root: folders.slice(0, -2).join('/'), hint: { kind: 'chat', folder: last } };
  }
  if (last === undefined) return undefined;
  if (last === 'characters' && ['png', 'json', 'charx', 'jpeg', 'jpg', 'yaml'].includes(type)) {
    return { root, hint: { kind: 'character' } };
  }
  if (last === 'group chats' && type === 'jsonl') return { root, hint: { kind: 'group-chat' } };
  if (last === 'groups' && type === 'json') return { root, hint: { kind: 'group' } };
  if (last === 'worlds' && type === 'json') return { root, hint: { kind: 'lorebook' } };
  if (last === 'User Avatars') return { root, hint: { kind: 'avatar' } };
  if (PRESET_FOLDERS.has(last) && type === 'json') return { root, hint: { kind: 'preset' } };
  // Expression pictures lie in `characters/<name>/`.
  if (before === 'characters') return { root: '', hint: { kind: 'left-out', name: 'characters/…' } };
  return undefined;
}
