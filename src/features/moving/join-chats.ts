import type { Actor } from '../../accounts/actor.ts';
import { asObject, asText } from '../../conversation/exchange/safe-json.ts';
import { listImported } from '../../conversation/import-store.ts';
import type { ClassifiedPath } from './classify-path.ts';
import type { FoundConversation, FoundFile, FoundStatus } from './found.ts';
import { findMoved } from './move-record-store.ts';
import type { MovingContext } from './moving-context.ts';
import type { FoundChat } from './survey-chats.ts';

/** What a group's file says of its chats. */
export interface SurveyedGroup {
  name: string;
  /** File names of the cards of its members. */
  members: string[];
}

/** Never empty. */
type Family = [PlacedChat, ...PlacedChat[]];

interface PlacedChat {
  chat: FoundChat;
  place: ClassifiedPath;
}

/** Branches followed up to the chat they began in. */
const MAX_BRANCH_STEPS = 50;

/** Puts chats and their branches together, finds whom they are with, and says which are here already. */
export async function joinChats({
  context,
  actor,
  chats,
  files,
  groups,
}: {
  context: MovingContext;
  actor: Actor;
  chats: readonly PlacedChat[];
  files: readonly FoundFile[];
  groups: ReadonlyMap<string, SurveyedGroup>;
}): Promise<FoundConversation[]> {
  const families = familiesOf(chats);
  const imported = await listImported(context.storage.db, actor.userId);
  const moved = await findMoved(context.storage.db, {
    ownerId: actor.userId,
    kind: 'chat',
    hashes: chats.map(({ chat }) => chat.contentHash),
  });
  const cards = new Map(
    files.filter(({ kind }) => kind === 'character').map((file) => [cardKey(file.file.path), file]),
  );
  return [...families].map(([key, family]): FoundConversation => {
    const latest = family.toSorted((a, b) => (b.chat.lastAt ?? 0) - (a.chat.lastAt ?? 0));
    const [first] = family;
    const lead = family.find(({ chat }) => chat.head.mainChat === null) ?? first;
    const group = groups.get(`${lead.place.root}/${stem(lead.chat.fileName)}`);
    const before = imported.get(key);
    const isKnown = family.every(({ chat }) => moved.has(chat.contentHash));
    const card = cardOf(lead, { cards, group });
    const characterName = nameOf(lead, card);
    return {
      key,
      // Same content in two files is one chat.
      chats: [...new Map(latest.map(({ chat }) => [chat.contentHash, chat])).values()],
      status: statusOf(before, isKnown),
      conversationId: before?.id ?? null,
      title: titleOf(lead, { group, characterName }),
      cardPath: card?.file.path ?? null,
      characterName,
      isGroup:
        lead.place.hint.kind === 'group-chat' ||
        group !== undefined ||
        lead.chat.speakers.length > 1 ||
        isOwnRoom(lead.chat),
      book: asText(asObject(asObject(lead.chat.head.foreign['header'])['chat_metadata'])['world_info']),
    };
  });
}

function statusOf(before: { deletedAt: number | null } | undefined, isKnown: boolean): FoundStatus {
  if (!before) return 'new';
  if (before.deletedAt !== null) return 'deleted';
  return isKnown ? 'here' : 'grown';
}

/** By identity; a branch belongs to the chat its `main_chat` names, in the same folder. */
function familiesOf(chats: readonly PlacedChat[]): Map<string, Family> {
  const byFile = new Map(chats.map((placed) => [folderKey(placed, stem(placed.chat.fileName)), placed]));
  const families = new Map<string, Family>();
  for (const placed of chats) {
    let origin = placed;
    for (let step = 0; step < MAX_BRANCH_STEPS && origin.chat.head.mainChat !== null; step += 1) {
      const parent = byFile.get(folderKey(origin, stem(origin.chat.head.mainChat)));
      if (!parent || parent === placed) break;
      origin = parent;
    }
    const family = families.get(origin.chat.identity);
    if (family) family.push(placed);
    else families.set(origin.chat.identity, [placed]);
  }
  return families;
}

function folderKey({ chat }: PlacedChat, name: string): string {
  return `${chat.file.path.slice(0, chat.file.path.lastIndexOf('/') + 1)}\n${name}\n${chat.number}`;
}

function stem(fileName: string): string {
  return fileName.replace(/\.jsonl$/i, '');
}

/** `characters/Ada.png` by its root and `Ada`. */
function cardKey(path: string): string {
  return path.replace(/\.[^./]+$/, '').toLowerCase();
}

function cardOf(
  { chat, place }: PlacedChat,
  { cards, group }: { cards: ReadonlyMap<string, FoundFile>; group: SurveyedGroup | undefined },
): FoundFile | undefined {
  const inRoot = (name: string) => cards.get(cardKey(`${place.root === '' ? '' : `${place.root}/`}characters/${name}`));
  if (place.hint.kind === 'chat') return inRoot(`${place.hint.folder}.png`);
  const members = (group?.members ?? []).flatMap((member) => inRoot(member) ?? []);
  return members.find(({ name }) => name === chat.speakers[0]) ?? members[0];
}

function nameOf({ chat, place }: PlacedChat, card: FoundFile | undefined): string {
  const folder = place.hint.kind === 'chat' ? place.hint.folder : '';
  const isGroup = place.hint.kind === 'group-chat';
  const said = isGroup ? (chat.speakers[0] ?? '') : chat.names.characterName;
  // `Ada - 2024-6-5 @14h 56m 50s` and `Ada_2024-06-05_chat`: what stands before the date is the name.
  const named = stem(chat.fileName)
    .replace(/\.json$/i, '')
    .replace(/[\s_-]+(?:\d{4}-.*|chats?.*)$/i, '');
  const isDated = named !== stem(chat.fileName).replace(/\.json$/i, '');
  return said || (card?.name ?? '') || folder || (isDated ? named : '') || chat.head.title || named || 'Character';
}

function isOwnRoom({ head: { own } }: FoundChat): boolean {
  return own !== undefined && own.participants.filter(({ kind }) => kind === 'character').length > 1;
}

/** A file's name says nothing when it is only the character's and a date. */
function titleOf(
  { chat }: PlacedChat,
  { group, characterName }: { group: SurveyedGroup | undefined; characterName: string },
): string {
  if (group?.name) return group.name;
  if (chat.head.own) return chat.head.title;
  const title = chat.head.title
    .replace(/^imported:?\s*/i, '')
    .replace(/\s*(?:-\s*)?\d{4}-\d{1,2}-\d{1,2}\s*@\s*\d{1,2}h.*$/, '')
    .trim();
  return title === characterName ? '' : title;
}
