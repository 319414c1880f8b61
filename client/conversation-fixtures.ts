import type { CharacterSummary } from '../contract/characters.ts';
import type { Conversation } from '../contract/conversations.ts';
import type { Message, MessagePage } from '../contract/messages.ts';
import type { Participant } from '../contract/rooms.ts';

/** Small whole values for tests of what looks at conversations. */
export const mira: CharacterSummary = {
  id: 'starter-mira',
  slug: 'mira',
  kind: 'character',
  versionId: 'v1',
  name: 'Mira',
  tagline: 'Keeper of Gull Rock light',
  pictureUrl: null,
  pictureAlt: '',
  locales: ['en', 'zh-CN'],
  starter: true,
  mine: false,
  tags: [],
  updatedAt: 0,
};

export function someConversation(change: Partial<Conversation> = {}): Conversation {
  return {
    id: 'c1',
    title: 'Mira',
    titled: false,
    character: mira,
    participants: [],
    room: null,
    scene: null,
    seatId: null,
    mine: true,
    newerVersion: false,
    locale: 'en',
    leafId: null,
    revision: 0,
    messageCount: 0,
    preview: '',
    model: null,
    preset: 'balanced',
    promptPresetId: null,
    persona: null,
    authorsNote: null,
    memory: 'on',
    mark: { favourite: false, pinned: false, archived: false, folderId: null, tags: [], muted: false, unread: false },
    replying: false,
    createdAt: 0,
    updatedAt: 0,
    ...change,
  };
}

/** A message; `m3` is a reply and `h3` a person's, at the depth its number says. */
export function someMessage(id: string, change: Partial<Message> & { text?: string } = {}): Message {
  const { text = `text of ${id}`, ...rest } = change;
  const human = id.startsWith('h');
  return {
    id,
    conversationId: 'c1',
    parentId: null,
    depth: 0,
    author: human ? { kind: 'human', id: 'u1', name: 'Leo' } : { kind: 'character', id: mira.id, name: 'Mira' },
    parts: [{ type: 'text', text }],
    state: 'done',
    failure: null,
    editOf: null,
    deleted: false,
    createdAt: 0,
    siblings: [id],
    hasReceipt: false,
    hidden: false,
    audience: 'everyone',
    manner: 'open',
    withheld: false,
    ...rest,
  };
}

/** A path of messages `m0`, `h1`, `m2`, … each the parent of the next. */
export function somePath(length: number, from = 0): Message[] {
  const idAt = (depth: number) => `${depth % 2 === 0 ? 'm' : 'h'}${depth}`;
  return Array.from({ length }, (_, index) => {
    const depth = from + index;
    return someMessage(idAt(depth), { depth, parentId: depth === 0 ? null : idAt(depth - 1) });
  });
}

export function somePage(messages: Message[], revision: number): MessagePage {
  const total = (messages.at(-1)?.depth ?? -1) + 1;
  return { messages, total, hasOlder: (messages[0]?.depth ?? 0) > 0, hasNewer: false, onPath: true, revision };
}

/** A character of a room who is there; change what matters. */
export function someParticipant(id: string, change: Partial<Participant> = {}): Participant {
  return {
    id,
    kind: 'character',
    subjectId: `subject-${id}`,
    name: id,
    role: 'character',
    pictureUrl: null,
    muted: false,
    talkativeness: 50,
    position: 0,
    present: true,
    door: '',
    leftAt: null,
    ...change,
  };
}
