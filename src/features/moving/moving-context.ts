import type { Attachment } from '../../../contract/attachments.ts';
import type { Locale } from '../../../contract/common.ts';
import type { LoreSettings, LoreTarget } from '../../../contract/lore.ts';
import type { Actor } from '../../accounts/actor.ts';
import type { Clock } from '../../base/clock.ts';
import type { NewId } from '../../base/ids.ts';
import type { Logger } from '../../base/logger.ts';
import type { EventWriter } from '../../events/event-store.ts';
import type { MessageSearchStore } from '../../storage/search/message-search-store.ts';
import type { Storage } from '../../storage/storage.ts';

/** A file that is known to be small, in memory. */
export interface WholeFile {
  fileName: string;
  bytes: Uint8Array;
}

export interface Arrived {
  id: string;
  name: string;
}

/** How something that was moved in before stands now; `gone` = for good. */
export type Standing = 'here' | 'deleted' | 'gone';

/** Files of conversations; the feature they belong to satisfies it. */
export interface AttachmentKeeper {
  /** Takes a file in for a message that is on its way; rejects with an `AppError` where it cannot be taken. */
  keep(
    actor: Actor,
    file: { conversationId: string; name: string; alt: string; bytes: Buffer; signal: AbortSignal },
  ): Promise<Attachment>;
}

/** One kind of thing that comes in files of its own; `app-context` satisfies it with the features they belong to. */
export interface FileImporter {
  /**
   * The name of what the file holds, and of a book it is linked to; rejects with an `AppError` that says why it holds
   * nothing.
   */
  inspect(file: WholeFile): Promise<{ name: string; book?: string }>;
  /** The same thing, here already, however it came. */
  find(actor: Actor, file: WholeFile): Promise<string | null>;
  standing(actor: Actor, id: string): Promise<Standing>;
  import(actor: Actor, file: WholeFile & { locale: Locale }): Promise<Arrived>;
  restore(actor: Actor, id: string): Promise<void>;
}

/** Characters besides their files: those of chats whose card is not there. */
export interface CharacterImporter extends FileImporter {
  /** Ids of the living characters a person sees, by their names as `foldName` folds them. */
  byName(actor: Actor): Promise<Map<string, string>>;
  /** A character of whom only the name is known. */
  createNamed(actor: Actor, character: { name: string; tagline: string; locale: Locale }): Promise<Arrived>;
}

export interface LorebookImporter extends FileImporter {
  link(actor: Actor, id: string, target: LoreTarget): Promise<void>;
}

/** A persona as SillyTavern's settings have it. */
export interface FoundPersona {
  name: string;
  title: string;
  description: string;
  position: 'prompt' | 'note-top' | 'note-bottom' | 'at-depth' | 'none';
  depth: number;
  role: 'system' | 'user' | 'assistant';
  isDefault: boolean;
  /** The name of a book of its own; empty = none. */
  book: string;
}

export interface PersonaImporter {
  find(actor: Actor, persona: FoundPersona): Promise<string | null>;
  standing(actor: Actor, id: string): Promise<Standing>;
  import(actor: Actor, persona: FoundPersona & { picture: Uint8Array | null }): Promise<Arrived>;
  restore(actor: Actor, id: string): Promise<void>;
}

/** How somebody's lore is found and how much of it fits, for all their conversations. */
export interface LoreSettingsImporter {
  /** What a person has set; empty = nothing. */
  read(actor: Actor): Promise<Partial<LoreSettings>>;
  write(actor: Actor, settings: Partial<LoreSettings>): Promise<void>;
}

export interface MovingContext {
  storage: Storage;
  search: MessageSearchStore;
  events: EventWriter;
  clock: Clock;
  newId: NewId;
  logger: Logger;
  /** Where uploads wait, in the data folder. */
  stagingDirectory: string;
  characters: CharacterImporter;
  lorebooks: LorebookImporter;
  presets: FileImporter;
  personas: PersonaImporter;
  attachments: AttachmentKeeper;
  loreSettings: LoreSettingsImporter;
  localeOf(actor: Actor): Promise<Locale>;
  nameOf(actor: Actor): Promise<string>;
}
