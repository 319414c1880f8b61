import { closeSync, existsSync, mkdirSync, openSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { projectRoot } from './project-root.ts';
import { runTool } from './run-tool.ts';

/** Everything the launcher's `web_is_stale` looks at lies here too; keep the two in step. */
const output = join(projectRoot, 'dist/web');
const stamp = join(projectRoot, 'dist/.web-built');

/**
 * Builds the browser app beside the present one and puts it in its place in one rename, so that a
 * running server never serves half of a build. The stamp carries the time the build began: a source
 * saved meanwhile makes the next start build again.
 */
export async function buildWeb({ signal }: { signal?: AbortSignal } = {}): Promise<{ ok: boolean; output: string }> {
  const staging = `${output}-building-${process.pid}`;
  const stagedStamp = `${stamp}-${process.pid}`;
  mkdirSync(join(projectRoot, 'dist'), { recursive: true });
  closeSync(openSync(stagedStamp, 'w'));
  try {
    const result = await runTool({
      name: 'vite build',
      command: process.execPath,
      args: ['node_modules/vite/bin/vite.js', 'build', '--outDir', staging, '--emptyOutDir', '--logLevel', 'warn'],
      environment: { NODE_ENV: 'production' },
      ...(signal ? { signal } : {}),
    });
    if (result.code !== 0) return { ok: false, output: result.output };
    if (!existsSync(join(staging, 'index.html'))) {
      return { ok: false, output: `${result.output}\nThe build left no index.html in its output folder.` };
    }
    const previous = `${output}-previous-${process.pid}`;
    if (existsSync(output)) renameSync(output, previous);
    renameSync(staging, output);
    renameSync(stagedStamp, stamp);
    rmSync(previous, { recursive: true, force: true });
    return { ok: true, output: result.output };
  } finally {
    rmSync(staging, { recursive: true, force: true });
    rmSync(stagedStamp, { force: true });
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { ok, output: words } = await buildWeb();
  if (words.trim()) process.stderr.write(`${words.trimEnd()}\n`);
  if (!ok) process.exitCode = 1;
}
