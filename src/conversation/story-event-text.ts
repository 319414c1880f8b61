import type { Locale } from '../../contract/common.ts';
import type { MessagePart } from '../../contract/messages.ts';
import type { StoryEvent } from '../../contract/rooms.ts';

type EventPart = Extract<MessagePart, { type: 'event' }>;

interface Words {
  /** For one name, and for several. */
  one: string;
  many: string;
  /** The same where the event says which door, place or time. */
  detailed?: { one: string; many: string };
}

const words: Record<Locale, Record<StoryEvent, Words>> = {
  en: {
    enter: { one: '{names} comes in.', many: '{names} come in.' },
    leave: { one: '{names} leaves.', many: '{names} leave.' },
    'door-close': {
      one: '{names} goes behind a closed door.',
      many: '{names} go behind a closed door.',
      detailed: {
        one: '{names} goes behind a closed door: {detail}.',
        many: '{names} go behind a closed door: {detail}.',
      },
    },
    'door-open': { one: '{names} is back in the room.', many: '{names} are back in the room.' },
    'place-change': { one: 'The scene changes: {detail}.', many: 'The scene changes: {detail}.' },
    'time-change': { one: 'It is now {detail}.', many: 'It is now {detail}.' },
  },
  'zh-CN': {
    enter: { one: '{names}进来了。', many: '{names}进来了。' },
    leave: { one: '{names}离开了。', many: '{names}离开了。' },
    'door-close': {
      one: '{names}关上门，去了里面。',
      many: '{names}关上门，去了里面。',
      detailed: { one: '{names}关上门，去了“{detail}”。', many: '{names}关上门，去了“{detail}”。' },
    },
    'door-open': { one: '{names}回到了大家中间。', many: '{names}回到了大家中间。' },
    'place-change': { one: '场景换到了{detail}。', many: '场景换到了{detail}。' },
    'time-change': { one: '现在是{detail}。', many: '现在是{detail}。' },
  },
};

/** What happened in the story, as a sentence. */
export function storyEventText({ event, names, detail }: EventPart, locale: Locale): string {
  const worded = words[locale][event];
  const form = detail !== '' && worded.detailed ? worded.detailed : worded;
  const list = new Intl.ListFormat(locale, { type: 'conjunction' }).format(names);
  const fill: Record<string, string> = { names: list, detail };
  return (names.length > 1 ? form.many : form.one).replaceAll(
    /\{(names|detail)\}/g,
    (_, key: string) => fill[key] ?? '',
  );
}
