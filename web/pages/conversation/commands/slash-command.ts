/** Something that is done by writing `/name` in the message box; rooms and others add theirs to the list. */
export interface SlashCommand {
  /** Stable, English; understood in every language. */
  id: string;
  /** The translated word after the slash. */
  name: string;
  /** What it does; translated. */
  description: string;
  /** What may follow; translated. */
  argument?: { label: string; required: boolean };
  /** Answers a problem in words where it could not be done: what was written then stays. */
  run: (argument: string) => CommandOutcome | Promise<CommandOutcome>;
}

export type CommandOutcome = string | null | undefined | void;

export interface WrittenCommand {
  command: SlashCommand;
  argument: string;
}

/** `/word` at the very beginning, and what follows it. */
const WRITTEN = /^\/(\S+)(?:\s+([\s\S]*))?$/u;

/** The word after the slash; null where the text is no command at all. */
export function commandWord(text: string): string | null {
  return WRITTEN.exec(text)?.[1] ?? null;
}

export function findCommand(text: string, commands: readonly SlashCommand[]): WrittenCommand | null {
  const written = WRITTEN.exec(text);
  if (written === null) return null;
  const word = (written[1] ?? '').toLowerCase();
  const command = commands.find(({ id, name }) => id === word || name.toLowerCase() === word);
  return command === undefined ? null : { command, argument: (written[2] ?? '').trim() };
}

/** Those whose name begins with the word, then those that are named or described by it. */
export function matchCommands(word: string, commands: readonly SlashCommand[]): SlashCommand[] {
  const low = word.toLowerCase();
  const begins = ({ id, name }: SlashCommand) => id.startsWith(low) || name.toLowerCase().startsWith(low);
  const holds = ({ name, description }: SlashCommand) =>
    low !== '' && (name.toLowerCase().includes(low) || description.toLowerCase().includes(low));
  return [...commands.filter(begins), ...commands.filter((command) => !begins(command) && holds(command))];
}
