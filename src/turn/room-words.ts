import type { Locale } from '../../contract/common.ts';
import { storyEventText } from '../conversation/story-event-text.ts';
import type { MessageNode } from '../conversation/tree-types.ts';
import type { ParticipantRecord } from '../conversation/participant-store.ts';
import { isOwn, type RoomView } from './room-view.ts';

interface Wording {
  /** Between a name and what was said. */
  colon: string;
  whisper: (name: string, hearers: string) => string;
  door: (name: string) => string;
  you: string;
  event: (text: string) => string;
}

const wordings: Record<Locale, Wording> = {
  en: {
    colon: ': ',
    whisper: (name, hearers) => `${name} (whispers to ${hearers})`,
    door: (name) => `${name} (behind a closed door)`,
    you: 'you',
    event: (text) => `[${text}]`,
  },
  'zh-CN': {
    colon: '：',
    whisper: (name, hearers) => `${name}（悄悄对${hearers}说）`,
    door: (name) => `${name}（在关着的门后）`,
    you: '你',
    event: (text) => `【${text}】`,
  },
};

/** What stands before the words of others in a room: who says them, and to whom where not everybody hears it. */
export function namePrefix(
  node: Pick<MessageNode, 'author' | 'audience' | 'manner'>,
  {
    view,
    participants,
    locale,
  }: {
    view: RoomView;
    participants: readonly Pick<ParticipantRecord, 'id' | 'subjectId' | 'name'>[];
    locale: Locale;
  },
): string {
  const { author, audience, manner } = node;
  if (author.kind === 'narrator' || author.name === '' || isOwn(view, node)) return '';
  const wording = wordings[locale];
  if (manner === 'door') return `${wording.door(author.name)}${wording.colon}`;
  if (manner !== 'whisper' || audience === 'everyone') return `${author.name}${wording.colon}`;
  const others = participants
    .filter(({ id, subjectId }) => audience.includes(id) && id !== view.viewer.id && subjectId !== author.id)
    .map(({ name }) => name);
  const hearers = new Intl.ListFormat(locale, { type: 'conjunction' }).format([wording.you, ...others]);
  return `${wording.whisper(author.name, hearers)}${wording.colon}`;
}

/** What happened in the story, as the model reads it; empty where a message tells of nothing. */
export function eventWords({ parts }: Pick<MessageNode, 'parts'>, locale: Locale): string {
  return parts
    .flatMap((part) => (part.type === 'event' ? [wordings[locale].event(storyEventText(part, locale))] : []))
    .join('\n');
}

/** In somebody else's words the names stand for them, and not for whoever reads. */
export function asSaidBy({ author: { kind, name } }: Pick<MessageNode, 'author'>, words: string): string {
  if (kind === 'character') return words.replaceAll(/\{\{char\}\}|<BOT>|<CHAR>/giu, () => name);
  return kind === 'human' ? words.replaceAll(/\{\{user\}\}|<USER>/giu, () => name) : words;
}
