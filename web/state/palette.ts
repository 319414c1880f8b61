import { useSyncExternalStore } from 'react';

/** Something that can be done from anywhere by its name. */
export interface PaletteCommand {
  id: string;
  /** Translated. */
  name: string;
  /** Other words by which it is found; translated. */
  keywords?: string;
  run: () => void;
}

let opened = false;
let commands: readonly PaletteCommand[] = [];
const listeners = new Set<() => void>();

function tell(): void {
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function openPalette(): void {
  opened = true;
  tell();
}

export function closePalette(): void {
  opened = false;
  tell();
}

export function usePaletteOpened(): boolean {
  return useSyncExternalStore(subscribe, () => opened);
}

/** Adds commands to the palette until the function that comes back is called; a later one with the same id replaces it. */
export function addPaletteCommands(added: readonly PaletteCommand[]): () => void {
  const ids = new Set(added.map(({ id }) => id));
  commands = [...commands.filter(({ id }) => !ids.has(id)), ...added];
  tell();
  return () => {
    commands = commands.filter((command) => !added.includes(command));
    tell();
  };
}

export function usePaletteCommands(): readonly PaletteCommand[] {
  return useSyncExternalStore(subscribe, () => commands);
}
