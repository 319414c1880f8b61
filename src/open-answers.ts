import type { Accounts } from './accounts/accounts.ts';
import type { Clock } from './base/clock.ts';
import type { NewId } from './base/ids.ts';
import type { Logger } from './base/logger.ts';
import type { HeardWords } from './features/platform/chat/heard-words.ts';
import type { KeptTalks } from './features/platform/characters/kept-talks.ts';
import type { AnswerSource } from './features/platform/generations.ts';
import { KeptAnswers } from './features/platform/responses/kept-answers.ts';
import type { HostedAnswers } from './features/platform/responses/hosted/hosted-answers.ts';
import type { ProviderMedia } from './features/platform/media/provider-media.ts';
import { Moderations } from './features/platform/moderation/moderations.ts';
import { Messages } from './features/platform/messages/messages.ts';
import type { PromptCounts } from './features/platform/prompt-counts.ts';
import { ApiConversations } from './features/platform/responses/api-conversations.ts';
import { SealedTexts } from './features/platform/responses/sealed-texts.ts';
import { Responses } from './features/platform/responses/responses.ts';
import type { WebhookOutbox } from './features/platform/webhooks/webhook-outbox.ts';
import type { Storage } from './storage/storage.ts';

interface OpenAnswersOptions {
  storage: Storage;
  clock: Clock;
  newId: NewId;
  logger: Logger;
  generations: AnswerSource;
  talks: KeptTalks;
  counts: PromptCounts;
  hearing: HeardWords;
  hosted: HostedAnswers;
  outbox: WebhookOutbox;
  providerMedia: ProviderMedia;
  accounts: Pick<Accounts, 'secrets'>;
  stack: AsyncDisposableStack;
}

/** Answers that are kept and continued. Those that a crash cut off are ended before anybody looks. */
export async function openAnswers({ stack, ...options }: OpenAnswersOptions) {
  const sealed = new SealedTexts(options.accounts.secrets);
  const moderations = new Moderations(options.providerMedia);
  const responses = stack.use(new Responses({ ...options, sealed, moderations }));
  const recovered = await responses.recover();
  if (recovered > 0) options.logger.info({ recovered }, 'responses cut off by a crash kept their beginning');
  return {
    responses,
    apiConversations: new ApiConversations(options),
    messages: new Messages(options),
    keptAnswers: new KeptAnswers(options.storage),
  };
}
