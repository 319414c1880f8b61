import { questionKinds, type OwnConversation, type OwnQuestion, type OwnTurn } from './own-set.ts';

/** What a conversation of the set must have at least (evals/memory/README.md). */
const LEAST = {
  turns: 150,
  sessions: 8,
  alternatives: 7,
  edits: 2,
  deleted: 1,
  forkTurns: 6,
  facts: 30,
  questions: 27,
};
const LEAST_OF_KIND = { single: 8, multi: 6, time: 4, update: 1, never: 3, pollution: 5 } as const;
/** Two turns that share this much of their pieces are the same turn in other dress. */
const NEAR_DUPLICATE = 0.6;
/** Shorter turns ("Yes, please.") may repeat. */
const SHORT_TURN = 24;
/** A question that is made of this much of one evidence turn's words could be answered without remembering. */
const TELLTALE = 0.8;

/** What is wrong with a conversation, a sentence each; empty when it is good. */
export function checkConversation(conversation: OwnConversation): string[] {
  return [
    ...checkCounts(conversation),
    ...checkOrder(conversation),
    ...nearDuplicates(conversation.turns),
    ...conversation.questions.flatMap((question) => checkQuestion(question, conversation)),
    ...checkFacts(conversation),
  ];
}

function checkCounts({ turns, paths, questions, facts }: OwnConversation): string[] {
  const main = turns.filter(({ branch }) => branch === 'main');
  const beside = turns.filter(({ branch }) => branch === null);
  const forks = [...paths.keys()].filter((name) => name !== 'main');
  const longest = Math.max(0, ...forks.map((name) => turns.filter(({ branch }) => branch === name).length));
  const counts: [string, number, number][] = [
    ['turns on the main line', main.length, LEAST.turns],
    ['sessions', new Set(main.map(({ session }) => session)).size, LEAST.sessions],
    ['discarded replies', beside.filter(({ byHuman }) => !byHuman).length, LEAST.alternatives],
    ['edited messages', beside.filter(({ byHuman }) => byHuman).length, LEAST.edits],
    ['deleted turns', main.filter(({ deleted }) => deleted).length, LEAST.deleted],
    ['turns in the longest fork', longest, LEAST.forkTurns],
    ['facts', facts.length, LEAST.facts],
    ['questions', questions.length, LEAST.questions],
    ...questionKinds.map((kind): [string, number, number] => [
      `questions of kind ${kind}`,
      questions.filter((question) => question.kind === kind).length,
      LEAST_OF_KIND[kind],
    ]),
  ];
  return counts
    .filter(([, found, least]) => found < least)
    .map(([what, found, least]) => `${found} ${what}, at least ${least}`);
}

function checkOrder({ turns }: OwnConversation): string[] {
  const main = turns.filter(({ branch }) => branch === 'main');
  return main.flatMap((turn, index) => {
    const before = main[index - 1];
    if (turn.id !== String(index + 1)) return [`line ${turn.line}: the turn ${turn.id} should be ${index + 1}`];
    return before && before.at > turn.at
      ? [`line ${turn.line}: the turn ${turn.id} is earlier than the one before`]
      : [];
  });
}

function nearDuplicates(turns: readonly OwnTurn[]): string[] {
  const long = turns
    .filter(({ text }) => text.length >= SHORT_TURN)
    .map((turn) => ({ turn, pieces: piecesOf(turn.text) }));
  return long.flatMap(({ turn, pieces }, index) =>
    long.slice(0, index).flatMap((other) => {
      const share = jaccard(pieces, other.pieces);
      return share > NEAR_DUPLICATE ? [`the turns ${other.turn.id} and ${turn.id} are nearly the same`] : [];
    }),
  );
}

function checkQuestion(question: OwnQuestion, { turns, paths }: OwnConversation): string[] {
  const say = (what: string): string => `question ${question.id}: ${what}`;
  const problems: string[] = [];
  const path = paths.get(question.on);
  if (!path) return [say(`there is no branch ${question.on}`)];
  const visible = new Set(path.map(({ id }) => id));
  for (const id of question.evidence)
    if (!visible.has(id)) problems.push(say(`its evidence ${id} is not on ${question.on}`));
  const all = new Set(turns.map(({ id }) => id));
  for (const id of question.never) {
    if (!all.has(id)) problems.push(say(`there is no turn ${id}`));
    if (visible.has(id)) problems.push(say(`${id} is on ${question.on}, so it may be recalled`));
  }
  problems.push(...checkKind(question, turns).map(say));
  const asked = wordsOf(question.ask);
  const answer = [...wordsOf(question.answer)];
  if (question.kind !== 'never' && answer.length > 0 && answer.every((word) => asked.has(word)))
    problems.push(say('it contains its own answer'));
  for (const id of question.evidence) {
    const turn = path.find((one) => one.id === id);
    const shared = turn && [...asked].filter((word) => wordsOf(turn.text).has(word)).length / Math.max(1, asked.size);
    if (shared !== undefined && shared > TELLTALE)
      problems.push(say(`nearly all its words stand in turn ${id}: ask it another way`));
  }
  return problems;
}

function checkKind({ kind, evidence, never }: OwnQuestion, turns: readonly OwnTurn[]): string[] {
  const sessions = new Set(evidence.map((id) => turns.find((turn) => turn.id === id)?.session));
  if (kind === 'never') return evidence.length > 0 ? ['what was never said has no evidence'] : [];
  if (kind === 'pollution') return never.length === 0 ? ['it names no turn that must not be recalled'] : [];
  if (evidence.length === 0) return ['it has no evidence'];
  if (kind === 'multi' && (evidence.length < 2 || sessions.size < 2)) return ['its evidence should be of two sessions'];
  if (kind === 'update' && evidence.length < 2) return ['its evidence should hold the old and the new'];
  return [];
}

function checkFacts({ facts, turns }: OwnConversation): string[] {
  const byId = new Map(turns.map((turn) => [turn.id, turn]));
  return facts.flatMap(({ text, sources, words }) => {
    const said = sources.map((id) => byId.get(id));
    if (said.some((turn) => turn?.branch !== 'main' || turn.deleted))
      return [`fact “${text}”: a source is not on the main line`];
    const joined = said
      .map((turn) => turn?.text ?? '')
      .join('\n')
      .toLowerCase();
    const missing = words.find((word) => !joined.includes(word.toLowerCase()));
    return missing === undefined ? [] : [`fact “${text}”: “${missing}” is not in its sources`];
  });
}

/** Runs of three letters or signs, over which likeness is measured in every script. */
function piecesOf(text: string): Set<string> {
  const plain = text.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, ' ');
  return new Set(Array.from({ length: Math.max(0, plain.length - 2) }, (_, index) => plain.slice(index, index + 3)));
}

/** Words of spaced scripts of four letters or more, and pairs of Han signs. */
function wordsOf(text: string): Set<string> {
  const spaced = text.toLowerCase().match(/[\p{Script=Latin}\p{N}]{4,}/gu) ?? [];
  const han = (text.match(/\p{Script=Han}+/gu) ?? []).flatMap((run) =>
    run.length === 1 ? [] : Array.from({ length: run.length - 1 }, (_, index) => run.slice(index, index + 2)),
  );
  return new Set([...spaced, ...han]);
}

function jaccard(left: ReadonlySet<string>, right: ReadonlySet<string>): number {
  const shared = [...left].filter((piece) => right.has(piece)).length;
  return shared === 0 ? 0 : shared / (left.size + right.size - shared);
}
