import { join } from 'node:path';
import type { Accounts } from './accounts/accounts.ts';
import type { Clock } from './base/clock.ts';
import type { Logger } from './base/logger.ts';
import type { Config } from './config/config.ts';
import type { LiveReplies } from './conversation/live-replies.ts';
import type { RoomPresence } from './conversation/room-presence.ts';
import type { Attachments } from './features/attachments/attachments.ts';
import type { CardPictures } from './features/authoring/pictures.ts';
import type { Versions } from './features/authoring/versions.ts';
import type { Books } from './features/books/books.ts';
import type { CharacterBooks } from './features/books/character-books.ts';
import { LoreTester } from './features/books/lore-tester.ts';
import { createModelTokenCounter } from './features/books/model-token-counter.ts';
import type { Calls } from './features/calls/calls.ts';
import type { Recordings } from './features/calls/recordings.ts';
import type { SpokenWords } from './features/calls/spoken-words.ts';
import type { BranchesOff } from './features/chat/branch-off.ts';
import type { Branches } from './features/chat/branches.ts';
import type { Conversations } from './features/chat/conversations.ts';
import type { MessageBatches } from './features/chat/message-batches.ts';
import type { MessageSearches } from './features/chat/message-search.ts';
import type { Messages } from './features/chat/messages.ts';
import type { PersonaChoice } from './features/chat/persona-choice.ts';
import type { Prompts } from './features/chat/prompts.ts';
import type { Replies } from './features/chat/replies.ts';
import type { RoomRuns } from './features/chat/room-runs.ts';
import type { Scenes } from './features/chat/scenes.ts';
import type { SpokenTurns } from './features/chat/spoken-turns.ts';
import type { TreeMaps } from './features/chat/tree-maps.ts';
import type { WarmStarts } from './features/chat/warm-starts.ts';
import type { WritingHelp } from './features/chat/writing-help.ts';
import type { Drafting } from './features/drafting/drafting.ts';
import type { PreviewTalk } from './features/drafting/preview.ts';
import type { Embeddings } from './features/engines/embeddings.ts';
import type { ConversationFolders } from './features/organising/conversation-folders.ts';
import type { ConversationMarks } from './features/organising/conversation-marks.ts';
import type { ConversationLooks } from './features/organising/looks.ts';
import type { Engines } from './features/engines/engines.ts';
import type { FirstStart } from './features/engines/first-start.ts';
import { Providers } from './features/engines/providers.ts';
import type { BulkChanges } from './features/library/bulk-changes.ts';
import type { CardExports } from './features/library/card-exports.ts';
import type { CardImports } from './features/library/card-imports.ts';
import type { Folders } from './features/library/folders.ts';
import type { Library } from './features/library/library.ts';
import type { Shelves } from './features/library/shelves.ts';
import type { Memories } from './features/memories/memories.ts';
import type { MovingIn } from './features/moving/moving-in.ts';
import type { MovingOut } from './features/moving/moving-out.ts';
import type { Personas } from './features/personas/personas.ts';
import { type Belongings, Portability } from './features/portability/portability.ts';
import type { Presets } from './features/presets/presets.ts';
import type { QuickReplies } from './features/quick-replies/quick-replies.ts';
import type { RoomInvites } from './features/rooms/room-invites.ts';
import type { Rooms } from './features/rooms/rooms.ts';
import type { ConversationToolChoices } from './features/tools/conversation-tools.ts';
import type { ToolDesk } from './features/tools/tool-desk.ts';
import type { ToolServers } from './features/tools/tool-servers.ts';
import type { Translations } from './features/translation/translations.ts';
import type { ClonedVoices } from './features/voices/cloned-voices.ts';
import type { VoiceConsents } from './features/voices/voice-consents.ts';
import type { VoiceSamples } from './features/voices/voice-samples.ts';
import type { VoiceSettings } from './features/voices/voice-settings.ts';
import type { Voices } from './features/voices/voices.ts';
import type { WorldFacts } from './features/worlds/world-facts.ts';
import type { WorldFiles } from './features/worlds/world-files.ts';
import type { Worlds } from './features/worlds/worlds.ts';
import type { Ledger } from './metering/ledger.ts';
import type { Downloads } from './models/catalog/downloads.ts';
import type { EmbeddingDirectory } from './models/routing/embedding-directory.ts';
import type { SpeechDirectory } from './models/routing/speech-directory.ts';
import { openAttachments } from './open-attachments.ts';
import { openCalls } from './open-calls.ts';
import { openCharacterHouse } from './open-character-house.ts';
import { openChat } from './open-chat.ts';
import type { OpenHouseOptions } from './open-core.ts';
import type { Hall } from './open-hall.ts';
import type { Memory } from './open-memory.ts';
import { openNaming } from './open-naming.ts';
import { openOrganising } from './open-organising.ts';
import { openMoving } from './open-moving.ts';
import type { OpenboxRuns } from './features/platform/openbox/openbox-runs.ts';
import { openOpenbox } from './open-openbox.ts';
import { openPlatform, type Platform } from './open-platform.ts';
import { openShelves } from './open-shelves.ts';
import { openSpeech } from './open-speech.ts';
import { openTools } from './open-tools.ts';
import { openWorlds } from './open-worlds.ts';
import type { Storage } from './storage/storage.ts';

/** Where the things that ship with the code lie. */
export const ASSETS_DIRECTORY = join(import.meta.dirname, '..', 'assets');
export const WEB_DIRECTORY = join(import.meta.dirname, '..', 'dist', 'web');

/** Everything the doors and the terminal may use, opened and wired once. */
export interface AppContext extends AsyncDisposable {
  config: Config;
  logger: Logger;
  clock: Clock;
  storage: Storage;
  accounts: Accounts;
  conversations: Conversations;
  attachments: Attachments;
  translations: Translations;
  messages: Messages;
  messageSearches: MessageSearches;
  /** Replies being written, and who watches. */
  live: LiveReplies;
  /** Who of the humans has a conversation open, and who types. */
  presence: RoomPresence;
  /** Turns that follow one another in rooms. */
  roomRuns: RoomRuns;
  /** Replies asked for, stopped, begun. */
  replies: Replies;
  branches: Branches;
  branchesOff: BranchesOff;
  batches: MessageBatches;
  treeMaps: TreeMaps;
  prompts: Prompts;
  /** Who belongs to rooms, and how humans come in. */
  rooms: Rooms;
  roomInvites: RoomInvites;
  writingHelp: WritingHelp;
  warmStarts: WarmStarts;
  /** Turns of calls, as the conversation sees them. */
  spokenTurns: SpokenTurns;
  calls: Calls;
  recordings: Recordings;
  spokenWords: SpokenWords;
  library: Library;
  cardImports: CardImports;
  cardExports: CardExports;
  books: Books;
  characterBooks: CharacterBooks;
  loreTester: LoreTester;
  shelves: Shelves;
  folders: Folders;
  bulk: BulkChanges;
  versions: Versions;
  pictures: CardPictures;
  personas: Personas;
  presets: Presets;
  quickReplies: QuickReplies;
  personaChoice: PersonaChoice;
  /** Where conversations happen. */
  scenes: Scenes;
  worlds: Worlds;
  worldFacts: WorldFacts;
  worldFiles: WorldFiles;
  drafting: Drafting;
  preview: PreviewTalk;
  engines: Engines;
  /** Everything that turns texts into vectors. */
  embeddingDirectory: EmbeddingDirectory;
  embeddings: Embeddings;
  /** Everything that speaks or listens. */
  speech: SpeechDirectory;
  voiceSamples: VoiceSamples;
  voices: Voices;
  clonedVoices: ClonedVoices;
  voiceConsents: VoiceConsents;
  voiceSettings: VoiceSettings;
  providers: Providers;
  /** How people want conversations to look. */
  looks: ConversationLooks;
  /** How people keep conversations. */
  conversationMarks: ConversationMarks;
  conversationFolders: ConversationFolders;
  movingIn: MovingIn;
  movingOut: MovingOut;
  portability: Portability;
  firstStart: FirstStart;
  downloads: Downloads;
  /** Servers of tools, as the owner sets them up. */
  toolServers: ToolServers;
  /** Which tools are on in a conversation. */
  toolChoices: ConversationToolChoices;
  /** Where calls of tools arrive and wait to be allowed. */
  toolDesk: ToolDesk;
  /** What developers reach, and the books. */
  platform: Platform;
  openbox: OpenboxRuns;
  ledger: Ledger;
  /** What characters remember. */
  memory: Memory;
  /** The same, as people see and change it. */
  memories: Memories;
  /** Begins what the house does by itself: finding a first model, preparing the latest conversations. */
  wake(): void;
}

export interface OpenAppOptions {
  options: OpenHouseOptions;
  /** Opened before, and closed after all of this. */
  hall: Hall;
}

/** The one composition root. Closing goes in the opposite order of opening. */
export async function openApp({ options, hall }: OpenAppOptions): Promise<AppContext> {
  const stack = new AsyncDisposableStack();
  try {
    return await build({ options, hall, stack });
  } catch (error) {
    await stack.disposeAsync();
    throw error;
  }
}

async function build({ options, hall, stack }: OpenAppOptions & { stack: AsyncDisposableStack }): Promise<AppContext> {
  const { config, logger, clock } = options;
  const { accounts, core, models, engines, embeddings, gateway, closing } = hall;
  const { storage, newId } = core;
  const shelves = await openShelves(core, { config, logger, assetsDirectory: ASSETS_DIRECTORY });
  const { speech, tools } = await openSpokenEngines({ options, hall, stack });
  const { directory, providers } = models;
  const chat = await openChat({
    ...core,
    toolDesk: tools.toolDesk,
    accounts,
    logger,
    stack,
    directory,
    embeddingDirectory: embeddings.embeddingDirectory,
    engineMemory: { forget: async (conversationId) => models.engines?.forget(conversationId) },
  });
  const { dataDirectory } = config;
  const door = chat.conversations;
  const files = await openAttachments({ ...core, dataDirectory, logger, door, models: directory });
  const around = { ...core, config, logger, accounts, stack };
  const { startWorlds, ...worlds } = openWorlds({ ...around, ...shelves, quiet: chat.memory.quiet, directory });
  const calls = await openCalls({ ...core, ...chat, ...speech, settings: speech.voiceSettings, logger, stack });
  stack.defer(() => closing.abort());
  const moving = await openMoving({ ...around, dataDirectory }, { ...shelves, ...files });
  const engineStates = { forgetAll: async () => models.engines?.forgetAll() };
  const organising = openOrganising({ ...core, door: chat.conversations });
  const startNaming = openNaming({ ...around, ...chat, directory });
  const belongings = { ...shelves, ...worlds, ...chat, ...moving, ...speech, ...organising };
  const listChoices = () => engines.choices();
  const tokens = createModelTokenCounter(directory);
  const characters = openCharacterHouse({ storage, accounts, directory, ...shelves, ...chat, ...files });
  const opened = { ...around, ...speech, ...embeddings, dataDirectory, directory, gateway, characters };
  const weights = [models.downloads, embeddings.embeddingDownloads, speech.speechDownloads];
  const platform = await openPlatform({ ...opened, weights, providers, quiet: chat.memory.quiet });
  const starts = [startWorlds, startNaming, platform.startMedia];
  return {
    config,
    logger,
    clock,
    storage,
    accounts,
    ...belongings,
    ...tools,
    ...files,
    ...calls,
    ...embeddings,
    loreTester: new LoreTester({ ...core, ...shelves, people: accounts.people, tokens }),
    engines,
    ledger: core.ledger,
    platform,
    openbox: openOpenbox({ storage, newId, listChoices, downloads: models.downloads }),
    providers: new Providers({ store: models.providers, clock, newId }),
    portability: createPortability({ storage, accounts, ...belongings, platform, engineStates }),
    firstStart: models.firstStart,
    downloads: models.downloads,
    wake: () => wakeHouse({ models, chat, config, logger, closing, starts, accounts }),
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

/** What the house does by itself: finding a first model, preparing the latest conversations, work where it is done. */
function wakeHouse({
  models,
  chat,
  config,
  logger,
  closing,
  starts,
  accounts,
}: {
  models: Hall['models'];
  chat: Awaited<ReturnType<typeof openChat>>;
  config: Config;
  logger: Logger;
  closing: AbortController;
  /** Of those who work in the background. */
  starts: readonly (() => void)[];
  accounts: Accounts;
}): void {
  void models.firstStart.run(closing.signal).then(() => chat.warmStarts.warmLatest(accounts.terminalActor.userId));
  startMemory({ ...chat, config, logger });
  if (config.roles.includes('worker')) for (const start of starts) start();
}

/** Everything that speaks, listens or does work for a model. */
async function openSpokenEngines({ options, hall, stack }: OpenAppOptions & { stack: AsyncDisposableStack }) {
  const { accounts, core, script, cashier, models } = hall;
  const { storage, newId } = core;
  const { providers, directory } = models;
  const opening = { ...options, storage, accounts, script, cashier, stack };
  const speech = await openSpeech({ ...opening, newId, providers });
  return { speech, tools: openTools({ ...opening, ...core, directory }) };
}

/** Only where work is done; what cannot be begun is begun at the next start. */
function startMemory({ memory, config, logger }: { memory: Memory; config: Config; logger: Logger }): void {
  if (!config.roles.includes('worker')) return;
  memory.start().catch((error: unknown) => logger.error({ err: error }, 'the work of memory could not begin'));
}

function createPortability({
  storage,
  accounts,
  library,
  movingIn,
  voiceSettings,
  memories,
  platform,
  ...more
}: {
  storage: Storage;
  accounts: Accounts;
  library: Library;
  movingIn: MovingIn;
  voiceSettings: VoiceSettings;
  memories: Memories;
  platform: Platform;
} & Omit<Belongings, 'characters' | 'moves' | 'voices' | 'memory' | 'payments' | 'answers'>): Portability {
  const belongings = {
    ...more,
    characters: library,
    moves: movingIn,
    voices: voiceSettings,
    memory: memories.purge,
    payments: platform.books.personalBooks,
    answers: platform.kept,
  };
  const portability = new Portability({
    storage,
    belongings,
    profileOf: (actor) => accounts.people.me(actor),
  });
  accounts.people.onDelete((userId) => portability.deleteAll(userId));
  return portability;
}
