import { isAbortError } from '../../../../client/api-error.ts';
import { fillPath } from '../../../../client/create-client.ts';
import { API_ADDRESSES } from '../../../../client/api-routes.ts';
import { streamParts } from '../../../../client/stream-parts.ts';
import {
  translationPartSchema,
  type TranslationLanguage,
  type TranslationPart,
} from '../../../../contract/translations.ts';
import { api } from '../../../state/api.ts';

/** What is shown below a message. `running` grows; `done` is kept by the server; `failed` says why. */
export interface ShownTranslation {
  language: TranslationLanguage;
  text: string;
  model: string;
  state: 'running' | 'done' | 'failed';
  error: unknown;
}

/** Translations of one conversation, message by message, so that one that grows draws only its own row anew. */
export class TranslationStore implements Disposable {
  readonly #shown = new Map<string, ShownTranslation>();
  readonly #listeners = new Set<() => void>();
  readonly #running = new Map<string, AbortController>();
  readonly #life = new AbortController();

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  get(messageId: string): ShownTranslation | undefined {
    return this.#shown.get(messageId);
  }

  /** Shows what was translated before; the newest language of each message. */
  async load(conversationId: string): Promise<void> {
    const { signal } = this.#life;
    const { translations } = await api.call('translations', { params: { id: conversationId }, signal });
    for (const { messageId, language, text, model } of translations) {
      if (!this.#shown.has(messageId)) {
        this.#shown.set(messageId, { language, text, model, state: 'done', error: null });
      }
    }
    this.#tell();
  }

  async translate(messageId: string, language: TranslationLanguage, { again = false } = {}): Promise<void> {
    this.#running.get(messageId)?.abort();
    const stop = new AbortController();
    this.#running.set(messageId, stop);
    const signal = AbortSignal.any([stop.signal, this.#life.signal]);
    this.#put(messageId, { language, text: '', model: '', state: 'running', error: null });
    const path = fillPath(API_ADDRESSES.translateMessage, { id: messageId });
    const options = { client: api, path, body: { language, again }, part: translationPartSchema, signal };
    try {
      for await (const part of streamParts(options)) this.#take(messageId, part);
      if (!signal.aborted && this.get(messageId)?.state === 'running') this.#change(messageId, { state: 'failed' });
    } catch (error) {
      if (!isAbortError(error) && !signal.aborted) this.#change(messageId, { state: 'failed', error });
    } finally {
      if (this.#running.get(messageId) === stop) this.#running.delete(messageId);
    }
  }

  /** Takes it away here; `kept` also where it is kept for everybody who heard it. */
  async remove(messageId: string, { kept }: { kept: boolean }): Promise<void> {
    this.#running.get(messageId)?.abort();
    const shown = this.#shown.get(messageId);
    this.#shown.delete(messageId);
    this.#tell();
    if (!kept || shown?.state !== 'done') return;
    await api.call('removeTranslation', { params: { id: messageId, language: shown.language } });
  }

  [Symbol.dispose](): void {
    this.#life.abort();
    this.#listeners.clear();
  }

  #take(messageId: string, part: TranslationPart): void {
    const text = this.get(messageId)?.text ?? '';
    if (part.type === 'translation-start') this.#change(messageId, { model: part.model.label });
    else if (part.type === 'translation-delta') this.#change(messageId, { text: text + part.text });
    else if (part.translation === null) {
      this.#change(messageId, { state: 'failed', error: part.failure?.message ?? null });
    } else {
      const { text: whole, model } = part.translation;
      this.#change(messageId, { text: whole, model, state: 'done' });
    }
  }

  #change(messageId: string, some: Partial<ShownTranslation>): void {
    const before = this.#shown.get(messageId);
    if (before) this.#put(messageId, { ...before, ...some });
  }

  #put(messageId: string, shown: ShownTranslation): void {
    this.#shown.set(messageId, shown);
    this.#tell();
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }
}
