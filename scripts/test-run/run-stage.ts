import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { projectRoot } from '../project-root.ts';
import type { Stage } from './stages.ts';
import { tallyReport, type Tally } from './tally.ts';

/** After SIGTERM, before SIGKILL. */
const STOP_LIMIT_IN_MS = 10_000;

/** Runs one stage's files in a Vitest process whose progress goes straight to the terminal, and counts its report. */
export async function runStage({
  stage,
  files,
  reportFolder,
  environment,
  signal,
}: {
  stage: Stage;
  files: readonly string[];
  reportFolder: string;
  environment: Record<string, string>;
  signal: AbortSignal;
}): Promise<Tally> {
  const reportPath = join(reportFolder, `${stage.name}.json`);
  const args = [
    join(projectRoot, 'node_modules/vitest/vitest.mjs'),
    'run',
    ...stage.projects.flatMap((project) => ['--project', project]),
    `--maxWorkers=${stage.workers}`,
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${reportPath}`,
    '--retry=0',
    ...files,
  ];
  const exitCode = await runInOwnGroup({ args, environment, signal });
  const report = await readFile(reportPath, 'utf8').catch(() => null);
  return tallyReport({ stage: stage.name, report, exitCode, root: projectRoot });
}

/** Its own process group, so that stopping also reaches what the tests have started. */
async function runInOwnGroup({
  args,
  environment,
  signal,
}: {
  args: string[];
  environment: Record<string, string>;
  signal: AbortSignal;
}): Promise<number> {
  signal.throwIfAborted();
  return await new Promise<number>((resolve, reject) => {
    const child = spawn(process.execPath, args, {
      cwd: projectRoot,
      stdio: ['ignore', 'inherit', 'inherit'],
      env: { ...process.env, ...environment },
      detached: true,
    });
    let timer: NodeJS.Timeout | undefined;
    const send = (kind: NodeJS.Signals) => {
      if (child.pid === undefined || child.exitCode !== null) return;
      try {
        process.kill(-child.pid, kind);
      } catch {
        // The group has ended already.
      }
    };
    const stop = () => {
      send('SIGTERM');
      timer = setTimeout(() => send('SIGKILL'), STOP_LIMIT_IN_MS);
    };
    signal.addEventListener('abort', stop, { once: true });
    child.once('error', reject);
    child.once('exit', (code) => {
      clearTimeout(timer);
      signal.removeEventListener('abort', stop);
      resolve(code ?? 1);
    });
  });
}
