import type { Locale } from '../../../contract/common.ts';
import type { LoreTarget } from '../../../contract/lore.ts';
import type { MoveKind, MoveResult, StartMove } from '../../../contract/moving.ts';
import type { Actor } from '../../accounts/actor.ts';
import { AppError, NotFoundError, ResourceError, errorMessage } from '../../base/errors.ts';
import { foldName } from '../../character/character-names-store.ts';
import type {
  Found,
  FoundConversation,
  FoundFile,
  FoundLoreSettings,
  FoundPersonaEntry,
  FoundStatus,
} from './found.ts';
import { importConversation, restoreConversation } from './import-conversation.ts';
import { recordMoved } from './move-record-store.ts';
import type { Arrived, MovingContext } from './moving-context.ts';
import { ReportDraft } from './report-draft.ts';
import { readWhole, wholeLimit } from './sources/move-source.ts';

/** What arrived that is named in the result; more is only counted. */
const NAMED_IN_RESULT = 50;

const PLACEHOLDER: Readonly<Record<Locale, string>> = {
  en: 'Known from chats that were moved in; the card was not among them.',
  'zh-CN': '随聊天记录搬入；其中没有这个角色的角色卡。',
};

export interface RunImport {
  context: MovingContext;
  actor: Actor;
  found: Found;
  choice: StartMove;
  signal: AbortSignal;
  onProgress(progress: { done: number; total: number; current: string }): void;
}

/**
 * Takes in what a dry run found: files first, then the chats that refer to them. Each thing arrives whole or not at
 * all; one that fails is reported and does not keep the others.
 */
export function runImport(options: RunImport): Promise<MoveResult> {
  return new ImportRun(options).run();
}

class ImportRun {
  readonly #options: RunImport;
  readonly #draft = new ReportDraft();
  readonly #arrived = new Map<MoveKind, number>();
  readonly #conversations: { id: string; title: string }[] = [];
  readonly #characters: Arrived[] = [];
  readonly #cards = new Map<string, string>();
  /** By the names of their files, in lower case. */
  readonly #books = new Map<string, string>();
  readonly #arrivedIds = new Set<string>();
  #byName = new Map<string, string>();
  #messages = 0;
  #done = 0;

  constructor(options: RunImport) {
    this.#options = options;
  }

  async run(): Promise<MoveResult> {
    const { context, actor, found } = this.#options;
    const locale = await context.localeOf(actor);
    const files = found.files.filter(({ kind }) => this.#wants(kind));
    const personas = this.#wants('persona') ? found.personas : [];
    const conversations = this.#wants('chat') ? found.conversations : [];
    const settings = this.#wants('settings') ? found.loreSettings : [];
    const total = files.length + personas.length + settings.length + conversations.length;
    const step = async (current: string, work: () => Promise<void>) => {
      this.#options.signal.throwIfAborted();
      await this.#attempt(current, work);
      this.#done += 1;
      this.#options.onProgress({ done: this.#done, total, current });
    };
    for (const file of found.files) if (file.targetId !== null) this.#note(file, file.targetId);
    for (const file of files) await step(file.file.path, () => this.#takeFile(file, locale));
    for (const entry of personas) await step(entry.persona.name, () => this.#takePersona(entry));
    for (const each of settings) await step('settings.json', () => this.#takeLoreSettings(each));
    await this.#attempt('settings.json', () => this.#linkBooks());
    this.#byName = await context.characters.byName(actor);
    for (const each of conversations) {
      await step(each.chats[0]?.file.path ?? each.title, () => this.#takeConversation(each, locale));
    }
    return this.#result();
  }

  #wants(kind: MoveKind): boolean {
    const { kinds } = this.#options.choice;
    return kinds === undefined || kinds.includes(kind);
  }

  /** What cannot go on for anybody, such as a full disk, ends the move; the rest is a line of the report. */
  async #attempt(path: string, work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (this.#options.signal.aborted || error instanceof ResourceError) throw error;
      const isOurs = error instanceof AppError;
      if (!isOurs) this.#options.context.logger.warn({ err: error }, 'something could not be moved in');
      this.#draft.addProblem({ path, reason: isOurs ? error.code : 'failed', message: errorMessage(error) });
    }
  }

  /** True when there is nothing to do but, perhaps, to bring it back. */
  async #isSettled(
    { status, targetId }: { status: FoundStatus; targetId: string | null },
    restore: (id: string) => Promise<void>,
  ): Promise<boolean> {
    if (status === 'here') return true;
    if (status !== 'deleted' || targetId === null) return false;
    if (this.#options.choice.restoreDeleted) await restore(targetId);
    return true;
  }

  async #takeFile(found: FoundFile, locale: Locale): Promise<void> {
    const { context, actor } = this.#options;
    const importer = { character: context.characters, lorebook: context.lorebooks, preset: context.presets }[
      found.kind
    ];
    if (await this.#isSettled(found, (id) => this.#restore(found.kind, () => importer.restore(actor, id)))) return;
    const bytes = await readWhole(found.file, wholeLimit(found.kind === 'character' ? 'character' : 'other'));
    if (!bytes) throw new NotFoundError('The file is not there any more.', { code: 'unreadable' });
    const arrived = await importer.import(actor, { fileName: found.fileName, bytes, locale });
    await this.#record(found.kind, { sourceHash: found.sourceHash, targetId: arrived.id });
    this.#note(found, arrived.id);
    if (found.kind === 'character' && this.#characters.length < NAMED_IN_RESULT) this.#characters.push(arrived);
  }

  #note({ kind, file, fileName }: FoundFile, id: string): void {
    if (kind === 'character') this.#cards.set(file.path, id);
    else if (kind === 'lorebook') this.#books.set(stemOf(fileName), id);
  }

  /** Books of cards, of characters by the settings, and those that are on everywhere. */
  async #linkBooks(): Promise<void> {
    const { actor, found } = this.#options;
    for (const { kind, file, book } of found.files) {
      const id = this.#cards.get(file.path);
      if (kind === 'character' && id !== undefined) await this.#link(book, { kind: 'character', id });
    }
    for (const { root, everywhere, characters } of found.links) {
      for (const book of everywhere) await this.#link(book, { kind: 'user', id: actor.userId });
      for (const { card, books } of characters) {
        const id = this.#cards.get(`${root === '' ? '' : `${root}/`}characters/${card}.png`);
        for (const book of books) if (id !== undefined) await this.#link(book, { kind: 'character', id });
      }
    }
  }

  async #link(book: string, target: LoreTarget): Promise<void> {
    const { context, actor } = this.#options;
    const id = book === '' ? undefined : this.#books.get(book.toLowerCase());
    if (id === undefined) return;
    // A link between what was here already is the person's own to keep or to undo.
    if (this.#arrivedIds.has(id) || this.#arrivedIds.has(target.id)) await context.lorebooks.link(actor, id, target);
  }

  async #takePersona(found: FoundPersonaEntry): Promise<void> {
    const { context, actor } = this.#options;
    const { personas } = context;
    if (await this.#isSettled(found, (id) => this.#restore('persona', () => personas.restore(actor, id)))) return;
    const picture = found.picture ? ((await readWhole(found.picture, wholeLimit('other'))) ?? null) : null;
    const arrived = await personas.import(actor, { ...found.persona, picture });
    await this.#record('persona', { sourceHash: found.sourceHash, targetId: arrived.id });
    await this.#link(found.persona.book, { kind: 'persona', id: arrived.id });
  }

  async #takeLoreSettings({ settings, sourceHash, status }: FoundLoreSettings): Promise<void> {
    const { context, actor } = this.#options;
    if (status === 'here') return;
    await context.loreSettings.write(actor, settings);
    await this.#record('settings', { sourceHash, targetId: 'lore-settings' });
  }

  async #takeConversation(found: FoundConversation, locale: Locale): Promise<void> {
    const { context, actor, signal } = this.#options;
    const restore = (id: string) => this.#restore('chat', () => restoreConversation(context, { actor, id }));
    if (await this.#isSettled({ status: found.status, targetId: found.conversationId }, restore)) return;
    const characterId = await this.#characterOf(found, locale);
    await this.#knowCast(found, locale);
    const userName = found.chats[0]?.names.userName || (await context.nameOf(actor));
    const { id, added } = await importConversation(context, {
      actor,
      found,
      characterId,
      speakers: this.#speakersOf(found, characterId),
      userName,
      locale,
      signal,
    });
    this.#arrivedIds.add(id);
    await this.#link(found.book, { kind: 'conversation', id });
    this.#messages += added;
    this.#count('chat');
    if (this.#conversations.length < NAMED_IN_RESULT) {
      this.#conversations.push({ id, title: found.title || found.characterName });
    }
  }

  /** The card beside the chats, else the character of that name, else one of whom only the name is known. */
  async #characterOf(found: FoundConversation, locale: Locale): Promise<string> {
    const beside = found.cardPath === null ? undefined : this.#cards.get(found.cardPath);
    const folded = foldName(found.characterName);
    const known = beside ?? this.#byName.get(folded);
    if (known !== undefined) return known;
    return this.#createNamed(found.characterName, locale);
  }

  async #createNamed(fullName: string, locale: Locale): Promise<string> {
    const { context, actor } = this.#options;
    const name = fullName.slice(0, 100);
    const created = await context.characters.createNamed(actor, { name, tagline: PLACEHOLDER[locale], locale });
    this.#byName.set(foldName(fullName), created.id);
    this.#count('character');
    if (this.#characters.length < NAMED_IN_RESULT) this.#characters.push(created);
    return created.id;
  }

  /** Everybody in a room of Everwith's own file can speak again: whose card is not here is known by name. */
  async #knowCast({ chats }: FoundConversation, locale: Locale): Promise<void> {
    for (const { kind, name } of chats[0]?.head.own?.participants ?? []) {
      if (kind === 'character' && name !== '' && !this.#byName.has(foldName(name)))
        await this.#createNamed(name, locale);
    }
  }

  #speakersOf(found: FoundConversation, characterId: string): Map<string, string> {
    const speakers = new Map<string, string>();
    if (!found.isGroup) return speakers;
    for (const { speakers: spoke, head } of found.chats) {
      const names = head.own ? head.own.participants.map(({ name }) => name) : spoke;
      for (const name of names) {
        const id = this.#byName.get(foldName(name)) ?? (name === found.characterName ? characterId : undefined);
        if (id !== undefined) speakers.set(name, id);
      }
    }
    return speakers;
  }

  async #restore(kind: MoveKind, restore: () => Promise<void>): Promise<void> {
    await restore();
    this.#count(kind);
  }

  async #record(kind: MoveKind, { sourceHash, targetId }: { sourceHash: string; targetId: string }): Promise<void> {
    const { context, actor } = this.#options;
    await recordMoved(context.storage.db, {
      ownerId: actor.userId,
      kind,
      sourceHash,
      targetId,
      createdAt: context.clock.now(),
    });
    this.#arrivedIds.add(targetId);
    this.#count(kind);
  }

  #count(kind: MoveKind): void {
    this.#arrived.set(kind, (this.#arrived.get(kind) ?? 0) + 1);
  }

  #result(): MoveResult {
    return {
      arrived: [...this.#arrived].map(([kind, count]) => ({ kind, count })),
      messages: this.#messages,
      conversations: this.#conversations,
      characters: this.#characters,
      problems: this.#draft.problems,
      problemCount: this.#draft.problemCount,
    };
  }
}

function stemOf(fileName: string): string {
  return fileName.replace(/\.[^.]+$/, '').toLowerCase();
}
