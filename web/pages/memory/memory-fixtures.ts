import type {
  DiaryEntry,
  MemoryDate,
  MemoryFact,
  MemoryOverview,
  MemoryPortrait,
  MemorySource,
  MemorySummary,
} from '../../../contract/memory.ts';

/** Small whole values for tests of what shows memory. 15 May 2026, noon. */
export const THEN = Date.UTC(2026, 4, 15, 12);

export function someSource(messageId: string, change: Partial<MemorySource> = {}): MemorySource {
  return {
    conversationId: 'c1',
    messageId,
    speaker: 'Leo',
    byHuman: true,
    at: THEN,
    excerpt: `words of ${messageId}`,
    present: true,
    ...change,
  };
}

export function someFact(id: string, change: Partial<MemoryFact> = {}): MemoryFact {
  return {
    id,
    about: 'user',
    subject: 'Leo',
    text: `fact ${id}`,
    quote: `words of h-${id}`,
    saidAt: THEN,
    validFrom: null,
    validTo: null,
    certainty: 'certain',
    state: 'active',
    everywhere: false,
    by: 'model',
    extractor: 'distiller/1',
    replacesId: null,
    replacedById: null,
    counts: true,
    sources: [someSource(`h-${id}`)],
    ...change,
  };
}

export function someSummary(change: Partial<MemorySummary> = {}): MemorySummary {
  return {
    id: 's1',
    conversationId: 'c1',
    layer: 'relationship',
    sentences: [{ text: 'Leo and Mira trust each other.', sources: ['h-1'] }],
    from: THEN,
    to: THEN,
    messageCount: 12,
    by: 'small',
    createdAt: THEN,
    ...change,
  };
}

export function someDiaryEntry(id: string, change: Partial<DiaryEntry> = {}): DiaryEntry {
  return {
    id,
    conversationId: 'c1',
    text: `page ${id}`,
    by: 'character',
    at: THEN,
    sources: ['h-1'],
    counts: true,
    updatedAt: THEN,
    ...change,
  };
}

export function someDate(id: string, change: Partial<MemoryDate> = {}): MemoryDate {
  return {
    id,
    text: `date ${id}`,
    dueAt: THEN,
    precision: 'day',
    recurs: 'none',
    state: 'open',
    conversationId: 'c1',
    factId: null,
    counts: true,
    ...change,
  };
}

export function someOverview(change: Partial<MemoryOverview> = {}): MemoryOverview {
  return {
    settings: { paused: false, otherConversations: true, distil: true, diary: true },
    counts: { messages: 120, facts: 3, pinned: 1, summaries: 1, diary: 1, dates: 1, rules: 0 },
    work: { toDistil: 0, toEmbed: 0 },
    embedding: 'multilingual-e5-small',
    ...change,
  };
}

export function somePortrait(change: Partial<MemoryPortrait> = {}): MemoryPortrait {
  return {
    groups: [{ about: 'user', facts: [someFact('1')] }],
    relationship: someSummary(),
    dates: [someDate('d1')],
    ...change,
  };
}
