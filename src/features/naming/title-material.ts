import { hears } from '../../conversation/seat.ts';
import type { ParticipantRecord } from '../../conversation/participant-store.ts';
import { textOf, type MessageNode } from '../../conversation/tree-types.ts';
import { isTelling } from './title-words.ts';

/** What may name a conversation: lines said openly, heard by all humans who belong to it, and not forgotten. */
export interface TitleMaterial {
  /** Oldest first; a greeting that nobody answered is among them. */
  lines: { name: string; text: string; isHuman: boolean }[];
  /** Messages on the path, whatever may be used of them. */
  pathLength: number;
}

interface MaterialOptions {
  path: readonly MessageNode[];
  /** Humans who belong to the conversation: whatever one of them did not hear is in no title. */
  readers: readonly Pick<ParticipantRecord, 'id' | 'fromStart'>[];
  unremembered: ReadonlySet<string>;
}

/** Messages that a first title is written from; what follows only makes it longer to read. */
const MOST_LINES = 10;

/** A title is given again once, when the talk has come so far. */
const SECOND_LOOK_AT = 8;

export function titleMaterial({ path, readers, unremembered }: MaterialOptions): TitleMaterial {
  const open = path.filter(
    (node) =>
      node.deletedAt === null &&
      !node.hidden &&
      node.state !== 'streaming' &&
      node.manner === 'open' &&
      node.author.kind !== 'narrator' &&
      !unremembered.has(node.id) &&
      readers.every((reader) => hears(reader, node)) &&
      textOf(node.parts).trim() !== '',
  );
  const first = open.findIndex(({ author }) => author.kind === 'human');
  const used = first === -1 ? [] : open.slice(Math.max(0, first - 1), first - 1 + MOST_LINES);
  return {
    lines: used.map(({ author, parts }) => ({
      name: author.name,
      text: textOf(parts),
      isHuman: author.kind === 'human',
    })),
    pathLength: path.length,
  };
}

/** A human spoke and was answered. */
export function isExchange({ lines }: TitleMaterial): boolean {
  const asked = lines.findIndex(({ isHuman }) => isHuman);
  return asked !== -1 && lines.slice(asked + 1).some(({ isHuman }) => !isHuman);
}

/** Where a first title waits for the next exchange, because a greeting says nothing. Three greetings are the subject. */
export function saysEnough({ lines }: TitleMaterial, names: readonly string[]): boolean {
  const said = lines.filter(({ isHuman }) => isHuman);
  return said.length >= 3 || said.some(({ text }) => isTelling(text, names));
}

/**
 * Whether a conversation that the house named is to be named once more: the first title came from a rule although a
 * model can be asked, or from very little.
 */
export function deservesSecond(
  { lines, pathLength }: TitleMaterial,
  {
    given,
    canAsk,
    names,
  }: { given: { messageCount: number; source: string }; canAsk: boolean; names: readonly string[] },
): boolean {
  if (!canAsk || given.messageCount >= SECOND_LOOK_AT || pathLength < SECOND_LOOK_AT) return false;
  const first = lines.find(({ isHuman }) => isHuman);
  return given.source === 'words' || first === undefined || !isTelling(first.text, names);
}
