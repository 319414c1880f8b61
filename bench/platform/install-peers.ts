import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
/** Of an installation, milliseconds. */
const PATIENCE_IN_MS = 8 * 60_000;

/** The version that the figures of the guide compare with, and what makes its streams work at all (its issue #1389). */
const PORTKEY = {
  dependencies: { '@portkey-ai/gateway': '1.15.2' },
  overrides: { '@hono/node-server': '1.13.5', '@hono/node-ws': '1.2.0', hono: '4.9.7' },
};
/** Two later versions carried a credential stealer: never another one by accident. */
const LITELLM = 'litellm[proxy]==1.91.1';

/** Installs Portkey below a folder. Returns its program, which Node runs. */
export async function installPortkey(folder: string): Promise<string> {
  const home = join(folder, 'portkey');
  const program = join(home, 'node_modules', '@portkey-ai', 'gateway', 'build', 'start-server.js');
  if (existsSync(program)) return program;
  await mkdir(home, { recursive: true });
  await writeFile(join(home, 'package.json'), JSON.stringify({ name: 'peer', private: true, ...PORTKEY }));
  await run('npm', ['install', '--ignore-scripts', '--no-audit', '--no-fund'], { cwd: home, timeout: PATIENCE_IN_MS });
  return program;
}

/** Installs LiteLLM below a folder, in an environment of its own. Returns its program. */
export async function installLiteLlm(folder: string): Promise<string> {
  const home = join(folder, 'litellm');
  const program = join(home, 'bin', 'litellm');
  if (existsSync(program)) return program;
  await run('python3', ['-m', 'venv', home], { timeout: PATIENCE_IN_MS });
  await run(join(home, 'bin', 'pip'), ['install', '--quiet', LITELLM], { timeout: PATIENCE_IN_MS });
  return program;
}
