/** What ranking weighs, and how much; `docs/guide/memory.md` says what each adds. */
export interface RecallWeights {
  /** BM25 over turns: how soon repetition stops counting, and how much length is held against a turn. */
  saturation: number;
  lengthNormalization: number;
  /** The same over sessions. */
  sessionSaturation: number;
  sessionLengthNormalization: number;
  /** Of a single Han, kana or Hangul character beside the pairs it is in. */
  character: number;
  /** Of a group of words that mean the same, beside the word itself. */
  concept: number;
  /** Of a number or a date. */
  number: number;
  /** Of the name of somebody who speaks, which says who rather than what. */
  speakerName: number;
  /** Of any other proper name. */
  properName: number;
  /** What a turn gets of the words of those 1, 2, 3 … turns away in its session. */
  neighbours: readonly number[];
  /** How much of that, and of the session, pairs and single characters give. */
  pieces: number;
  /** Of a turn's session, as one text. */
  session: number;
  /** More for turns of the person that the question names, or means by "I" and "you"; shares of a turn's score. */
  speaker: number;
  pronoun: number;
  /** Less for a turn that only asks. */
  asking: number;
  /** More for long turns: what a turn of 50 words or more gets. */
  length: number;
  /** More for turns that tell a time when the question asks for one. */
  tellsTime: number;
  /** More for turns said in, or telling of, the time that the question names. */
  saidInTime: number;
  tellsOfTime: number;
  /** What fitting that time counts without any word in common. */
  time: number;
  /** Of a turn's vector beside its words, and what a turn gets of its neighbours' vectors. */
  vector: number;
  vectorNeighbours: readonly number[];
}

export const defaultRecallWeights: RecallWeights = {
  saturation: 0.7,
  lengthNormalization: 0.6,
  sessionSaturation: 0.6,
  sessionLengthNormalization: 0.4,
  character: 0.8,
  concept: 1,
  number: 0.8,
  speakerName: 0.2,
  properName: 1.2,
  neighbours: [0.5, 0.3, 0.1, 0.1],
  pieces: 0.4,
  session: 0.5,
  speaker: 0.3,
  pronoun: 0.4,
  asking: 0.5,
  length: 0.25,
  tellsTime: 0.5,
  saidInTime: 1,
  tellsOfTime: 1,
  time: 0.4,
  vector: 0.5,
  vectorNeighbours: [0.4, 0.2],
};

/**
 * The best turn's score below which nothing was found that is worth saying: on the development half of our own set it
 * silences one to two in a hundred questions that are answered. It knows few of those whose answer was never said.
 */
export const silenceBelow = { lexical: 0.15, hybrid: 0.75 };
