import { readFile, readdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { z } from 'zod';
import { InvalidInputError, errorMessage } from '../../src/base/errors.ts';
import { createZoneClock } from '../../src/memory/time/zone-clock.ts';

/** How a turn stands in its conversation: `main` and a fork's name are paths; the rest is on none. */
export interface OwnTurn {
  id: string;
  parentId: string | null;
  speaker: string;
  byHuman: boolean;
  text: string;
  /** Epoch milliseconds. */
  at: number;
  /** `main`, a fork's name, or null for discarded alternatives and what hangs below them. */
  branch: string | null;
  deleted: boolean;
  /** Sessions of one branch count from 0. */
  session: number;
  line: number;
}

export const questionKinds = ['single', 'multi', 'time', 'update', 'never', 'pollution'] as const;

const questionSchema = z.strictObject({
  id: z.string().min(1),
  kind: z.enum(questionKinds),
  ask: z.string().min(1),
  answer: z.string().min(1),
  evidence: z.array(z.string()),
  never: z.array(z.string()).default([]),
  on: z.string().default('main'),
  at: z
    .string()
    .regex(/^\d{4}-\d{2}-\d{2} \d{2}:\d{2}$/)
    .optional(),
});

const factSchema = z.strictObject({
  about: z.enum(['user', 'character', 'relationship', 'place', 'promise']),
  text: z.string().min(1),
  sources: z.array(z.string()).min(1),
  words: z.array(z.string().min(1)).min(1).max(3),
});

export type OwnFact = z.output<typeof factSchema>;

export interface OwnQuestion extends Omit<z.output<typeof questionSchema>, 'at'> {
  /** Epoch milliseconds. */
  at: number;
}

export interface OwnConversation {
  id: string;
  title: string;
  language: string;
  timeZone: string;
  human: string;
  character: string;
  setting: string;
  /** In the order of the file. */
  turns: OwnTurn[];
  /** `main` first; the turns from the beginning to each branch's end, deleted ones left out. */
  paths: Map<string, OwnTurn[]>;
  questions: OwnQuestion[];
  facts: OwnFact[];
}

const DAY = 24 * 60 * 60 * 1000;
const MINUTE = 60 * 1000;
const HEAD = /^(title|language|time-zone|human|character|setting): (.+)$/;
const SESSION = /^== (\d{4}-\d{2}-\d{2} \d{2}:\d{2})$/;
const FORK = /^== fork (\S+) after (\S+) (\d{4}-\d{2}-\d{2} \d{2}:\d{2})$/;
const TURN = /^([a-z]?\d+[a-z]?) (.+?)(?: (-|[~^][a-z]?\d+[a-z]?))?: (.+)$/u;

/** The conversations of a folder, or of one `.txt` file, by name. */
export async function readOwnSet(path: string): Promise<OwnConversation[]> {
  const files = path.endsWith('.txt')
    ? [path]
    : (await readdir(path, { recursive: true }))
        .filter((name) => name.endsWith('.txt'))
        .toSorted()
        .map((name) => join(path, name));
  if (files.length === 0) throw new InvalidInputError(`${path} holds no conversation: it should have files NAME.txt.`);
  return Promise.all(files.map(readOwnConversation));
}

export async function readOwnConversation(file: string): Promise<OwnConversation> {
  const id = basename(file, '.txt');
  const beside = join(dirname(file), id);
  const conversation = parseTranscript(id, await readFile(file, 'utf8'));
  const questions = await readLines(`${beside}.questions.jsonl`, questionSchema);
  const last = Math.max(...conversation.turns.map(({ at }) => at));
  return {
    ...conversation,
    questions: questions.map(({ at, ...question }) => ({
      ...question,
      at: at === undefined ? last + DAY : instantOf(at, conversation.timeZone),
    })),
    facts: await readLines(`${beside}.facts.jsonl`, factSchema),
  };
}

/** A transcript alone. Throws an `InvalidInputError` that names the line. */
export function parseTranscript(id: string, text: string): Omit<OwnConversation, 'questions' | 'facts'> {
  const head = new Map<string, string>();
  const reader = new TranscriptReader(id, head);
  for (const [index, line] of text.split('\n').entries()) {
    if (line.trim() === '') continue;
    const known = HEAD.exec(line);
    if (known?.[1] && known[2] && !reader.hasBegun) head.set(known[1], known[2].trim());
    else reader.read(line, index + 1);
  }
  const { turns } = reader;
  return {
    id,
    title: reader.need('title'),
    language: reader.need('language'),
    timeZone: reader.need('time-zone'),
    human: reader.need('human'),
    character: reader.need('character'),
    setting: reader.need('setting'),
    turns,
    paths: pathsOf(turns),
  };
}

class TranscriptReader {
  readonly turns: OwnTurn[] = [];
  readonly #id: string;
  readonly #head: ReadonlyMap<string, string>;
  readonly #byId = new Map<string, OwnTurn>();
  /** The last turn of each branch. */
  readonly #ends = new Map<string, OwnTurn>();
  #branch = 'main';
  #at: number | undefined;
  #session = -1;
  #mainSessions = 0;

  constructor(id: string, head: ReadonlyMap<string, string>) {
    this.#id = id;
    this.#head = head;
  }

  get hasBegun(): boolean {
    return this.#at !== undefined;
  }

  need(key: string): string {
    const value = this.#head.get(key);
    if (value === undefined) throw new InvalidInputError(`${this.#id}: the head has no “${key}”.`);
    return value;
  }

  read(line: string, number: number): void {
    const session = SESSION.exec(line);
    const fork = FORK.exec(line);
    if (session?.[1]) {
      this.#branch = 'main';
      this.#session = this.#mainSessions;
      this.#mainSessions += 1;
      this.#at = instantOf(session[1], this.need('time-zone'));
    } else if (fork?.[1] && fork[2] && fork[3]) {
      const from = this.#turn(fork[2], number);
      if (this.#ends.has(fork[1])) this.#fail(number, `the fork ${fork[1]} is there twice`);
      this.#branch = fork[1];
      this.#session = 0;
      this.#ends.set(fork[1], from);
      this.#at = instantOf(fork[3], this.need('time-zone'));
    } else this.#readTurn(line, number);
  }

  #readTurn(line: string, number: number): void {
    const [, id, speaker, mark, text] = TURN.exec(line) ?? [];
    if (!id || !speaker || !text) this.#fail(number, `this is no turn: ${line.slice(0, 60)}`);
    if (this.#at === undefined) this.#fail(number, 'a turn stands before the first session');
    if (this.#byId.has(id)) this.#fail(number, `the turn ${id} is there twice`);
    const human = this.need('human');
    if (speaker !== human && speaker !== this.need('character'))
      this.#fail(number, `${speaker} is neither ${human} nor ${this.need('character')}`);
    const beside = mark?.startsWith('~') ? this.#turn(mark.slice(1), number) : undefined;
    const below = mark?.startsWith('^') ? this.#turn(mark.slice(1), number) : undefined;
    const end = this.#ends.get(this.#branch);
    this.#at += MINUTE;
    const turn: OwnTurn = {
      id,
      parentId: beside ? beside.parentId : (below?.id ?? end?.id ?? null),
      speaker,
      byHuman: speaker === human,
      text,
      at: this.#at,
      branch: beside || below ? null : this.#branch,
      deleted: mark === '-',
      session: this.#session,
      line: number,
    };
    this.turns.push(turn);
    this.#byId.set(id, turn);
    if (turn.branch !== null) this.#ends.set(this.#branch, turn);
  }

  #turn(id: string, number: number): OwnTurn {
    return this.#byId.get(id) ?? this.#fail(number, `there is no turn ${id} above`);
  }

  #fail(number: number, why: string): never {
    throw new InvalidInputError(`${this.#id}.txt, line ${number}: ${why}.`);
  }
}

function pathsOf(turns: readonly OwnTurn[]): Map<string, OwnTurn[]> {
  const byId = new Map(turns.map((turn) => [turn.id, turn]));
  const ends = new Map<string, OwnTurn>();
  for (const turn of turns) if (turn.branch !== null) ends.set(turn.branch, turn);
  return new Map(
    [...ends].map(([branch, end]) => {
      const path: OwnTurn[] = [];
      for (let turn: OwnTurn | undefined = end; turn; turn = byId.get(turn.parentId ?? '')) path.unshift(turn);
      return [branch, path.filter(({ deleted }) => !deleted)];
    }),
  );
}

async function readLines<T>(file: string, schema: z.ZodType<T>): Promise<T[]> {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    throw new InvalidInputError(`${file} cannot be read: ${errorMessage(error)}`);
  });
  return text.split('\n').flatMap((line, index) => {
    if (line.trim() === '') return [];
    const where = `${basename(file)}, line ${index + 1}`;
    let value: unknown;
    try {
      value = JSON.parse(line);
    } catch (error) {
      throw new InvalidInputError(`${where} is not JSON: ${errorMessage(error)}`);
    }
    const parsed = schema.safeParse(value);
    if (!parsed.success) throw new InvalidInputError(`${where}: ${z.prettifyError(parsed.error)}`);
    return [parsed.data];
  });
}

/** The instant of a local `YYYY-MM-DD HH:MM`, in epoch milliseconds. */
function instantOf(local: string, timeZone: string): number {
  return createZoneClock(timeZone).instant(Date.parse(`${local.replace(' ', 'T')}:00Z`) / MINUTE);
}
