import type { TFunction } from 'i18next';
import type { Conversation } from '../../../../contract/conversations.ts';
import type { Describe } from './describe-command.ts';

/** What every command of a conversation needs. */
export interface CommandContext {
  conversation: Conversation;
  describe: Describe;
  t: TFunction<'compose'>;
  /** Null when it was done, else why not. */
  guard: (work: Promise<unknown>) => Promise<string | null>;
}
