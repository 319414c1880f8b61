/** What holds for the whole try, beside the words. Empty texts and nulls are left out of requests. */
export interface PlaygroundSettings {
  system: string;
  temperature: number | null;
  topP: number | null;
  maxTokens: number | null;
  seed: number | null;
  stop: string;
  /** JSON: a list of tools as OpenAI's requests have them, or of their functions. */
  tools: string;
  /** JSON Schema that the answer must fit. */
  schema: string;
}

export interface ToolCall {
  id: string;
  name: string;
  /** JSON as the model wrote it. */
  input: string;
}

/** What was measured of an answer. */
export interface Measures {
  firstWordsInMs: number | null;
  tookInMs: number;
  inputTokens: number | null;
  outputTokens: number | null;
  /** To find the call in the log. */
  requestId: string | null;
}

export type Turn =
  | { role: 'user'; text: string; pictures: readonly string[] }
  | { role: 'assistant'; text: string; toolCalls: readonly ToolCall[]; measures: Measures | null; stopped: boolean }
  | { role: 'tool'; callId: string; text: string };

export const EMPTY_SETTINGS: PlaygroundSettings = {
  system: '',
  temperature: null,
  topP: null,
  maxTokens: null,
  seed: null,
  stop: '',
  tools: '',
  schema: '',
};
