import type { RecallWeights } from '../../src/memory/recall/recall-weights.ts';

/** Ranking with one signal switched off, to see what the signal adds. */
export const ABLATIONS: readonly { without: string; weights: Partial<RecallWeights>; hybridOnly?: true }[] = [
  { without: 'neighbours', weights: { neighbours: [] } },
  { without: 'session', weights: { session: 0 } },
  { without: 'speaker', weights: { speaker: 0, pronoun: 0 } },
  { without: 'lighter speaker names', weights: { speakerName: 1 } },
  { without: 'heavier proper names', weights: { properName: 1 } },
  { without: 'single characters', weights: { character: 0 } },
  { without: 'asking', weights: { asking: 0 } },
  { without: 'length', weights: { length: 0 } },
  { without: 'tells a time', weights: { tellsTime: 0 } },
  { without: 'time windows', weights: { saidInTime: 0, tellsOfTime: 0 } },
  { without: 'vectors', weights: { vector: 0 }, hybridOnly: true },
  { without: 'neighbours of vectors', weights: { vectorNeighbours: [] }, hybridOnly: true },
  {
    without: 'everything but BM25',
    weights: {
      neighbours: [],
      session: 0,
      speaker: 0,
      pronoun: 0,
      speakerName: 1,
      properName: 1,
      asking: 0,
      length: 0,
      tellsTime: 0,
      saidInTime: 0,
      tellsOfTime: 0,
      vector: 0,
    },
  },
];
