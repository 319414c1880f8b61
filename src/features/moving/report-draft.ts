import type { MoveKind, MoveNote, MoveProblem } from '../../../contract/moving.ts';

/** Problems kept by name; more are only counted. */
const KEPT_PROBLEMS = 500;
const PATH_LENGTH = 300;

/** What a dry run and an import have to say besides what they found. */
export class ReportDraft {
  readonly problems: MoveProblem[] = [];
  problemCount = 0;
  readonly #notes = new Map<string, MoveNote>();
  readonly #broken = new Map<MoveKind, number>();
  files = 0;
  bytes = 0;

  addProblem(problem: { path: string; line?: number | null; reason: string; message?: string }): void {
    this.problemCount += 1;
    if (this.problems.length >= KEPT_PROBLEMS) return;
    const { path, line = null, reason, message = '' } = problem;
    this.problems.push({ path: shown(path), line, reason, message: message.slice(0, 500) });
  }

  addBroken(kind: MoveKind, problem: { path: string; reason: string; message?: string }): void {
    this.#broken.set(kind, this.broken(kind) + 1);
    this.addProblem(problem);
  }

  broken(kind: MoveKind): number {
    return this.#broken.get(kind) ?? 0;
  }

  addNote(code: string, name: string): void {
    const key = `${code} ${name}`;
    const note = this.#notes.get(key);
    if (note) note.count += 1;
    else if (this.#notes.size < 200) this.#notes.set(key, { code, name: shown(name), count: 1 });
  }

  get notes(): MoveNote[] {
    return [...this.#notes.values()];
  }
}

function shown(path: string): string {
  const clean = path.toWellFormed().replace(/\p{Cc}/gu, '');
  return clean.length <= PATH_LENGTH ? clean : `…${clean.slice(-PATH_LENGTH).toWellFormed()}`;
}
