import { spawn } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';

/** A package client as an argument vector: `['pip3']`, `['python3', '-m', 'pip']`, `['npm']`. */
export type ClientCommand = readonly [string, ...string[]];
export type Environment = Readonly<Record<string, string | undefined>>;

/** Time a child has to end after it was asked to, before it is ended. */
const GRACE_IN_MS = 2_000;
/** Enough of what a client says for a person to see why it failed, bytes. */
const KEPT_OUTPUT = 8 * 1024;

export interface ClientResult {
  code: number | null;
  stdout: string;
  /** The end of it. */
  stderr: string;
}

/**
 * Runs the client to its end. Never through a shell; in its own process group, so that an abort ends what it started
 * too. Rejects with the signal's reason when aborted, once the child is gone.
 */
export async function runClient({
  command,
  args,
  environment,
  folder,
  signal,
}: {
  command: ClientCommand;
  args: readonly string[];
  environment: Environment;
  /** Where it runs; by default where the house does. */
  folder?: string | undefined;
  signal: AbortSignal;
}): Promise<ClientResult> {
  signal.throwIfAborted();
  const [program, ...first] = command;
  const grouped = process.platform !== 'win32';
  const child = spawn(program, [...first, ...args], {
    env: { ...environment },
    ...(folder === undefined ? {} : { cwd: folder }),
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: grouped,
    windowsHide: true,
  });
  const output = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (text: string) => {
      output[name] = (output[name] + text).slice(-KEPT_OUTPUT);
    });
  }
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  const stop = () => void endChild({ pid: child.pid, grouped, ended });
  signal.addEventListener('abort', stop, { once: true });
  try {
    const code = await ended;
    signal.throwIfAborted();
    return { code, ...output };
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

async function endChild({
  pid,
  grouped,
  ended,
}: {
  pid: number | undefined;
  grouped: boolean;
  ended: Promise<unknown>;
}): Promise<void> {
  if (pid === undefined) return;
  const send = (name: NodeJS.Signals) => {
    try {
      process.kill(grouped ? -pid : pid, name);
    } catch {
      // Gone already.
    }
  };
  send('SIGTERM');
  const patience = new AbortController();
  await Promise.race([
    ended.catch(() => undefined),
    delay(GRACE_IN_MS, undefined, { signal: patience.signal }).then(() => send('SIGKILL')),
  ]).catch(() => undefined);
  patience.abort();
}
