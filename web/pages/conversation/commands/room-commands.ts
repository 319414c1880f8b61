import type { SendOptions } from '../../../../client/conversation-session.ts';
import type { Message } from '../../../../contract/messages.ts';
import type { Participant } from '../../../../contract/rooms.ts';
import { api } from '../../../state/api.ts';
import type { CommandContext } from './command-context.ts';
import { takeName } from './mentions.ts';
import type { SlashCommand } from './slash-command.ts';

interface RoomCommandOptions extends CommandContext {
  path: readonly Message[];
  replying: boolean;
  steers: boolean;
  send: (text: string, options: SendOptions) => void;
}

/** What only a room knows: who hears, who speaks, whether the characters go on by themselves. */
export function roomCommands(options: RoomCommandOptions): SlashCommand[] {
  const { conversation, steers } = options;
  if (conversation.room === null) return [];
  const others = othersThere(conversation);
  return [...quietWords(options, others), ...(steers ? steering(options, others) : [])];
}

/** Those who are in the room besides the reader. */
export function othersThere({ participants, seatId }: CommandContext['conversation']): Participant[] {
  return participants.filter(({ id, present, leftAt }) => present && leftAt === null && id !== seatId);
}

function quietWords({ describe, send, t }: RoomCommandOptions, others: Participant[]): SlashCommand[] {
  return [
    {
      ...describe('whisper'),
      argument: { label: t('argument.nameWords'), required: true },
      run: (argument) => {
        const taken = takeName(argument, others);
        if (taken === null) return t('unknownName', { names: namesOf(others) });
        if (taken.rest === '') return t('noWords');
        return send(taken.rest, { to: [taken.who.id] });
      },
    },
    {
      ...describe('aside'),
      argument: { label: t('argument.words'), required: true },
      run: (words) => send(words, { to: [] }),
    },
  ];
}

function steering(options: RoomCommandOptions, others: Participant[]): SlashCommand[] {
  const { conversation, path, replying, describe, guard, t } = options;
  const characters = others.filter(({ kind }) => kind === 'character');
  const params = { id: conversation.id };
  const last = path.at(-1);
  const run: SlashCommand = {
    ...describe('run'),
    argument: { label: t('argument.run'), required: true },
    run: (word) => {
      const action = RUN_WORDS.get(word.toLowerCase());
      return action === undefined ? t('unknownRun') : guard(api.call('controlRun', { params, body: { action } }));
    },
  };
  if (last === undefined || replying) return [run];
  const speak: SlashCommand = {
    ...describe('speak'),
    argument: { label: t('argument.name'), required: true },
    run: (argument) => {
      const who = takeName(argument, characters)?.who;
      if (who === undefined) return t('unknownName', { names: namesOf(characters) });
      const body = { kind: 'speak' as const, messageId: last.id, participantId: who.id };
      return guard(api.call('startReply', { params, body }));
    },
  };
  return [speak, run];
}

const RUN_WORDS: ReadonlyMap<string, 'start' | 'pause' | 'stop'> = new Map([
  ['start', 'start'],
  ['pause', 'pause'],
  ['stop', 'stop'],
  ['开始', 'start'],
  ['暂停', 'pause'],
  ['停止', 'stop'],
]);

function namesOf(participants: readonly Participant[]): string {
  return participants.map(({ name }) => name).join(', ');
}
