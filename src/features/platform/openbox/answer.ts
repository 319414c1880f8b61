/** What came back for a task, in the one form that checkers read. */
export interface Answer {
  text: string;
  /** Arguments as they were written: JSON, if the model kept to it. */
  toolCalls: readonly { name: string; arguments: string }[];
  finishReason: string | null;
  /** Null for an answer in words. */
  audio: { bytes: Uint8Array; contentType: string } | null;
}

export const wordsAnswer: Answer = { text: '', toolCalls: [], finishReason: 'stop', audio: null };
