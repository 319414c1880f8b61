import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

const projectRoot = join(import.meta.dirname, '..', '..');

/** The server as `./everwith` starts it: Node's options, then the program of the last build, which the run has made. */
export async function launchedProgram(): Promise<{ nodeOptions: string[]; program: string }> {
  const launcher = await readFile(join(projectRoot, 'everwith'), 'utf8');
  const options = /^exec "\$runtime" (.*)"\$program"/m.exec(launcher)?.[1];
  if (options === undefined) throw new Error('The launcher does not start its program with options any more.');
  const [folder = ''] = (await readFile(join(projectRoot, 'dist/.server-built'), 'utf8')).split('\n');
  return { nodeOptions: options.split(' ').filter((option) => option !== ''), program: join(folder, 'main.mjs') };
}
