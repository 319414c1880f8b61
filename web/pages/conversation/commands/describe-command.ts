import type { TFunction } from 'i18next';
import type { SlashCommand } from './slash-command.ts';

type CommandId =
  | 'regenerate'
  | 'continue'
  | 'reply'
  | 'stop'
  | 'edit'
  | 'hide'
  | 'delete'
  | 'branch'
  | 'checkpoint'
  | 'map'
  | 'title'
  | 'note'
  | 'memory'
  | 'persona'
  | 'search'
  | 'new'
  | 'call'
  | 'keys'
  | 'impersonate'
  | 'suggest'
  | 'whisper'
  | 'aside'
  | 'speak'
  | 'run';

export type Describe = (id: CommandId) => Pick<SlashCommand, 'id' | 'name' | 'description'>;

/** The words of a command in the reader's language. */
export function describeWith(t: TFunction<'compose'>): Describe {
  return (id) => ({ id, name: t(`command.${id}.name`), description: t(`command.${id}.what`) });
}
