import { documentAccount } from '../memory/files/document-account.ts';
import type { Citation, FilesReceipt } from '../../contract/attachments.ts';
import { listAttachmentsOnPath, type AttachmentRecord } from '../conversation/attachment-store.ts';
import type { MessageNode } from '../conversation/tree-types.ts';
import type { FoundPassage, PassageFinder } from '../memory/files/passage-finder.ts';
import type { ModelFacts } from '../models/spec/model-handle.ts';
import type { Clock } from '../base/clock.ts';
import type { Db } from '../storage/storage.ts';
import { readAskedTexts } from './ask-memory.ts';
import { filesHeading, passageWords } from './file-words.ts';
import { hears, roomView } from './room-view.ts';
import type { TokenCounts } from './token-counts.ts';
import type { TurnRequest } from './turn-request.ts';

/** Share of a prompt that passages may take, and the most tokens. */
const ROOM = {
  /** A starter reads slowly and loses its way among many. */
  starter: { share: 0.3, most: 1000 },
  spoken: { share: 0.15, most: 700 },
  character: { share: 0.3, most: 6000 },
  assistant: { share: 0.5, most: 24_000 },
} as const;
/** Passages looked at for one turn. */
const RANKED = 40;
/** Of the best, neighbours come along where there is room: an answer often goes on behind a cut. */
const WITH_NEIGHBOURS = 3;
/** Below this share of the best passage's score a passage only takes room. */
const LEAST_SHARE = 0.25;
/** What stands around a passage: number, name, place. */
const FRAME_TOKENS = 24;
/** Of a large file about which nothing is asked: passages spread over it. */
const SPREAD = 6;

/** Passages that a turn may give, the most telling first. */
export interface FilesMaterial {
  heading: string;
  passages: ChosenPassage[];
  /** Passages of the files that are not among them. */
  left: number;
}

export interface ChosenPassage extends FoundPassage {
  name: string;
  tokens: number;
}

export interface NumberedPassage extends Citation {
  text: string;
  tokens: number;
}

interface Gathering {
  db: Db;
  clock: Clock;
  counts: TokenCounts;
  finder: PassageFinder;
}

/** What of the files on a turn's path goes into its prompt; null where there is nothing. */
export async function gatherFiles(
  { db, clock, counts, finder }: Gathering,
  { model, request, budget }: { model: ModelFacts; request: TurnRequest; budget: number },
): Promise<FilesMaterial | null> {
  const { conversation, endId, card, userName, locale, spoken, signal } = request;
  if (endId === null) return null;
  const onPath = await listAttachmentsOnPath(db, { conversationId: conversation.id, endId });
  const heard = onPath.filter(({ message, attachment }) => attachment.passages > 0 && mayKnow(request, message));
  if (heard.length === 0) return null;
  const files = [...new Map(heard.map(({ attachment }) => [attachment.id, attachment])).values()];
  const { share, most } = roomOf(request, model);
  const room = Math.min(most, Math.floor(budget * share));
  const heading = filesHeading(locale, { spoken: spoken !== undefined });
  const total = files.reduce((sum, { passages }) => sum + passages, 0);
  const count = async (passages: readonly FoundPassage[]): Promise<ChosenPassage[]> => {
    const texts = passages.map(({ text }) => ({ key: text, text }));
    const counted = await counts.count(model, texts, signal);
    const names = new Map(files.map(({ id, name }) => [id, name]));
    return passages.map((passage, index) => ({
      ...passage,
      name: names.get(passage.attachmentId) ?? '',
      tokens: (counted.counts[index] ?? 0) + FRAME_TOKENS,
    }));
  };
  // A quarter of a token for a character is less than any model takes.
  if (files.reduce((sum, { characters }) => sum + characters, 0) / 8 <= room) {
    const whole = await count(await finder.all(files));
    if (whole.reduce((sum, { tokens }) => sum + tokens, 0) <= room) return { heading, passages: whole, left: 0 };
  }
  const texts = await readAskedTexts(db, request);
  const query = { texts, now: clock.now(), timeZone: 'UTC', names: [card.called, userName] };
  const account = documentAccount({ userId: conversation.ownerId, conversationId: conversation.id });
  const asked = { query, account, limit: RANKED, spoken: spoken !== undefined, signal };
  const ranked = texts.length === 0 ? [] : await finder.find(files, asked);
  const all = await finder.all(files);
  const wanted = ranked.length > 0 ? withNeighbours(ranked, all) : justSent(heard, endId) ? spread(all) : [];
  const passages = fill(await count(wanted), room);
  return passages.length === 0 ? null : { heading, passages, left: total - passages.length };
}

function mayKnow({ room }: TurnRequest, message: MessageNode): boolean {
  if (room !== null) return hears(roomView(room.speaker, room.settings.cardMode), message);
  // Between two, whatever is not said to everybody is an aside.
  return message.audience === 'everyone' || message.manner !== 'aside';
}

function roomOf({ spoken, card }: TurnRequest, model: ModelFacts): { share: number; most: number } {
  if (spoken) return ROOM.spoken;
  if (model.fallback) return ROOM.starter;
  return card.kind === 'assistant' ? ROOM.assistant : ROOM.character;
}

/** The best first, then what stands beside the very best. */
function withNeighbours(ranked: readonly FoundPassage[], all: readonly FoundPassage[]): FoundPassage[] {
  const best = ranked[0]?.score ?? 0;
  const good = ranked.filter(({ score }) => score >= best * LEAST_SHARE);
  const at = new Map(all.map((passage) => [keyOf(passage), passage]));
  const beside = good.slice(0, WITH_NEIGHBOURS).flatMap(({ attachmentId, position, score }) =>
    [position + 1, position - 1].flatMap((near) => {
      const passage = at.get(keyOf({ attachmentId, position: near }));
      return passage ? [{ ...passage, score: score / 2 }] : [];
    }),
  );
  const head = good.slice(0, WITH_NEIGHBOURS);
  return [...new Map([...head, ...beside, ...good].map((passage) => [keyOf(passage), passage])).values()].toSorted(
    (a, b) => b.score - a.score,
  );
}

/** True where the newest message brought files: then something is to be said of them, whatever was asked. */
function justSent(heard: readonly { message: MessageNode; attachment: AttachmentRecord }[], endId: string): boolean {
  return heard.some(({ message }) => message.id === endId);
}

/** The beginning, and passages evenly behind it. */
function spread(all: readonly FoundPassage[]): FoundPassage[] {
  const step = Math.max(1, Math.floor(all.length / SPREAD));
  return all.filter((_, index) => index % step === 0).slice(0, SPREAD);
}

function fill(passages: readonly ChosenPassage[], room: number): ChosenPassage[] {
  let used = 0;
  return passages.filter(({ tokens }) => {
    if (used + tokens > room) return false;
    used += tokens;
    return true;
  });
}

function keyOf({ attachmentId, position }: Pick<FoundPassage, 'attachmentId' | 'position'>): string {
  return `${attachmentId}:${position}`;
}

/** Without the least telling passages, until so many tokens are free; null where none is left. */
export function shrinkFiles(files: FilesMaterial, over: number): FilesMaterial | null {
  const passages = [...files.passages];
  let free = 0;
  while (free < over && passages.length > 0) free += passages.pop()?.tokens ?? 0;
  return passages.length === 0
    ? null
    : { ...files, passages, left: files.left + files.passages.length - passages.length };
}

/** Numbers from 1, file by file and in the order of the text. */
export function numberPassages({ passages }: FilesMaterial): NumberedPassage[] {
  const files = [...new Set(passages.map(({ attachmentId }) => attachmentId))].toSorted();
  return passages
    .toSorted((a, b) => files.indexOf(a.attachmentId) - files.indexOf(b.attachmentId) || a.position - b.position)
    .map(({ attachmentId, name, position, placeKind, place, text, tokens }, index) => ({
      number: index + 1,
      attachmentId,
      name,
      position,
      placeKind,
      place,
      text,
      tokens,
    }));
}

/** The whole segment as a model reads it. */
export function filesText(files: FilesMaterial, locale: TurnRequest['locale']): string {
  const numbered = numberPassages(files).map(({ text, ...passage }) => passageWords(passage, { text, locale }));
  return [files.heading, ...numbered].join('\n\n');
}

/** What the receipt says of them; undefined where the conversation has none. */
export function filesReceipt(
  files: FilesMaterial | null,
  pictures: Pick<FilesReceipt, 'pictures' | 'picturesTold'>,
): FilesReceipt | undefined {
  if (files === null && pictures.pictures.length === 0 && pictures.picturesTold === 0) return undefined;
  const used = files === null ? [] : numberPassages(files).map(({ text: _text, ...passage }) => passage);
  return { used, left: files?.left ?? 0, ...pictures };
}
