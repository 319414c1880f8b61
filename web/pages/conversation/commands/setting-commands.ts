import { SEARCH_QUERY_LIMIT } from '../../../../contract/search.ts';
import { conversationMemorySchema } from '../../../../contract/memory.ts';
import { api } from '../../../state/api.ts';
import type { CommandContext } from './command-context.ts';
import type { CommandOutcome, SlashCommand } from './slash-command.ts';

interface SettingCommandOptions extends CommandContext {
  openDialog: (dialog: 'note' | 'persona') => void;
  openMap: () => void;
  search: (words: string) => void;
  beginAnew: () => void;
  call: () => void;
  openKeys: () => void;
}

/** What is set for a conversation, and where one goes from it; what concerns only its host, only for the host. */
export function settingCommands(options: SettingCommandOptions): SlashCommand[] {
  const { conversation, describe, t } = options;
  const search: SlashCommand = {
    ...describe('search'),
    argument: { label: t('argument.words'), required: false },
    run: (words) => options.search(words.slice(0, SEARCH_QUERY_LIMIT)),
  };
  const persona: SlashCommand = { ...describe('persona'), run: () => options.openDialog('persona') };
  if (!conversation.mine) return [persona, search];
  return [
    ...hostSettings(options),
    persona,
    search,
    { ...describe('map'), run: options.openMap },
    { ...describe('new'), run: options.beginAnew },
    { ...describe('call'), run: options.call },
    { ...describe('keys'), run: options.openKeys },
  ];
}

function hostSettings({ conversation, describe, guard, t, openDialog }: SettingCommandOptions): SlashCommand[] {
  const params = { id: conversation.id };
  return [
    {
      ...describe('title'),
      argument: { label: t('argument.title'), required: true },
      run: (title) => guard(api.call('updateConversation', { params, body: { title: title.slice(0, 200) } })),
    },
    {
      ...describe('note'),
      argument: { label: t('argument.note'), required: false },
      run: (text) => {
        if (text === '') return openDialog('note');
        const before = conversation.authorsNote ?? { depth: 4, role: 'system' as const, interval: 1 };
        return guard(api.call('updateConversation', { params, body: { authorsNote: { ...before, text } } }));
      },
    },
    {
      ...describe('memory'),
      argument: { label: t('argument.memory'), required: true },
      run: (word): CommandOutcome | Promise<CommandOutcome> => {
        const memory = readMemoryWord(word, [t('memory.on'), t('memory.paused'), t('memory.private')]);
        if (memory === null) return t('memory.unknown');
        return guard(api.call('updateConversation', { params, body: { memory } }));
      },
    },
  ];
}

/** The English word, `pause`, or the word of the reader's language in the same order. */
function readMemoryWord(word: string, translated: readonly string[]) {
  const low = word.toLowerCase();
  const { options } = conversationMemorySchema;
  return (
    options.find((option, index) => option === low || translated[index]?.toLowerCase() === low) ??
    (low === 'pause' ? 'paused' : null)
  );
}
