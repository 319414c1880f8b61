import type { Accounts } from './accounts/accounts.ts';
import type { Clock } from './base/clock.ts';
import type { NewId } from './base/ids.ts';
import type { Logger } from './base/logger.ts';
import type { Config } from './config/config.ts';
import { ChatCompletions } from './features/platform/chat/chat-completions.ts';
import { StoredCompletions } from './features/platform/chat/stored-completions.ts';
import type { CharacterHouse } from './features/platform/characters/character-house.ts';
import { CharacterModels } from './features/platform/characters/character-models.ts';
import { KeptTalks } from './features/platform/characters/kept-talks.ts';
import { ProviderMedia } from './features/platform/media/provider-media.ts';
import { Generations } from './features/platform/generations.ts';
import type { TeamDoor } from './features/platform/request-log/request-log.ts';
import { IdempotentRequests } from './features/platform/idempotency/idempotent-requests.ts';
import { KeptRequests } from './features/platform/kept-requests.ts';
import { ModelTimes } from './features/platform/model-times.ts';
import { NamedAnswers } from './features/platform/named-answers.ts';
import { PromptCounts } from './features/platform/prompt-counts.ts';
import { ConversationTalks } from './features/platform/responses/conversation-talks.ts';
import type { PersonalVoices } from './features/platform/audio/platform-voices.ts';
import type { JobQueue } from './jobs/job-queue.ts';
import type { QuietTime } from './memory/quiet-time.ts';
import type { WebhookOutbox } from './features/platform/webhooks/webhook-outbox.ts';
import type { Ledger } from './metering/ledger.ts';
import type { ModelDirectory } from './models/routing/model-directory.ts';
import { openBooks } from './features/platform/books/open-books.ts';
import type { SpeechDirectory } from './models/routing/speech-directory.ts';
import type { Gateway } from './open-gateway.ts';
import type { ProviderStore } from './models/routing/provider-store.ts';
import { openAnswers } from './open-answers.ts';
import { openSpeaking } from './open-speaking.ts';
import { openPlatformMedia } from './open-platform-media.ts';
import type { Storage } from './storage/storage.ts';

export interface OpenPlatformOptions {
  storage: Storage;
  clock: Clock;
  newId: NewId;
  logger: Logger;
  ledger: Ledger;
  directory: ModelDirectory;
  gateway: Gateway;
  characters: CharacterHouse;
  speech: SpeechDirectory;
  voiceSettings: PersonalVoices;
  dataDirectory: string;
  quiet: QuietTime;
  queue: JobQueue;
  outbox: WebhookOutbox;
  providers: ProviderStore;
  /** Models whose files may be on this computer. */
  weights: readonly { arrivedAt(id: string): Promise<number | null> }[];
  stack: AsyncDisposableStack;
  accounts: Pick<Accounts, 'secrets'> & { teams: TeamDoor };
  config: Pick<Config, 'callsPerMinute' | 'privateLinks' | 'searchPath'>;
}

/** What developers reach: the house's models and characters behind OpenAI's API, metered. */
export async function openPlatform(options: OpenPlatformOptions) {
  const { gateway, clock, directory } = options;
  const { platformModels, router, meter } = gateway;
  // What the house does by itself, batches too, waits for programs as it does for people.
  options.quiet.add(meter);
  const generations = new Generations({ models: platformModels, router, meter, clock });
  const characterModels = new CharacterModels({ house: options.characters, models: generations });
  const talks = new KeptTalks({ house: options.characters, characters: characterModels, meter, clock });
  const conversations = new ConversationTalks({ ...options, talks });
  const named = new NamedAnswers({ characters: characterModels, conversations, models: generations });
  const counts = new PromptCounts({ models: platformModels, router, characters: characterModels, directory });
  const providerMedia = new ProviderMedia({ providers: options.providers, meter, clock });
  const speaking = openSpeaking({ ...options, generations });
  const { hearing, spoken } = speaking;
  const answers = await openAnswers({
    ...options,
    generations: named,
    talks,
    counts,
    providerMedia,
    hearing,
    hosted: gateway.hosted,
  });
  const storedCompletions = new StoredCompletions({ storage: options.storage, clock });
  const chatCompletions = new ChatCompletions({
    generations: named,
    clock,
    stored: storedCompletions,
    spoken,
    hearing,
  });
  const idempotent = options.stack.use(new IdempotentRequests(options));
  await idempotent.recover();
  const books = openBooks({ ...options, teams: options.accounts.teams });
  const answering = { chatCompletions, ...answers, ...gateway };
  const media = openPlatformMedia({ ...options, ...answering, speaking, providerMedia });
  return {
    ...gateway,
    books,
    characterModels,
    generations,
    chatCompletions,
    ...answers,
    ...media,
    providerMedia,
    idempotent,
    modelTimes: openModelTimes(options),
    storedCompletions,
    kept: new KeptRequests([answers.keptAnswers, storedCompletions, spoken, idempotent, media.keptMedia]),
  };
}

function openModelTimes({ weights, providers, storage }: OpenPlatformOptions): ModelTimes {
  const arrivedAt = async (id: string): Promise<number | null> => {
    for (const one of weights) {
      const time = await one.arrivedAt(id);
      if (time !== null) return time;
    }
    return null;
  };
  return new ModelTimes({ providers, storage, arrivedAt });
}

export type Platform = Awaited<ReturnType<typeof openPlatform>>;
