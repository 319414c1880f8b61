import { z } from 'zod';
import { errorMessage } from '../../../base/errors.ts';
import { wordsAnswer } from './answer.ts';
import { requestOf } from './load-suite.ts';
import { readCompletion, readCompletionStream, type ChatAnswer } from './read-chat-answer.ts';
import { TaskError } from './task-error.ts';
import type { Task } from './task.ts';

/** Where requests go: a base address as OpenAI's clients take it (with `/v1`), and the models asked for. */
export interface TaskServer {
  baseUrl: string;
  key: string | null;
  model: string;
  speechModel: string;
}

/** Sends a task's request and reads what comes, within its time. Throws `TaskError`; the caller's abort as it is. */
export async function askTask(task: Task, server: TaskServer, signal: AbortSignal): Promise<ChatAnswer> {
  const timeBox = AbortSignal.timeout(task.seconds * 1000);
  try {
    return await ask(task, server, AbortSignal.any([signal, timeBox]));
  } catch (error) {
    signal.throwIfAborted();
    if (timeBox.aborted) {
      throw new TaskError('time-out', `no whole answer within ${task.seconds} s`, { cause: error });
    }
    if (error instanceof TaskError) throw error;
    throw new TaskError('unreachable', reasonOf(error), { cause: error });
  }
}

async function ask(
  task: Task,
  { baseUrl, key, model, speechModel }: TaskServer,
  signal: AbortSignal,
): Promise<ChatAnswer> {
  const isSpeech = task.endpoint === 'speech';
  const response = await fetch(`${baseUrl.replace(/\/+$/u, '')}/${isSpeech ? 'audio/speech' : 'chat/completions'}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(key === null ? {} : { authorization: `Bearer ${key}` }) },
    body: JSON.stringify({ model: isSpeech ? speechModel : model, ...requestOf(task) }),
    signal,
  });
  if (!response.ok) throw new TaskError('status', await statusReason(response));
  if (isSpeech) {
    const bytes = new Uint8Array(await response.arrayBuffer());
    const contentType = response.headers.get('content-type') ?? '';
    return { answer: { ...wordsAnswer, audio: { bytes, contentType } }, servedBy: { model: null, fingerprint: null } };
  }
  if (task.request['stream'] !== true) return readCompletion(await response.text());
  if (response.body === null || !(response.headers.get('content-type') ?? '').includes('text/event-stream')) {
    throw new TaskError('malformed', 'a stream was asked for, and something else came');
  }
  return await readCompletionStream(response.body);
}

const errorSchema = z.looseObject({ error: z.looseObject({ message: z.string() }) });

async function statusReason(response: Response): Promise<string> {
  const text = (await response.text()).slice(0, 2000);
  let message = text;
  try {
    const parsed = errorSchema.safeParse(JSON.parse(text));
    if (parsed.success) ({ message } = parsed.data.error);
  } catch {
    // Not every server explains itself in JSON; what it wrote is shown as it is.
  }
  return `${response.status} ${message.slice(0, 300)}`.trim();
}

function reasonOf(error: unknown): string {
  const cause = error instanceof Error ? error.cause : undefined;
  return cause === undefined ? errorMessage(error) : `${errorMessage(error)}: ${errorMessage(cause)}`;
}
