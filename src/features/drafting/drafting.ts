import { personally } from '../../models/billing/payers.ts';
import type { z } from 'zod';
import type {
  CountedTokens,
  DraftField,
  DraftPart,
  KnownFields,
  draftCharacterSchema,
} from '../../../contract/drafting.ts';
import type { Actor } from '../../accounts/actor.ts';
import { UnavailableError } from '../../base/errors.ts';
import { estimateTokens } from '../../models/remote/estimate-tokens.ts';
import type { ModelHandle } from '../../models/spec/model-handle.ts';
import { FIELD_TOKENS, draftPrompt, fieldSchema } from './draft-prompt.ts';
import { DraftText, shapeOf } from './draft-text.ts';
import { endOf, refusesFormat, speak, type ModelSource } from './model-voice.ts';
import { tidyField } from './tidy-field.ts';

/** Livelier than a talk: drafts are read once and may surprise. */
const SAMPLING = { temperature: 0.85, topP: 0.95, minP: 0.05 };
/** Empty answers are asked for again so many times. */
const TRIES = 2;
/** How long counting waits for a model before it estimates, milliseconds. */
const MODEL_WAIT_IN_MS = 1500;

export type DraftRequest = z.output<typeof draftCharacterSchema>;

interface Draft {
  actor: Actor;
  request: DraftRequest;
  model: ModelHandle;
  known: KnownFields;
  written: { field: DraftField; answer: string }[];
  /** False once a provider has refused to be held to a schema. */
  held: boolean;
  signal: AbortSignal;
}

/** Writes what a card still lacks with the house's model. Nothing is stored. */
export class Drafting {
  readonly #models: ModelSource;

  constructor({ models }: { models: ModelSource }) {
    this.#models = models;
  }

  /** Field after field; each reads what stands before it. Never throws: the last part says how it ended. */
  async *draft(actor: Actor, request: DraftRequest, signal: AbortSignal): AsyncGenerator<DraftPart> {
    try {
      const offered = await this.#models.resolve(null, signal);
      const model = offered.billed({ account: { payer: personally(actor.userId), purpose: 'drafting' } });
      yield { type: 'draft-start', model: { label: model.label, fallback: model.fallback } };
      const known = structuredClone(request.known);
      const draft: Draft = { actor, request, model, known, written: [], held: true, signal };
      for (const field of request.fields) yield* draftField(draft, field);
      yield { type: 'draft-end', state: 'done', failure: null };
    } catch (error) {
      yield { type: 'draft-end', ...endOf(error, signal) };
    }
  }

  /** Tokens of texts for the model in use; estimates while it is not there. */
  async count(texts: Readonly<Record<string, string>>, signal: AbortSignal): Promise<CountedTokens> {
    const names = Object.keys(texts);
    const waiting = AbortSignal.any([signal, AbortSignal.timeout(MODEL_WAIT_IN_MS)]);
    const model = await this.#models.resolve(null, waiting).catch(() => null);
    const list = names.map((name) => texts[name] ?? '');
    const counted = await model?.countTokens(list, signal);
    const counts = counted?.counts ?? list.map(estimateTokens);
    return {
      counts: Object.fromEntries(names.map((name, index) => [name, counts[index] ?? 0])),
      exact: counted?.exact ?? false,
      contextLength: model?.contextLength ?? null,
      model: model?.label ?? null,
    };
  }
}

async function* draftField(draft: Draft, field: DraftField): AsyncGenerator<DraftPart> {
  yield { type: 'draft-field-start', field };
  for (let attempt = 1; attempt <= TRIES; attempt += 1) {
    const text = new DraftText(shapeOf(field));
    const finish = yield* writeField(draft, { field, text });
    const value = tidyField(field, text.end({ cut: finish === 'length' }), { char: draft.known.name });
    if (value === '') continue;
    remember(draft, { field, value, answer: text.raw });
    yield { type: 'draft-field-end', field, text: value };
    return;
  }
  throw new UnavailableError('The model wrote nothing that can be used. Try again, or choose another model.', {
    code: 'draft-empty',
  });
}

async function* writeField(
  draft: Draft,
  { field, text }: { field: DraftField; text: DraftText },
): AsyncGenerator<DraftPart, string> {
  const { request, model, known, written, signal } = draft;
  const voice = () =>
    speak({
      model,
      call: {
        prompt: draftPrompt({ ...request, known, written, field, contextLength: model.contextLength }),
        ...(draft.held ? { responseFormat: { type: 'json' as const, schema: fieldSchema(field) } } : {}),
      },
      maxOutputTokens: FIELD_TOKENS[field],
      engine: { affinity: `draft:${draft.actor.userId}`, stableMessages: 1, sampling: SAMPLING, keepState: false },
      signal,
    });
  let deltas = voice();
  for (;;) {
    let next;
    try {
      next = await deltas.next();
    } catch (error) {
      if (!draft.held || text.raw !== '' || !refusesFormat(error)) throw error;
      draft.held = false;
      deltas = voice();
      continue;
    }
    if (next.done) return next.value;
    const shown = text.push(next.value);
    if (shown !== '') yield { type: 'draft-field-delta', field, text: shown };
  }
}

/** What was written is known to the fields after it. */
function remember(
  { known, written }: Draft,
  { field, value, answer }: { field: DraftField; value: string; answer: string },
): void {
  written.push({ field, answer: answer.trim() });
  if (field === 'tags') known.tags = value.split(', ');
  else if (field === 'alternateGreeting') known.alternateGreetings.push(value);
  else known[field] = value;
}
