import type { CoveredView } from '../covered-view.ts';
import type { FactRecord } from '../facts/fact-record.ts';
import type { RuleBook } from '../facts/rule-book.ts';
import type { HeldSummary } from './cover.ts';
import { lineOfMessage, lineOfSentence, type SummaryLine } from './summary-line.ts';
import type { SummaryLayer } from './summary-store.ts';

/** Sessions that how things stand is told from, the latest, and sentences of each. */
const SESSIONS = 6;
const SENTENCES_OF_SESSION = 3;
/** Facts that how things stand is told from, the latest. */
const FACTS = 8;
/** What of people's lives says something about the two. */
const ABOUT: ReadonlySet<FactRecord['about']> = new Set(['relationship', 'promise', 'user']);

interface LayerMaterial {
  layer: SummaryLayer;
  /** Messages it covers, in path order. */
  covered: readonly string[];
  /** The summaries it is made of; none for a scene. */
  parts: readonly HeldSummary[];
  view: CoveredView;
  rules: RuleBook;
  /** Facts that count; how things stand is told from those said in what is covered. */
  facts: readonly FactRecord[];
}

/** The lines a summary is written from, and the names of those who talk. Nothing in them is forbidden or forgotten. */
export function linesOf(material: LayerMaterial): { lines: SummaryLine[]; names: string[] } {
  const { layer, covered, view } = material;
  const turns = covered.flatMap((id) => view.turn(id) ?? []);
  const names = [...new Set(turns.map(({ speaker }) => speaker))].filter((name) => name !== '');
  if (layer === 'scene') return { lines: turns.flatMap((turn) => messageLine(material, turn) ?? []), names };
  const told = partLines(material);
  return { lines: layer === 'session' ? told : [...factLines(material), ...told], names };
}

function messageLine(
  { rules }: LayerMaterial,
  turn: { id: string; speaker: string; byHuman: boolean; text: string },
): SummaryLine | undefined {
  if (rules.forbids(turn.id, '')) return undefined;
  return lineOfMessage(
    turn,
    (sentence) => !rules.isEmpty && (rules.forbidsWords(sentence) || rules.isForgotten(turn.id, sentence)),
  );
}

function partLines(material: LayerMaterial): SummaryLine[] {
  const { layer, parts } = material;
  const told = layer === 'relationship' ? parts.slice(-SESSIONS) : parts;
  return told.flatMap(({ record: { sentences } }) =>
    sentences
      .slice(0, layer === 'relationship' ? SENTENCES_OF_SESSION : sentences.length)
      .filter(({ text, sources }) => !sources.some((id) => material.rules.forbids(id, text)))
      .map((sentence) => lineOfSentence(sentence, (id) => material.view.turn(id)))
      .filter(({ evidence }) => evidence.length > 0),
  );
}

function factLines({ facts, covered, view }: LayerMaterial): SummaryLine[] {
  const there = new Set(covered);
  return facts
    .filter(({ about, sources, replacedById }) => ABOUT.has(about) && sources.length > 0 && replacedById === null)
    .filter(({ sources }) => sources.every(({ messageId }) => there.has(messageId)))
    .slice(-FACTS)
    .map(({ text, sources }) =>
      lineOfSentence({ text, sources: sources.map(({ messageId }) => messageId) }, (id) => view.turn(id)),
    );
}
