import type { PromptRecord } from '../../../contract/prompts.ts';

type Part = [kind: string, text: string, more?: Partial<PromptRecord['segments'][number]>];

/** A small whole prompt: one message per list of parts; every part is a segment whose tokens are its words. */
export function somePrompt(
  messages: readonly [role: PromptRecord['messages'][number]['role'], ...parts: Part[]][],
  change: Partial<PromptRecord> = {},
): PromptRecord {
  const segments: PromptRecord['segments'] = [];
  const built = messages.map(([role, ...parts]) => ({
    role,
    pieces: parts.map(([kind, text, more]) => {
      segments.push({ kind, owner: '', tokens: text.split(/\s+/).filter(Boolean).length, stable: false, ...more });
      return { segment: segments.length - 1, text };
    }),
  }));
  const prompt = segments.reduce((sum, { tokens }) => sum + tokens, 0);
  return {
    messageId: 'm2',
    model: { ref: 'scripted', label: 'Scripted model' },
    order: 'stable',
    presetName: 'House',
    messages: built,
    segments,
    dropped: [],
    lore: { fired: [], cut: [] },
    digest: 'd',
    exact: true,
    tokens: { prompt, evaluated: null, reused: null },
    ...change,
  };
}
