import type { Readable } from 'node:stream';
import { createGzip } from 'node:zlib';
import { pack, type Pack } from 'tar-stream';
import type { Actor } from '../../accounts/actor.ts';
import { deleteKeysOf } from '../../accounts/key-store.ts';
import { listVersionAssets, readVisibleAsset } from '../../character/asset-store.ts';
import { listOwnVersions, readCharacterVersion } from '../../character/character-store.ts';
import { listFolders } from '../../character/folder-store.ts';
import { listMarks } from '../../character/mark-store.ts';
import { listAllPersonas } from '../../character/persona-store.ts';
import { freeSlug, toSlug } from '../../character/slug.ts';
import { LorebookCache } from '../../character/lorebook-cache.ts';
import { listLorebookIds, readLorebook } from '../../character/lorebook-store.ts';
import { listConversationIds, readConversation, readReceipt } from '../../conversation/conversation-store.ts';
import { listCalls } from '../../conversation/call-store.ts';
import { listVoiceClips } from '../../conversation/voice-clip-store.ts';
import { listAttachments } from '../../conversation/attachment-store.ts';
import { heardNode } from '../../conversation/heard-by.ts';
import { findSeat } from '../../conversation/participant-store.ts';
import { hostSeat } from '../../conversation/seat.ts';
import { listBranchMarks } from '../../conversation/branch-mark-store.ts';
import { listMessages } from '../../conversation/message-store.ts';
import { writeLorebook } from '../../lore/formats/write-lorebook.ts';
import { deleteQuickRepliesOf, listQuickReplySets } from '../../conversation/quick-reply-store.ts';
import { removeToolChoicesOfPerson } from '../../models/tools/tool-choice-store.ts';
import { deleteSettingsOf } from '../../storage/setting-store.ts';
import type { Storage } from '../../storage/storage.ts';
import { listWorlds } from '../../world/world-store.ts';
import { presetFile } from '../../turn/presets/preset-file.ts';
import { listPresets } from '../../turn/presets/preset-store.ts';

/** Calls of one conversation: more than anybody makes. */
const MOST_CALLS = 100_000;

/** What leaving needs of the other features; `app-context` satisfies it. */
export interface Belongings {
  /** Engine states hold words and names as tokens. */
  engineStates: { forgetAll(): Promise<void> };
  /** What is being moved in ends first. */
  moves: { purgeAllOf(userId: string): Promise<void> };
  conversations: { purgeAllOf(userId: string): Promise<void> };
  characters: { purgeAllOf(userId: string): Promise<void> };
  /** Places in rooms of others. */
  rooms: { leaveAll(userId: string): Promise<void> };
  books: { purgeAllOf(userId: string): Promise<void> };
  personas: { purgeAllOf(userId: string): Promise<void> };
  worlds: { purgeAllOf(userId: string): Promise<void> };
  worldFiles: { export(actor: Actor, id: string): Promise<object> };
  presets: { purgeAllOf(userId: string): Promise<void> };
  /** What characters remember. */
  memory: {
    purgeAllOf(userId: string): Promise<void>;
    belongings(actor: Actor): AsyncIterable<{ slug: string; file: object }>;
  };
  /** How a person keeps conversations, and has them look. */
  organising: { purgeAllOf(userId: string): Promise<void>; belongings(actor: Actor): Promise<object | null> };
  /** What a person used and paid. */
  payments: { purgeAllOf(userId: string): Promise<void>; belongings(actor: Actor): Promise<object | null> };
  /** How a person likes to hear. */
  voices: { purgeAllOf(userId: string): Promise<void>; belongings(actor: Actor): Promise<object | null> };
  /** What was kept of requests to `/v1`. */
  answers: {
    purgeAllOf(userId: string): Promise<void>;
    belongings(actor: Actor): AsyncIterable<{ name: string; file: object }>;
  };
}

export interface PortabilityContext {
  storage: Storage;
  belongings: Belongings;
  profileOf(actor: Actor): Promise<object>;
}

/** Everything that is one person's: to take along, or to remove for good. */
export class Portability {
  readonly #context: PortabilityContext;

  constructor(context: PortabilityContext) {
    this.#context = context;
  }

  /**
   * A gzipped tar: `profile.json`, `characters/*.json` with their pictures, assets and older versions,
   * `personas/*.json`, `library.json`, `presets/*.json`, `worlds/*.json`, `quick-replies.json`, `voices.json`, `usage.json`, `conversations.json`
   * (folders, marks and looks), `memory/*.json` by character, `api/*` (responses and conversations of `/v1`),
   * `conversations/*.json` with every branch, the files and recordings beside them; what was deleted but not purged is there too.
   */
  export(actor: Actor): Readable {
    const archive = pack();
    void this.#fill(archive, actor).catch((error: unknown) =>
      archive.destroy(error instanceof Error ? error : new Error(String(error))),
    );
    const gzip = createGzip();
    archive.on('error', (error) => gzip.destroy(error));
    gzip.on('close', () => archive.destroy());
    archive.pipe(gzip);
    return gzip;
  }

  async deleteAll(userId: string): Promise<void> {
    const { belongings, storage } = this.#context;
    await belongings.moves.purgeAllOf(userId);
    await belongings.answers.purgeAllOf(userId);
    await belongings.rooms.leaveAll(userId);
    await belongings.conversations.purgeAllOf(userId);
    await belongings.memory.purgeAllOf(userId);
    // Before the characters, whose purge removes the pictures that nobody uses any more.
    await belongings.personas.purgeAllOf(userId);
    await belongings.worlds.purgeAllOf(userId);
    await belongings.presets.purgeAllOf(userId);
    await belongings.voices.purgeAllOf(userId);
    await belongings.organising.purgeAllOf(userId);
    // Before the keys, whose budgets go with them.
    await belongings.payments.purgeAllOf(userId);
    await belongings.characters.purgeAllOf(userId);
    await belongings.books.purgeAllOf(userId);
    await belongings.engineStates.forgetAll();
    await deleteSettingsOf(storage.db, userId);
    await removeToolChoicesOfPerson(storage.db, userId);
    await deleteQuickRepliesOf(storage.db, userId);
    await deleteKeysOf(storage.db, userId);
  }

  /** How a person likes to hear and keeps conversations, what was paid, and what programs kept. */
  async #addHabits(archive: Pack, actor: Actor): Promise<void> {
    const { belongings } = this.#context;
    const voices = await belongings.voices.belongings(actor);
    if (voices !== null) await addJson(archive, 'voices.json', voices);
    const organised = await belongings.organising.belongings(actor);
    if (organised !== null) await addJson(archive, 'conversations.json', organised);
    const paid = await belongings.payments.belongings(actor);
    if (paid !== null) await addJson(archive, 'usage.json', paid);
    for await (const { name, file } of belongings.answers.belongings(actor)) {
      await addJson(archive, `api/${name}.json`, file);
    }
  }

  async #fill(archive: Pack, actor: Actor): Promise<void> {
    const { storage, profileOf } = this.#context;
    await addJson(archive, 'profile.json', await profileOf(actor));
    await this.#addCharacters(archive, actor);
    await this.#addLorebooks(archive, actor);
    await this.#addPersonas(archive, actor);
    await this.#addLibrary(archive, actor);
    await this.#addPresets(archive, actor);
    await this.#addWorlds(archive, actor);
    const sets = await listQuickReplySets(storage.db, actor.userId);
    if (sets.length > 0) await addJson(archive, 'quick-replies.json', { sets });
    await this.#addMemory(archive, actor);
    await this.#addHabits(archive, actor);
    for (const id of await listConversationIds(storage.db, actor.userId)) {
      const conversation = await readConversation(storage.db, { id, ownerId: actor.userId });
      if (!conversation) continue;
      const seat = (await findSeat(storage.db, { conversationId: id, userId: actor.userId })) ?? hostSeat(conversation);
      const messages = (await listMessages(storage.db, id)).map((message) => heardNode(message, seat));
      const heard = new Set(messages.filter(({ audience }) => audience.length > 0).map((message) => message.id));
      const receipts: unknown[] = [];
      for (const message of messages.filter((message) => message.hasReceipt && heard.has(message.id))) {
        const body = await readReceipt(storage.db, message.id);
        if (body !== undefined) receipts.push(JSON.parse(body));
      }
      const character = await readCharacterVersion(storage.db, conversation.characterVersionId);
      await addJson(archive, `conversations/${id}.json`, {
        // The last words of a room may be some that its host did not hear.
        conversation: conversation.room === null ? conversation : { ...conversation, preview: '' },
        character: { slug: character?.slug ?? null, name: character?.version.card.data.name ?? null },
        messages,
        receipts,
        marks: await listBranchMarks(storage.db, id),
        calls: await listCalls(storage.db, { conversationId: id, ownerId: actor.userId, limit: MOST_CALLS }),
      });
      const carried = new Set(
        messages.flatMap(({ parts }) => parts.flatMap((part) => ('attachmentId' in part ? [part.attachmentId] : []))),
      );
      for (const { id: fileId, name, hash, uploaderId } of await listAttachments(storage.db, id)) {
        // What others gave away in words that this person did not hear is not theirs.
        if (uploaderId !== actor.userId && !carried.has(fileId)) continue;
        await addFile(
          archive,
          `conversations/${id}.files/${fileId}-${toFileName(name)}`,
          await storage.blobs.read(hash),
        );
      }
      for (const { messageId, hash } of await listVoiceClips(storage.db, id)) {
        if (!heard.has(messageId)) continue;
        await addFile(archive, `conversations/${id}.recordings/${messageId}.wav`, await storage.blobs.read(hash));
      }
    }
    archive.finalize();
  }

  /** As files that can be imported again, in the form that suits their rules. */
  async #addLorebooks(archive: Pack, { userId: ownerId }: Actor): Promise<void> {
    const { db } = this.#context.storage;
    const cache = new LorebookCache();
    for (const id of await listLorebookIds(db, ownerId)) {
      const book = await readLorebook(db, { id, ownerId, cache });
      if (!book) continue;
      await addJson(
        archive,
        `lorebooks/${id}.json`,
        writeLorebook(book.body, book.body.mode === 'st' ? 'st' : 'lorebook_v3'),
      );
    }
  }

  /** The newest version under the character's name, so that it can be dropped in again; older ones beside it. */
  async #addCharacters(archive: Pack, actor: Actor): Promise<void> {
    const { storage } = this.#context;
    for (const { slug, currentVersionId, version } of await listOwnVersions(storage.db, actor.userId)) {
      const name = `characters/${slug}${version.id === currentVersionId ? '' : `.version-${version.number}`}`;
      await addJson(archive, `${name}.json`, version.stored);
      for (const file of await listVersionAssets(storage.db, version.id)) {
        const extension = /^[a-z0-9]{1,8}$/.test(file.ext) ? file.ext : 'bin';
        const path = `${name}.assets/${file.position}-${toSlug(file.name)}.${extension}`;
        await addFile(archive, path, await storage.blobs.read(file.hash));
      }
      await this.#addPicture(archive, actor, { name, hash: version.pictureHash });
    }
  }

  /** Under their names, the deleted too. */
  async #addPersonas(archive: Pack, actor: Actor): Promise<void> {
    const taken = new Set<string>();
    for (const { ownerId: _owner, pictureHash, ...persona } of await listAllPersonas(
      this.#context.storage.db,
      actor.userId,
    )) {
      const slug = freeSlug(persona.name, taken);
      taken.add(slug);
      await addJson(archive, `personas/${slug}.json`, persona);
      await this.#addPicture(archive, actor, { name: `personas/${slug}`, hash: pictureHash });
    }
  }

  /** What was made of the library: folders, favourites, tags, and who one is to each character. */
  async #addLibrary(archive: Pack, actor: Actor): Promise<void> {
    const { db } = this.#context.storage;
    const [folders, marks] = await Promise.all([listFolders(db, actor.userId), listMarks(db, actor.userId)]);
    if (folders.length > 0 || marks.length > 0) await addJson(archive, 'library.json', { folders, marks });
  }

  /** As files that can be imported again. */
  async #addPresets(archive: Pack, actor: Actor): Promise<void> {
    const taken = new Set<string>();
    for (const { name, body } of await listPresets(this.#context.storage.db, actor.userId)) {
      const slug = freeSlug(name, taken);
      taken.add(slug);
      await addJson(archive, `presets/${slug}.json`, presetFile(name, body));
    }
  }

  /** As files that can be imported again. */
  async #addWorlds(archive: Pack, actor: Actor): Promise<void> {
    const taken = new Set<string>();
    for (const { id, name } of await listWorlds(this.#context.storage.db, actor.userId)) {
      const slug = freeSlug(name, taken);
      taken.add(slug);
      await addJson(archive, `worlds/${slug}.json`, await this.#context.belongings.worldFiles.export(actor, id));
    }
  }

  /** As files that can be imported again. */
  async #addMemory(archive: Pack, actor: Actor): Promise<void> {
    const taken = new Set<string>();
    for await (const { slug: name, file } of this.#context.belongings.memory.belongings(actor)) {
      const slug = freeSlug(name, taken);
      taken.add(slug);
      await addJson(archive, `memory/${slug}.json`, file);
    }
  }

  async #addPicture(archive: Pack, actor: Actor, { name, hash }: { name: string; hash: string | null }): Promise<void> {
    const { storage } = this.#context;
    const asset = hash === null ? undefined : await readVisibleAsset(storage.db, { hash, userId: actor.userId });
    if (hash === null || !asset) return;
    await addFile(archive, `${name}.${asset.mediaType.replace(/^image\//, '')}`, await storage.blobs.read(hash));
  }
}

/** A name that every file system takes. */
function toFileName(name: string): string {
  return name
    .replace(/[^\p{L}\p{N}._-]+/gu, '_')
    .slice(0, 80)
    .toWellFormed();
}

async function addJson(archive: Pack, name: string, value: unknown): Promise<void> {
  await addFile(archive, name, Buffer.from(`${JSON.stringify(value, null, 2)}\n`));
}

/** Waits while the reader is behind, so that an archive never stands whole in memory. */
function addFile(archive: Pack, name: string, bytes: Buffer): Promise<void> {
  return new Promise((resolve, reject) => {
    archive.entry({ name, mode: 0o600 }, bytes, (error) => (error ? reject(error) : resolve()));
  });
}
