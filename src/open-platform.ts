import type { Clock } from './base/clock.ts';
import type { NewId } from './base/ids.ts';
import type { Logger } from './base/logger.ts';
import { ChatCompletions } from './features/platform/chat/chat-completions.ts';
import { Generations } from './features/platform/generations.ts';
import { PlatformModels, type ListChoices } from './features/platform/platform-models.ts';
import type { Ledger } from './metering/ledger.ts';
import type { ModelDirectory } from './models/routing/model-directory.ts';
import { openBooks } from './features/platform/books/open-books.ts';
import { openAnswers } from './open-answers.ts';
import type { Storage } from './storage/storage.ts';

export interface OpenPlatformOptions {
  storage: Storage;
  clock: Clock;
  newId: NewId;
  logger: Logger;
  ledger: Ledger;
  directory: ModelDirectory;
  listChoices: ListChoices;
  stack: AsyncDisposableStack;
}

/** What developers reach: the house's models and characters behind OpenAI's API, metered. */
export async function openPlatform(options: OpenPlatformOptions) {
  const { ledger, clock, directory, listChoices } = options;
  const platformModels = new PlatformModels({ listChoices, directory });
  const generations = new Generations({ models: platformModels, meter: ledger, clock });
  const answers = await openAnswers({ ...options, generations });
  const books = openBooks(options);
  return {
    books,
    platformModels,
    generations,
    chatCompletions: new ChatCompletions({ generations, clock }),
    ...answers,
  };
}

export type Platform = Awaited<ReturnType<typeof openPlatform>>;
