import { createContext, Script } from 'node:vm';
import type { PatternCache } from './pattern-cache.ts';
import type { Pattern } from './compile-pattern.ts';

/** Milliseconds of the processor all risky expressions of one run may take together; the house promises 50 per message. */
const RUN_ALLOWANCE = 40;
/** Milliseconds of the processor one risky expression may take, so that a hostile one leaves time for the honest. */
const PATTERN_ALLOWANCE = 12;
/** Milliseconds of the wall all risky expressions of one run may take, however busy the machine. */
const WALL_ALLOWANCE = 200;
/** Milliseconds a call costs at least. */
const CALL_COST = 0.05;
/** Times an expression is tried on a machine so busy that it had no share of it. */
const MAX_ATTEMPTS = 8;
/** Patterns up to this length compile in microseconds; longer ones compile under the bound. */
const SHORT_PATTERN = 400;
/**
 * Work that RE2 does without a bound, in instructions × letters. Its automaton needs about 10 ns for a letter, its
 * fallback up to 20 ns for each instruction too; this much is 12 ms at worst.
 */
const FREE_WORK = 600_000;
/** Milliseconds of the processor for such work in one run: hundreds of honest expressions; the rest runs bounded. */
const FREE_TIME_PER_RUN = 150;
/** Letters of patterns compiled without a bound in one run, about 0.2 ms each hundred. */
const FREE_COMPILING_PER_RUN = 60_000;

export type RegexAnswer = 'match' | 'no-match' | 'invalid' | 'timeout';

/**
 * Runs the regular expressions of one run. Cheap linear ones run as they are; everything else runs under a deadline
 * that interrupts V8 (`node:vm`), whose watchdog ends backtracking and plain loops alike. When the run's allowance is
 * spent, risky expressions are not run any more and answer `timeout`.
 */
export class RegexGuard {
  readonly #patterns: PatternCache;
  readonly #script = new Script('work()');
  #context: { work: () => unknown } | undefined;
  #left = RUN_ALLOWANCE;
  #wallLeft = WALL_ALLOWANCE;
  #freeTime = FREE_TIME_PER_RUN;
  #freeCompiling = FREE_COMPILING_PER_RUN;
  /** Answers of this run, so that a loop over unchanged text costs nothing. */
  readonly #answers = new Map<string, Map<string, RegexAnswer>>();

  constructor(patterns: PatternCache) {
    this.#patterns = patterns;
  }

  test({ source, flags, text }: { source: string; flags: string; text: string }): RegexAnswer {
    const key = `${flags}/${source}`;
    let answers = this.#answers.get(key);
    if (!answers) this.#answers.set(key, (answers = new Map()));
    const known = answers.get(text);
    if (known) return known;
    const answer = this.#run({ source, flags, text });
    answers.set(text, answer);
    return answer;
  }

  #run({ source, flags, text }: { source: string; flags: string; text: string }): RegexAnswer {
    const pattern = this.#compile(source, flags);
    if (pattern === 'timeout') return 'timeout';
    if (pattern.kind === 'invalid') return 'invalid';
    const work = pattern.kind === 'linear' ? pattern.size * text.length : Number.POSITIVE_INFINITY;
    if (work <= FREE_WORK && this.#freeTime > 0) {
      const start = process.threadCpuUsage();
      const isMatch = pattern.test(text);
      this.#freeTime -= millisecondsSince(start);
      return isMatch ? 'match' : 'no-match';
    }
    const found = this.#bounded(() => pattern.test(text));
    if (found === undefined) return 'timeout';
    return found ? 'match' : 'no-match';
  }

  #compile(source: string, flags: string): Pattern | 'timeout' {
    const known = this.#patterns.peek(source, flags);
    if (known) return known;
    // A counted repeat unrolls, so that few letters can make a large program.
    const isShort = source.length <= SHORT_PATTERN && !/\{\d{3,}|\{\d+,\d{3,}/.test(source);
    if (isShort && source.length <= this.#freeCompiling) {
      this.#freeCompiling -= source.length;
      return this.#patterns.compile(source, flags);
    }
    return this.#bounded(() => this.#patterns.compile(source, flags)) ?? 'timeout';
  }

  /** Undefined when the time was up. */
  #bounded<T>(work: () => T): T | undefined {
    this.#context ??= createContext({ work: () => undefined }) as { work: () => unknown };
    this.#context.work = work;
    // The watchdog counts whole milliseconds of the wall; on a busy machine much of that belongs to others, so what
    // was interrupted before it had its share of the processor runs again.
    for (let attempt = 0, own = PATTERN_ALLOWANCE; attempt < MAX_ATTEMPTS; attempt += 1) {
      const allowed = Math.floor(Math.min(this.#left, this.#wallLeft, own));
      if (allowed < 1) return undefined;
      const start = process.threadCpuUsage();
      const wallStart = performance.now();
      try {
        return this.#script.runInContext(this.#context, { timeout: allowed }) as T;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ERR_SCRIPT_EXECUTION_TIMEOUT') throw error;
      } finally {
        // A little for every call, so that a million that seem to cost nothing do not.
        const spent = millisecondsSince(start) + CALL_COST;
        this.#left -= spent;
        own -= spent;
        this.#wallLeft -= performance.now() - wallStart;
      }
    }
    return undefined;
  }
}

/** Of the processor, by this thread. */
function millisecondsSince(start: NodeJS.CpuUsage): number {
  const { user, system } = process.threadCpuUsage(start);
  return (user + system) / 1000;
}
