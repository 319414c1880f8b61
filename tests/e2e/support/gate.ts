import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ScriptStep } from '../../../src/models/scripted/script.ts';

/**
 * Where a scripted model stops in the middle of its words until the test has looked and lets it go on: what is seen of
 * a reply that is being written does not depend on how fast it is looked at. Disposing removes its folder.
 */
export class Gate implements AsyncDisposable {
  readonly #folder: string;

  private constructor(folder: string) {
    this.#folder = folder;
  }

  /** One that is shut. */
  static async build(): Promise<Gate> {
    return new Gate(await mkdtemp(join(tmpdir(), 'everwith-gate-')));
  }

  get step(): ScriptStep {
    return { type: 'gate', file: this.#file };
  }

  async open(): Promise<void> {
    await writeFile(this.#file, '');
  }

  async shut(): Promise<void> {
    await rm(this.#file, { force: true });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.#folder, { recursive: true, force: true });
  }

  get #file(): string {
    return join(this.#folder, 'open');
  }
}
