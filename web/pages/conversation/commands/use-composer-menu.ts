import { useId, useState } from 'react';
import type { KeyboardEvent } from 'react';
import { insertName, matchNames, openMention } from './mentions.ts';
import { matchCommands, type SlashCommand } from './slash-command.ts';

export interface MenuOption {
  key: string;
  label: string;
  argument?: string | undefined;
  description: string;
  /** What choosing it does. */
  choose: () => void;
  /** What Tab does: writes it out. */
  complete: () => void;
}

export interface ComposerMenuState {
  kind: 'commands' | 'mentions';
  options: readonly MenuOption[];
  active: number;
  listId: string;
  optionId: (index: number) => string;
  choose: (option: MenuOption) => void;
  /** True when the key was the list's. */
  answerKey: (event: KeyboardEvent) => boolean;
}

export interface ComposerMenuOptions {
  text: string;
  caret: number;
  commands: readonly SlashCommand[];
  /** Names that `@` offers; none outside rooms. */
  mentions: readonly string[];
  /** Puts a text into the box, with the caret at its end or where it is said. */
  write: (text: string, caret?: number) => void;
  runCommand: (command: SlashCommand) => void;
}

/** What is offered while a command or a name is written. Escape closes it until the text changes. */
export function useComposerMenu(options: ComposerMenuOptions): ComposerMenuState {
  const { text } = options;
  const listId = useId();
  const [closedAt, setClosedAt] = useState<string | null>(null);
  const [chosen, setChosen] = useState({ text: '', index: 0 });
  const offered = closedAt === text ? NOTHING : offer(options);
  const last = offered.options.length - 1;
  const active = chosen.text === text ? Math.min(chosen.index, last) : 0;
  const move = (index: number) => setChosen({ text, index: index < 0 ? last : index > last ? 0 : index });

  function answerKey(event: KeyboardEvent): boolean {
    const option = offered.options[active];
    if (option === undefined || event.ctrlKey || event.metaKey || event.altKey) return false;
    if (event.key === 'ArrowDown') move(active + 1);
    else if (event.key === 'ArrowUp') move(active - 1);
    else if (event.key === 'Escape') setClosedAt(text);
    else if (event.key === 'Tab' && !event.shiftKey) option.complete();
    else if (event.key === 'Enter' && !event.shiftKey) option.choose();
    else return false;
    event.preventDefault();
    // Escape would stop the reply and the arrows would swipe.
    event.stopPropagation();
    return true;
  }

  return {
    ...offered,
    active,
    listId,
    optionId: (index) => `${listId}-${index}`,
    choose: (option) => option.choose(),
    answerKey,
  };
}

const NOTHING: Pick<ComposerMenuState, 'kind' | 'options'> = { kind: 'commands', options: [] };

function offer({ text, caret, commands, mentions, write, runCommand }: ComposerMenuOptions): typeof NOTHING {
  const word = /^\/(\S*)$/u.exec(text)?.[1];
  if (word !== undefined) {
    const options = matchCommands(word, commands).map((command): MenuOption => {
      const { name, description, argument } = command;
      const complete = () => write(`/${name} `);
      const choose = argument?.required === true ? complete : () => runCommand(command);
      return { key: command.id, label: `/${name}`, argument: argument?.label, description, choose, complete };
    });
    return { kind: 'commands', options };
  }
  const mention = mentions.length === 0 ? null : openMention(text, caret);
  if (mention === null) return NOTHING;
  const options = matchNames(mention.query, mentions).map((name): MenuOption => {
    const insert = () => {
      const inserted = insertName(text, { mention, name });
      write(inserted.text, inserted.caret);
    };
    return { key: name, label: name, description: '', choose: insert, complete: insert };
  });
  return { kind: 'mentions', options };
}
