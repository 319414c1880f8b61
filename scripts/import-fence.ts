import { isBuiltin } from 'node:module';
import { posix } from 'node:path';

/** The rooms of the house and their ranks: a file imports its own room or a lower rank. */
const ranks: Record<string, number> = {
  contract: 0,
  client: 1,
  'src/base': 1,
  'src/config': 2,
  'src/storage': 3,
  'src/events': 4,
  'src/jobs': 5,
  'src/metering': 5,
  'src/experiments': 5,
  'src/accounts': 5,
  'src/lore': 5,
  'src/models': 6,
  'src/character': 6,
  'src/world': 6,
  'src/conversation': 6,
  'src/memory': 7,
  'src/turn': 8,
  'src/voice': 8,
  // Each noun below src/features/ is a room of its own.
  'src/features': 9,
  'src/http': 10,
  web: 10,
  'src/cli': 11,
};

/** These wire the house together and may import everything in it. */
const wiring = new Set([
  'src/main.ts',
  'src/app-context.ts',
  'src/open-core.ts',
  'src/open-hall.ts',
  'src/open-gateway.ts',
  'src/open-doors.ts',
  'src/open-embeddings.ts',
  'src/open-attachments.ts',
  'src/open-models.ts',
  'src/open-calls.ts',
  'src/open-naming.ts',
  'src/open-organising.ts',
  'src/open-tools.ts',
  'src/open-memory.ts',
  'src/open-memory-pages.ts',
  'src/open-vectors.ts',
  'src/open-memories.ts',
  'src/open-chat.ts',
  'src/open-shelves.ts',
  'src/open-moving.ts',
  'src/open-rooms.ts',
  'src/open-worlds.ts',
  'src/open-speech.ts',
  'src/open-platform.ts',
  'src/open-relay.ts',
  'src/open-speaking.ts',
  'src/open-openbox.ts',
  'src/open-answers.ts',
  'src/open-character-house.ts',
  'src/open-platform-media.ts',
  'src/list-areas.ts',
  'src/serve.ts',
]);

/** Rooms whose code runs in a browser, with the only other rooms that they may import. */
const browserRooms: Record<string, string[]> = { contract: [], client: ['contract'], web: ['client', 'contract'] };

interface Room {
  name: string;
  rank: number;
}

/** The room of a file, given its path from the project's root; null when it lies in none. */
function roomOf(path: string): Room | null {
  const [first = '', second = '', third = ''] = path.split('/');
  const isInFolder = (depth: number) => path.split('/').length > depth;
  if (first !== 'src') {
    const rank = isInFolder(1) ? ranks[first] : undefined;
    return rank === undefined ? null : { name: first, rank };
  }
  const base = `src/${second}`;
  const rank = isInFolder(2) ? ranks[base] : undefined;
  if (rank === undefined) return null;
  if (base !== 'src/features') return { name: base, rank };
  return isInFolder(3) ? { name: `${base}/${third}`, rank } : null;
}

/** Why a file may not stand where it stands, as a sentence; null when it may. */
export function placeFault(path: string): string | null {
  if (wiring.has(path) || roomOf(path)) return null;
  return 'lies in no room of the house; the table in scripts/import-fence.ts lists them';
}

export interface ImportFact {
  /** The importing file, from the project's root, with forward slashes. */
  from: string;
  /** What it names; null when it is computed. */
  specifier: string | null;
}

/** Why an import breaks the fence, as a sentence; null when it does not. */
export function faultOf({ from, specifier }: ImportFact): string | null {
  const room = roomOf(from);
  if (wiring.has(from) || !room) return null;
  if (specifier === null) return 'names a module with a computed value; write it out, so that the fence can be checked';
  const isTest = /\.test\.tsx?$/.test(from);
  if (!specifier.startsWith('.') && !specifier.startsWith('/')) return packageFault({ room, specifier, isTest });
  const to = posix.normalize(posix.join(posix.dirname(from), specifier.replace(/[?#].*$/, '')));
  if (to.startsWith('../') || specifier.startsWith('/')) return `imports ${specifier}, outside the project`;
  if (to.startsWith('assets/') || to === 'package.json') return null;
  if (isTest && to.startsWith('tests/support/')) return null;
  if (wiring.has(to)) return `imports ${to}, which only the wiring itself may do`;
  const target = roomOf(to);
  if (!target) return `imports ${to}, which is not in the house`;
  return target.name === room.name ? null : roomFault({ room, target, to });
}

function packageFault({ room, specifier, isTest }: { room: Room; specifier: string; isTest: boolean }): string | null {
  if (!isTest && room.name in browserRooms && isBuiltin(specifier)) {
    return `imports ${specifier}, but ${room.name} also runs in a browser, where it does not exist`;
  }
  return null;
}

function roomFault({ room, target, to }: { room: Room; target: Room; to: string }): string | null {
  const allowed = browserRooms[room.name];
  if (allowed) {
    if (allowed.includes(target.name)) return null;
    return `imports ${to}, but ${room.name} may import ${allowed.length > 0 ? `only ${allowed.join(' and ')}` : 'no other room'}`;
  }
  if (target.name === 'web') return `imports ${to}, but nothing outside web may import the browser app`;
  if (target.rank < room.rank) return null;
  const relation = target.rank === room.rank ? 'another room of the same rank' : 'a higher rank';
  return `imports ${to}: ${target.name} (rank ${target.rank}) is ${relation} for ${room.name} (rank ${room.rank})`;
}
