import type { Message } from '../../../../contract/messages.ts';
import type { MessageHandlers } from '../message-handlers.ts';
import { isOwn } from '../own-message.ts';
import type { CommandContext } from './command-context.ts';
import type { SlashCommand } from './slash-command.ts';

interface MessageCommandOptions extends CommandContext {
  /** The end of the path; empty while it is not shown. */
  path: readonly Message[];
  replying: boolean;
  /** May choose and ask anew. */
  steers: boolean;
  handlers: MessageHandlers;
  stop: () => void;
}

/** What is done with the last message. */
export function messageCommands(options: MessageCommandOptions): SlashCommand[] {
  const { path, replying, steers, handlers, describe, stop } = options;
  if (replying) return [{ ...describe('stop'), run: stop }];
  const last = path.at(-1);
  if (last === undefined || last.deleted || last.withheld) return [];
  const { id, author } = last;
  const isReply = author.kind === 'character';
  const commands: SlashCommand[] = [];
  if (steers && isReply) {
    commands.push(
      { ...describe('regenerate'), run: () => handlers.regenerate(id) },
      { ...describe('continue'), run: () => handlers.continueReply(id) },
    );
  }
  if (steers && author.kind === 'human') commands.push({ ...describe('reply'), run: () => handlers.answer(id) });
  return [...commands, ...changes(options, last), ...branches(options, last)];
}

function changes({ conversation, path, handlers, describe }: MessageCommandOptions, last: Message): SlashCommand[] {
  const own = path.findLast((message) => isOwn(message, conversation));
  const commands: SlashCommand[] = [];
  if (own !== undefined) commands.push({ ...describe('edit'), run: () => handlers.startEdit(own.id) });
  if (conversation.mine) {
    commands.push({ ...describe('hide'), run: () => handlers.setHidden(last.id, !last.hidden) });
  }
  if (conversation.mine || isOwn(last, conversation)) {
    commands.push({ ...describe('delete'), run: () => handlers.remove(last.id) });
  }
  return commands;
}

function branches({ conversation, handlers, describe }: MessageCommandOptions, { id }: Message): SlashCommand[] {
  if (!conversation.mine) return [];
  return [
    { ...describe('branch'), run: () => handlers.branchOff(id) },
    { ...describe('checkpoint'), run: () => handlers.keepCheckpoint(id) },
  ];
}
