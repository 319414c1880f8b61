import { useEffect, useRef } from 'react';
import { addPaletteCommands } from '../../../state/palette.ts';
import type { SlashCommand } from './slash-command.ts';

/** Shows a conversation's commands in the palette too, as long as its box is on the page. */
export function usePaletteTalk(
  commands: readonly SlashCommand[],
  { run, complete }: { run: (command: SlashCommand) => void; complete: (command: SlashCommand) => void },
): void {
  const latest = useRef({ commands, run, complete });
  useEffect(() => {
    latest.current = { commands, run, complete };
  });
  const names = commands.map(({ name }) => name).join('\n');
  useEffect(() => {
    const added = latest.current.commands.map(({ id, name, description, argument }) => ({
      id: `talk-${id}`,
      name: description,
      keywords: `/${name} /${id}`,
      run: () => {
        const { commands: now, run, complete } = latest.current;
        const command = now.find((one) => one.id === id);
        if (command !== undefined) (argument?.required === true ? complete : run)(command);
      },
    }));
    return addPaletteCommands(added);
  }, [names]);
}
