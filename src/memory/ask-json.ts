import type { JSONSchema7 } from '@ai-sdk/provider';
import { AbortedError, InvalidInputError, UnavailableError } from '../base/errors.ts';
import { isPromptProgress, type EngineOptions, type ModelHandle } from '../models/spec/model-handle.ts';

/** Tokens a provider's model may think before it answers; they count as output there. */
const THINKING_TOKENS = 3000;

export interface JsonQuestion {
  system: string;
  /** Questions and answers before it, as an example of both. */
  shots?: readonly { user: string; answer: string }[];
  user: string;
  schema: JSONSchema7;
  maxOutputTokens: number;
  temperature: number;
  /** What it is asked for; by default the work of memory. */
  purpose?: EngineOptions['purpose'];
  /** Told what the answer cost, in tokens; 0 where the model does not say. */
  onCost?: (cost: AnswerCost) => void;
  /** Questions of one affinity share a beginning; by default none is expected. */
  affinity?: string;
  /** An engine of this computer has begun to read: what came before was waiting. */
  onBegin?: () => void;
  /** Looks at the answer so far; true where it is enough. */
  isEnough?: (answer: string) => boolean;
  signal: AbortSignal;
}

export interface AnswerCost {
  inputTokens: number;
  outputTokens: number;
}

/**
 * Asks a model for JSON, held to the schema where it can be. The text of the answer, whatever it is: the caller parses
 * and checks it. Throws what the model throws.
 */
export async function askJson(model: ModelHandle, question: JsonQuestion): Promise<string> {
  try {
    return await ask(model, question, true);
  } catch (error) {
    const refused =
      error instanceof InvalidInputError && ['provider-refused', 'unsupported-json-schema'].includes(error.code);
    if (!refused) throw error;
    return ask(model, question, false);
  }
}

async function ask(model: ModelHandle, question: JsonQuestion, isHeld: boolean): Promise<string> {
  const { system, shots = [], user, schema, signal, temperature, maxOutputTokens, purpose = 'memory' } = question;
  const { affinity } = question;
  // Without an affinity the state of a conversation is taken only where no sequence of the engine is free.
  const { stream } = await model.languageModel.doStream({
    prompt: [
      { role: 'system', content: system },
      ...shots.flatMap((shot) => [
        { role: 'user' as const, content: [{ type: 'text' as const, text: shot.user }] },
        { role: 'assistant' as const, content: [{ type: 'text' as const, text: shot.answer }] },
      ]),
      { role: 'user', content: [{ type: 'text', text: user }] },
    ],
    temperature,
    maxOutputTokens: maxOutputTokens + (model.place === 'provider' ? THINKING_TOKENS : 0),
    ...(isHeld ? { responseFormat: { type: 'json' as const, schema } } : {}),
    abortSignal: signal,
    providerOptions: {
      everwith: {
        purpose,
        ...(affinity === undefined ? {} : { affinity }),
        stableMessages: 1,
        keepState: false,
        sampling: { ...model.sampling, temperature },
      },
    },
  });
  let text = '';
  for await (const part of stream) {
    if (part.type === 'text-delta') {
      text += part.delta;
      if (question.isEnough?.(text)) return text;
    } else if (part.type === 'raw' && isPromptProgress(part.rawValue)) question.onBegin?.();
    else if (part.type === 'error') throw part.error;
    else if (part.type === 'finish') {
      const { inputTokens, outputTokens } = part.usage;
      question.onCost?.({ inputTokens: inputTokens.total ?? 0, outputTokens: outputTokens.total ?? 0 });
      return text;
    }
  }
  if (signal.aborted) throw new AbortedError();
  throw new UnavailableError('The model broke off in the middle of its answer.', { code: 'model-cut-off' });
}
