import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

const projectRoot = join(import.meta.dirname, '..', '..');

export interface LaunchedProgram {
  nodeOptions: string[];
  program: string;
  environment: Record<string, string>;
}

/** The server as `./everwith` starts it: Node's options, the program of the last build, which the run has made, and what is set for its allocator. */
export async function launchedProgram(): Promise<LaunchedProgram> {
  const launcher = await readFile(join(projectRoot, 'everwith'), 'utf8');
  const options = /^exec "\$runtime" (.*)"\$program"/m.exec(launcher)?.[1];
  if (options === undefined) throw new Error('The launcher does not start its program with options any more.');
  const [folder = ''] = (await readFile(join(projectRoot, 'dist/.server-built'), 'utf8')).split('\n');
  const settings = [...launcher.matchAll(/^(MALLOC_\w+)=\$\{\1-(\w+)\}$/gm)];
  if (settings.length === 0) throw new Error('The launcher does not set up the allocator any more.');
  return {
    nodeOptions: options.split(' ').filter((option) => option !== ''),
    program: join(folder, 'main.mjs'),
    environment: Object.fromEntries(settings.map(([, name = '', value = '']) => [name, value])),
  };
}
