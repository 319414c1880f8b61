import type { Locale } from '../contract/common.ts';
import type { AppContext } from './app-context.ts';
import type { Area } from './http/http-app.ts';
import { audioArea } from './http/openai/audio.ts';
import { voiceConsentsArea } from './http/openai/voice-consents.ts';
import type { LeanDoor } from './http/openai/lean-door.ts';
import { messagesArea as anthropicMessagesArea } from './http/anthropic/messages.ts';
import { chatCompletionsArea } from './http/openai/chat-completions.ts';
import { platformEmbeddingsArea } from './http/openai/embeddings.ts';
import { batchesArea } from './http/openai/batches.ts';
import { minimaxArea } from './http/minimax/minimax-area.ts';
import { imagesArea } from './http/openai/images.ts';
import { videosArea } from './http/openai/videos.ts';
import { filesArea } from './http/openai/files.ts';
import { uploadsArea } from './http/openai/uploads.ts';
import { modelsArea as openAiModelsArea } from './http/openai/models.ts';
import { apiConversationsArea } from './http/openai/conversations.ts';
import { openAiArea } from './http/openai/openai-area.ts';
import { responsesArea } from './http/openai/responses.ts';
import { storedCompletionsArea } from './http/openai/stored-completions.ts';
import { realtimeArea } from './http/realtime/realtime-area.ts';
import { attachmentsArea } from './http/routes/attachments.ts';
import { booksArea } from './http/routes/books.ts';
import { treeAreas } from './http/routes/branches.ts';
import { callLinksArea } from './http/routes/call-links.ts';
import { cardFilesArea } from './http/routes/card-files.ts';
import { characterBooksArea } from './http/routes/character-books.ts';
import { versionsArea } from './http/routes/character-versions.ts';
import { charactersArea } from './http/routes/characters.ts';
import { messagesArea } from './http/routes/chat-messages.ts';
import { conversationsArea } from './http/routes/chat.ts';
import { clonedVoicesArea } from './http/routes/cloned-voices.ts';
import { draftingArea } from './http/routes/drafting.ts';
import { embeddingsArea } from './http/routes/embeddings.ts';
import { httpsArea } from './http/routes/https.ts';
import { libraryArea } from './http/routes/library.ts';
import { loreTestArea } from './http/routes/lore-test.ts';
import { memoryPagesArea, memoryRulesArea } from './http/routes/memory-pages.ts';
import { memoryArea, memoryFactsArea, memoryFilesArea } from './http/routes/memory.ts';
import { modelsArea, providersArea } from './http/routes/models.ts';
import { movingArea, movingOutArea } from './http/routes/moving.ts';
import { personasArea } from './http/routes/personas.ts';
import { portabilityArea } from './http/routes/portability.ts';
import { platformRoutesArea } from './http/routes/platform-routes.ts';
import { platformKeysArea } from './http/routes/platform-keys.ts';
import { platformRequestsArea } from './http/routes/platform-requests.ts';
import { platformWebhooksArea } from './http/routes/platform-webhooks.ts';
import { platformTeamsArea } from './http/routes/platform-teams.ts';
import { platformBooksArea } from './http/routes/platform-books.ts';
import { platformLimitsArea } from './http/routes/platform-limits.ts';
import { presetsArea } from './http/routes/presets.ts';
import { quickRepliesArea } from './http/routes/quick-replies.ts';
import { promptsArea } from './http/routes/prompts.ts';
import { roomInvitesArea, roomsArea } from './http/routes/rooms.ts';
import { searchArea } from './http/routes/search.ts';
import { looksArea } from './http/routes/looks.ts';
import { openboxArea } from './http/routes/openbox.ts';
import { organisingArea } from './http/routes/organising.ts';
import { spokenWordsArea } from './http/routes/spoken-words.ts';
import { conversationToolsArea, toolServersArea } from './http/routes/tools.ts';
import { translationsArea } from './http/routes/translations.ts';
import { voiceSamplesArea } from './http/routes/voice-samples.ts';
import { speechModelsArea, voicesArea, voiceSettingsArea } from './http/routes/voices.ts';
import { worldsArea } from './http/routes/worlds.ts';
import { writingHelpArea } from './http/routes/writing-help.ts';
import type { SecureDoor } from './http/tls/secure-door.ts';

/** Everything the house offers over HTTP besides what `createHttpApp` itself opens; each area is one file of routes. */
export function listAreas(app: AppContext, { door, leanDoor }: { door: SecureDoor; leanDoor: LeanDoor }): Area[] {
  const { people } = app.accounts;
  const localeOf: LocaleOf = async ({ userId }) => (await people.localeOf(userId)) ?? 'en';
  return [
    ...talkAreas(app),
    ...shelfAreas(app, localeOf),
    ...houseAreas(app, { door, localeOf }),
    ...platformAreas(app, leanDoor),
  ];
}

type LocaleOf = (person: { userId: string }) => Promise<Locale>;

/** Conversations and what happens in them. */
function talkAreas(app: AppContext): Area[] {
  return [
    conversationsArea({
      conversations: app.conversations,
      warmStarts: app.warmStarts,
      personaChoice: app.personaChoice,
    }),
    messagesArea({ messages: app.messages, replies: app.replies, roomRuns: app.roomRuns }),
    attachmentsArea(app.attachments),
    translationsArea(app.translations),
    ...treeAreas(app),
    searchArea(app.messageSearches),
    promptsArea(app.prompts),
    writingHelpArea(app.writingHelp),
    conversationToolsArea(app),
    roomsArea(app.rooms),
    roomInvitesArea({ invites: app.roomInvites, pictures: (hash) => app.library.anyAsset(hash), config: app.config }),
    looksArea(app.looks),
    organisingArea(app),
    spokenWordsArea(app),
    callLinksArea(app),
    realtimeArea({ calls: app.calls, clock: app.clock, logger: app.logger }),
  ];
}

/** What people make, collect and remember beside conversations. */
function shelfAreas(app: AppContext, localeOf: LocaleOf): Area[] {
  return [
    charactersArea({ library: app.library, shelves: app.shelves, localeOf }),
    libraryArea({ shelves: app.shelves, folders: app.folders, bulk: app.bulk, localeOf }),
    cardFilesArea({ imports: app.cardImports, exports: app.cardExports, localeOf }),
    booksArea({ books: app.books, localeOf }),
    characterBooksArea({ characterBooks: app.characterBooks, localeOf }),
    loreTestArea({ tester: app.loreTester, localeOf }),
    versionsArea({ versions: app.versions, pictures: app.pictures, localeOf }),
    memoryArea(app.memories),
    memoryFactsArea(app.memories),
    memoryFilesArea(app.memories),
    memoryPagesArea(app.memories),
    memoryRulesArea(app.memories),
    personasArea({ personas: app.personas, localeOf }),
    presetsArea(app.presets),
    quickRepliesArea(app.quickReplies),
    worldsArea(app),
    draftingArea(app),
  ];
}

/** Models, voices and tools of the house, and what comes in or goes out whole. */
function houseAreas(app: AppContext, { door, localeOf }: { door: SecureDoor; localeOf: LocaleOf }): Area[] {
  return [
    modelsArea(app.engines),
    providersArea(app.providers),
    toolServersArea(app.toolServers),
    voicesArea({ voices: app.voices, localeOf }),
    voiceSettingsArea({ settings: app.voiceSettings, localeOf }),
    voiceSamplesArea(app.voiceSamples),
    speechModelsArea(app.voices),
    embeddingsArea(app.embeddings),
    clonedVoicesArea(app.clonedVoices),
    movingArea(app.movingIn),
    movingOutArea(app.movingOut),
    portabilityArea(app.portability),
    httpsArea(door),
  ];
}

/** What developers reach. */
function platformAreas({ platform, accounts, openbox, voiceConsents }: AppContext, leanDoor: LeanDoor): Area[] {
  return [
    openAiArea(
      [
        chatCompletionsArea(platform),
        storedCompletionsArea(platform.storedCompletions),
        responsesArea(platform.responses),
        apiConversationsArea(platform.apiConversations),
        anthropicMessagesArea(platform.messages),
        openAiModelsArea({
          models: platform.platformModels,
          characters: platform.characterModels,
          times: platform.modelTimes,
          listMore: async (actor) => [
            ...(await platform.platformEmbeddings.list(actor)),
            ...(await platform.listSpeechModels(actor)),
          ],
        }),
        platformEmbeddingsArea(platform),
        filesArea(platform.files),
        uploadsArea(platform.uploads),
        batchesArea(platform.batches),
        minimaxArea(platform.minimax),
        imagesArea(platform.providerMedia),
        videosArea(platform.films),
        audioArea({ speech: platform.platformSpeech, transcriptions: platform.transcriptions }),
        voiceConsentsArea(voiceConsents),
      ],
      { rates: platform.rates, idempotent: platform.idempotent, leanDoor, recorder: platform.requestLog },
    ),
    platformRoutesArea(platform.routes),
    platformKeysArea(accounts.platformKeys),
    platformTeamsArea(accounts.teams),
    platformWebhooksArea(platform.webhooks),
    platformRequestsArea(platform.requestLog),
    platformBooksArea(platform.books),
    openboxArea(openbox),
    platformLimitsArea(platform.books),
  ];
}
