import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { exampleOf, type ExampleNames, type ExampleTask } from '../../web/pages/developers/code/example-tasks.ts';
import type { CodeLanguage, CodeTarget } from '../../web/pages/developers/code/v1-example.ts';
import { setupOf, writeCode } from '../../web/pages/developers/code/write-code.ts';

export interface QuickStart {
  language: CodeLanguage;
  task: ExampleTask;
}

export interface QuickStartOutcome {
  /** What the program printed. */
  printed: string;
  /** What it wrote into `speech.mp3`; null where there is none. */
  sound: Buffer | null;
}

interface Options {
  starts: readonly QuickStart[];
  names: ExampleNames;
  target: CodeTarget;
  /** Python with `openai`; without one, programs in Python are an error. */
  python: string | null;
}

/** Real models on a busy machine are slow; a program that takes longer hangs. */
const PATIENCE_IN_MS = 500_000;
/** Stands between what two programs print. */
const SEAM = '\u241e';
const JAVASCRIPT = `
const [seam, ...folders] = process.argv.slice(2);
for (const folder of folders) {
  process.chdir(folder);
  await import(new URL('file://' + folder + '/example.mjs')).catch((error) => console.log('FAILED', error));
  process.stdout.write(seam);
}`;
const PYTHON = `
import os, runpy, sys, traceback
seam, *folders = sys.argv[1:]
for folder in folders:
    os.chdir(folder)
    try:
        runpy.run_path("example.py", run_name="__main__")
    except Exception:
        print("FAILED", traceback.format_exc())
    print(end=seam, flush=True)
`;

/**
 * Runs programs of the quick start as they stand on the page, each in a folder of its own. Those of one interpreter run
 * one after the other in one process, because loading their packages takes longest. Keys are `LANGUAGE TASK`.
 */
export async function runQuickStarts(options: Options): Promise<Map<string, QuickStartOutcome>> {
  const root = await mkdtemp(join(tmpdir(), 'everwith-quick-starts-'));
  try {
    await symlink(join(import.meta.dirname, '..', '..', 'node_modules'), join(root, 'node_modules'));
    await writeFile(join(root, 'all.mjs'), JAVASCRIPT);
    await writeFile(join(root, 'all.py'), PYTHON);
    const programs = await Promise.all(options.starts.map((start) => save(root, start, options)));
    const of = (file: string) => programs.filter((program) => program.file === file);
    const printed = await Promise.all([
      printedBy(process.execPath, join(root, 'all.mjs'), of('example.mjs')),
      printedBy(options.python ?? 'python-is-missing', join(root, 'all.py'), of('example.py')),
      ...of('example.sh').map((program) => printedByShell(program)),
    ]);
    const outcomes = printed.flat().map(async ({ name, folder, words }) => {
      const sound = await readFile(join(folder, 'speech.mp3')).catch(() => null);
      return [name, { printed: words, sound }] as const;
    });
    return new Map(await Promise.all(outcomes));
  } finally {
    await rm(root, { recursive: true, force: true });
  }
}

interface Program {
  name: string;
  folder: string;
  file: string;
}

async function save(root: string, { language, task }: QuickStart, { names, target }: Options): Promise<Program> {
  const example = exampleOf(task, names);
  const file = setupOf(language, example)?.file ?? 'example.sh';
  const folder = join(root, `${language}-${task}`);
  await mkdir(folder);
  await writeFile(join(folder, file), writeCode(language, example, target));
  return { name: `${language} ${task}`, folder, file };
}

async function printedBy(command: string, all: string, programs: readonly Program[]) {
  if (programs.length === 0) return [];
  const words = await printedFrom(command, [all, SEAM, ...programs.map(({ folder }) => folder)], programs[0]?.folder);
  const pieces = words.split(SEAM);
  return programs.map((program, place) => ({ ...program, words: pieces[place] ?? 'FAILED: nothing was printed' }));
}

async function printedByShell(program: Program) {
  return [{ ...program, words: await printedFrom('bash', [program.file], program.folder) }];
}

/** Standard output; what went wrong is in it, since a test reads it. */
async function printedFrom(command: string, words: readonly string[], cwd = '.'): Promise<string> {
  const child = spawn(command, words, { cwd, stdio: ['ignore', 'pipe', 'pipe'], timeout: PATIENCE_IN_MS });
  const ended = once(child, 'close');
  const [printed, faults, [code]] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
  return code === 0 ? printed : `${printed}\nFAILED ${String(code)}: ${faults}`;
}
