import type { Accounts } from './accounts/accounts.ts';
import type { Actor } from './accounts/actor.ts';
import { postGuarded, type GuardedPost } from './base/post-guarded.ts';
import { isPublicAddress } from './base/public-address.ts';
import type { Config } from './config/config.ts';
import { WebhookDelivery } from './features/platform/webhooks/webhook-delivery.ts';
import { DELIVERY_LINES, type WebhookNews, type WebhookOutbox } from './features/platform/webhooks/webhook-outbox.ts';
import { Webhooks } from './features/platform/webhooks/webhooks.ts';
import { chatCompletionRequestSchema, type ChatCompletionRequest } from '../contract/openai/chat-completions.ts';
import { embeddingRequestSchema, type EmbeddingRequest } from '../contract/openai/embeddings.ts';
import { responseRequestSchema, type ResponseRequest } from '../contract/openai/responses.ts';
import { listKeys } from './accounts/key-store.ts';
import type { Clock } from './base/clock.ts';
import { UnavailableError } from './base/errors.ts';
import type { NewId } from './base/ids.ts';
import type { Logger } from './base/logger.ts';
import type { BatchDoor } from './features/platform/batches/batch-context.ts';
import { BatchJob } from './features/platform/batches/batch-job.ts';
import { Batches } from './features/platform/batches/batches.ts';
import type { ChatCompletions } from './features/platform/chat/chat-completions.ts';
import type { PlatformEmbeddings } from './features/platform/embeddings/platform-embeddings.ts';
import { Films } from './features/platform/media/films.ts';
import { ForeignIds } from './features/platform/media/foreign-ids.ts';
import { MinimaxSpeechDoor } from './features/platform/media/minimax-speech-door.ts';
import type { ProviderMedia } from './features/platform/media/provider-media.ts';
import { KeptMedia } from './features/platform/files/kept-media.ts';
import { ApiFiles } from './features/platform/files/api-files.ts';
import { ApiUploads } from './features/platform/files/api-uploads.ts';
import type { RelayedAnswers, RelayRequest } from './features/platform/relay/relayed-answers.ts';
import type { Responses } from './features/platform/responses/responses.ts';
import { statusOf, toAppError } from './http/error-handler.ts';
import { toOpenAiError } from './http/openai/openai-error.ts';
import type { JobQueue } from './jobs/job-queue.ts';
import { JobWorker } from './jobs/job-worker.ts';
import type { QuietTime } from './memory/quiet-time.ts';
import type { Ledger } from './metering/ledger.ts';
import type { OfferedModel, PlatformModels } from './features/platform/platform-models.ts';
import type { Speaking } from './open-speaking.ts';
import type { Storage, Trx } from './storage/storage.ts';

export interface OpenPlatformMediaOptions {
  storage: Storage;
  clock: Clock;
  speaking: Speaking;
  platformModels: PlatformModels;
  /** What batches are answered by. */
  chatCompletions: ChatCompletions;
  responses: Responses;
  relayedAnswers: RelayedAnswers;
  platformEmbeddings: PlatformEmbeddings;
  ledger: Ledger;
  quiet: QuietTime;
  newId: NewId;
  logger: Logger;
  queue: JobQueue;
  outbox: WebhookOutbox;
  providerMedia: ProviderMedia;
  accounts: Pick<Accounts, 'secrets'>;
  config: Pick<Config, 'privateLinks' | 'searchPath'>;
  stack: AsyncDisposableStack;
}

/** Sound, files and batches for developers. */
export function openPlatformMedia(options: OpenPlatformMediaOptions) {
  const { storage, clock, accounts } = options;
  const { voices, platformSpeech, transcriptions } = options.speaking;
  /** What speaks and listens, for the list of models. */
  const listSpeechModels = async ({ key }: Actor): Promise<OfferedModel[]> => {
    const all = [...(await voices.models()), ...(await transcriptions.models())];
    return all
      .filter(({ name }) => !key?.models || key.models.includes(name))
      .map(({ name, ref }) => ({ name, ref, label: name, place: placeOf(ref) }));
  };
  const foreignIds = new ForeignIds(accounts.secrets);
  const minimax = {
    chat: options.chatCompletions,
    speech: new MinimaxSpeechDoor(platformSpeech),
    media: options.providerMedia,
    ids: foreignIds,
  };
  const speaking = { platformSpeech, transcriptions, listSpeechModels };
  const films = new Films({ media: options.providerMedia, ids: foreignIds, storage, clock });
  return { ...speaking, films, minimax, ...openBatches(options, films) };
}

function openBatches(options: OpenPlatformMediaOptions, films: Films) {
  const { storage, clock, newId, logger, queue, ledger, quiet, platformModels, outbox, stack } = options;
  const files = new ApiFiles({ storage, clock, newId, queue });
  const uploads = new ApiUploads({ storage, clock, newId, queue, files });
  const batching = {
    storage,
    clock,
    newId,
    logger,
    queue,
    files,
    ledger,
    doors: batchDoors(options),
    untilQuiet: async (model: string, actor: Actor, signal: AbortSignal) => {
      const offered = (await platformModels.list(actor)).find(({ name, ref }) => name === model || ref === model);
      if (offered?.place === 'this-computer') await quiet.run(async () => undefined, signal);
    },
    isKeyAlive: async ({ userId, keyId }: { userId: string; keyId: string }) =>
      (await listKeys(storage.db, userId)).some(({ id, revokedAt }) => id === keyId && revokedAt === null),
    describeError: (error: unknown) => {
      const known =
        toAppError(error) ?? new UnavailableError('Something went wrong on the server.', { code: 'unknown' });
      const status = statusOf(known);
      return { status, body: toOpenAiError(known, status) };
    },
    tell: (trx: Trx, news: WebhookNews) => outbox.tell(trx, news),
  };
  const { webhooks, deliveries } = openWebhooks(options);
  const handlers = [files, uploads, new BatchJob(batching), ...deliveries];
  const worker = stack.use(new JobWorker({ storage, clock, logger, handlers, queue }));
  const batches = new Batches(batching);
  const keptMedia = new KeptMedia({ files, uploads, batches, webhooks, films });
  return { files, uploads, batches, webhooks, keptMedia, startMedia: () => worker.start() };
}

function openWebhooks({ storage, clock, newId, queue, accounts, config }: OpenPlatformMediaOptions) {
  const { secrets } = accounts;
  const { privateLinks: allowPrivate } = config;
  const isAllowed = allowPrivate ? () => true : isPublicAddress;
  const delivery = {
    storage,
    clock,
    secrets,
    post: (request: Omit<GuardedPost, 'isAllowed'>) => postGuarded({ ...request, isAllowed }),
  };
  const deliveries = Array.from({ length: DELIVERY_LINES }, (_, line) => new WebhookDelivery(line, delivery));
  return { deliveries, webhooks: new Webhooks({ storage, clock, newId, queue, secrets, allowPrivate }) };
}

/** The doors that answer what stands in batches; those that providers open are gone through as they are. */
function batchDoors({
  chatCompletions,
  responses,
  relayedAnswers,
  platformEmbeddings,
}: OpenPlatformMediaOptions): Map<string, BatchDoor> {
  const relayed = async (path: RelayRequest['path'], kind: RelayRequest['kind'], call: BatchCall) => {
    const { request: asked, ...caller } = call;
    const request: RelayRequest = { ...caller, path, kind, body: asked as RelayRequest['body'], raw: null };
    const plan = await relayedAnswers.plan(request);
    const answer = plan && (await relayedAnswers.answer(request, plan));
    return answer?.type === 'whole' ? (JSON.parse(answer.body.toString('utf8')) as object) : null;
  };
  const chat: BatchDoor = {
    schema: chatCompletionRequestSchema,
    answer: async (call) =>
      (await relayed('/chat/completions', 'text', call)) ??
      chatCompletions.create({ ...call, request: call.request as ChatCompletionRequest }),
  };
  const response: BatchDoor = {
    schema: responseRequestSchema,
    // A line that is tried again is the same line.
    answer: (call) =>
      responses.create({ ...call, request: call.request as ResponseRequest, idempotencyKey: call.requestId }),
  };
  const embedding: BatchDoor = {
    schema: embeddingRequestSchema,
    answer: async (call) =>
      (await relayed('/embeddings', 'embedding', call)) ??
      platformEmbeddings.create({ ...call, request: call.request as EmbeddingRequest }),
  };
  return new Map([
    ['/v1/embeddings', embedding],
    ['/v1/chat/completions', chat],
    ['/v1/responses', response],
  ]);
}

type BatchCall = Parameters<BatchDoor['answer']>[0];

function placeOf(ref: string): string {
  if (ref.startsWith('local:')) return 'this-computer';
  return ref.startsWith('scripted:') ? 'scripted' : 'provider';
}
