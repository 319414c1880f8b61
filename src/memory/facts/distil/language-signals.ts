import { chineseSignals } from './chinese-signals.ts';
import { chineseWeights, englishWeights, type StatementWeights } from './statement-weights.ts';
import { englishSignals } from './english-signals.ts';
import { isUnspaced } from './candidate-sentences.ts';
import type { SignalTable } from './signals.ts';

/** How the sentences of a language are judged. */
export interface StatementLanguage {
  signals: SignalTable;
  weights: StatementWeights;
  /** UTF-16 units that a sentence of this script says as much with as one of Latin letters with `1 / density`. */
  density: number;
  /** A run whose strongest sentence scores that much is kept; log-odds. Chosen on the development set. */
  keepFrom: number;
  /** A sentence that says “he”, “it”, “that” first and means what stood before. */
  leansOnBefore: RegExp;
}

const english: StatementLanguage = {
  signals: englishSignals,
  weights: englishWeights,
  density: 1,
  keepFrom: -0.3,
  leansOnBefore:
    /^["“]?(?:and |but |so |then |also )?(?:he|she|they|it|it's|he's|she's|they're|his|her|their|that|this|the one|which)\b/i,
};

const chinese: StatementLanguage = {
  signals: chineseSignals,
  weights: chineseWeights,
  density: 3,
  keepFrom: 0.05,
  leansOnBefore: /^["“]?(?:他|她|它|那|这|所以|但|就|结果|后来)/u,
};

/** By script, for people mix languages within a turn. */
export function languageOfSentence(text: string): StatementLanguage {
  return isUnspaced(text) ? chinese : english;
}
