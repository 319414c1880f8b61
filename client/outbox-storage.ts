import type { ApiErrorOptions } from './api-error.ts';

/** Why the server would not take a message, or did not answer, as it can be kept. */
export type KeptError = Pick<ApiErrorOptions, 'code' | 'message' | 'status' | 'retryable' | 'field' | 'details'>;

/**
 * A message on its way to the server. `waiting` until the server answered, however often it was tried; `refused` once
 * the server said no: then it was not taken, and waits for its writer to change, send again or discard it.
 */
export interface OutboxMessage {
  /** What makes it exactly one message, however often it is sent. */
  clientId: string;
  conversationId: string;
  text: string;
  /** Files of the conversation that go with it, by id. */
  attachments: readonly string[];
  /** Who is to hear it, by participant; absent = everybody there. */
  to?: readonly string[];
  /** Characters that are to answer. */
  speakers?: readonly string[];
  /** Epoch milliseconds. */
  createdAt: number;
  /** Among messages of the same millisecond, the order they were written in. */
  order: number;
  state: 'waiting' | 'refused';
  /** Of the last attempt; null before the first. */
  error: KeptError | null;
}

/** Where messages wait. Every method may reject; what cannot be kept is sent all the same as long as the page lives. */
export interface OutboxStorage {
  list(): Promise<OutboxMessage[]>;
  put(message: OutboxMessage): Promise<void>;
  remove(clientId: string): Promise<void>;
  /** Calls back when somebody else, such as another tab, changed something. Returns how to stop that. */
  watch(listener: () => void): () => void;
}

/** Runs work of one name at a time, over all tabs of the device where that can be had. */
export type OutboxLock = <T>(name: string, work: () => Promise<T>) => Promise<T>;

/** Keeps messages as long as the page lives. */
export function createMemoryOutboxStorage(): OutboxStorage {
  const messages = new Map<string, OutboxMessage>();
  return {
    list: async () => [...messages.values()],
    put: async (message) => void messages.set(message.clientId, message),
    remove: async (clientId) => void messages.delete(clientId),
    watch: () => () => undefined,
  };
}

/** The order in which messages of one conversation are sent: as they were written. */
export function compareWritten(one: OutboxMessage, other: OutboxMessage): number {
  return one.createdAt - other.createdAt || one.order - other.order || (one.clientId < other.clientId ? -1 : 1);
}
