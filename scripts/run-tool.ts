import { spawn } from 'node:child_process';
import { delimiter, join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { projectRoot } from './project-root.ts';

export interface ToolOptions {
  name: string;
  command: string;
  args: string[];
  /** Added to this process's own environment. */
  environment?: Record<string, string>;
  signal?: AbortSignal;
  /** Called with each piece of output as it arrives. */
  onOutput?: (text: string) => void;
}

export interface ToolResult {
  name: string;
  /** The exit status; 1 when the program could not be started or a signal ended it. */
  code: number;
  /** Standard output and error, in the order in which they arrived. */
  output: string;
  milliseconds: number;
}

/**
 * Runs one program in the project's root and collects what it says. The pinned Node comes first on
 * the PATH, because the tools' own start lines look for `node` there. Aborting ends its process group.
 */
export async function runTool({
  name,
  command,
  args,
  environment,
  signal,
  onOutput,
}: ToolOptions): Promise<ToolResult> {
  const started = performance.now();
  const pieces: string[] = [];
  const take = (text: string) => {
    pieces.push(text);
    onOutput?.(text);
  };
  const code = await new Promise<number>((resolve) => {
    const child = spawn(command, args, {
      cwd: projectRoot,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        ...process.env,
        ...environment,
        PATH: `${join(projectRoot, 'node_modules/.bin')}${delimiter}${process.env['PATH'] ?? ''}`,
      },
      detached: true,
    });
    const stop = () => endGroup(child.pid);
    if (signal?.aborted) stop();
    signal?.addEventListener('abort', stop, { once: true });
    child.stdout.setEncoding('utf8').on('data', take);
    child.stderr.setEncoding('utf8').on('data', take);
    child.on('error', (error) => {
      take(`${command} could not be started: ${error.message}\n`);
      resolve(1);
    });
    child.on('close', (status) => {
      signal?.removeEventListener('abort', stop);
      resolve(status ?? 1);
    });
  });
  return { name, code, output: pieces.join(''), milliseconds: performance.now() - started };
}

/** SIGTERM to a whole process group; a group that is already gone is no error. */
function endGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGTERM');
  } catch {
    // The group ended between the decision and the signal.
  }
}
