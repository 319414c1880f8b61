import { existsSync } from 'node:fs';
import { lstat, readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { printFigure } from './report/figure.ts';

const BYTES_PER_MEGABYTE = 1e6;
/** Megabytes for everything, local engines included; container images of comparable homes weigh several thousand. */
const GOAL_IN_MEGABYTES = 450;
const projectRoot = join(import.meta.dirname, '..');
const modules = join(projectRoot, 'node_modules');
/** Packages that carry the local engines. */
const ENGINE_PACKAGES = ['node-llama-cpp', '@node-llama-cpp', 'sherpa-onnx-node', 'onnxruntime-node'];

/** Bytes of the files below a path, links not followed, hard links counted once. */
async function sizeOf(path: string, seen: Set<string>): Promise<number> {
  const status = await lstat(path);
  if (!status.isDirectory()) {
    const identity = `${status.dev}:${status.ino}`;
    if (status.nlink > 1 && seen.has(identity)) return 0;
    seen.add(identity);
    return status.size;
  }
  let size = 0;
  for (const name of await readdir(path)) size += await sizeOf(join(path, name), seen);
  return size;
}

const lockSchema = z.object({ packages: z.record(z.string(), z.object({ dev: z.boolean().optional() })) });
const lock = lockSchema.parse(JSON.parse(await readFile(join(projectRoot, 'package-lock.json'), 'utf8')));
/** Top-level folders of packages that only development needs. */
const developmentPaths = Object.entries(lock.packages)
  .filter(([path, { dev }]) => dev === true && path.lastIndexOf('node_modules/') === 0)
  .map(([path]) => join(projectRoot, path));

async function megabytesOf(paths: readonly string[]): Promise<number> {
  const seen = new Set<string>();
  let size = 0;
  for (const path of paths.filter((path) => existsSync(path))) size += await sizeOf(path, seen);
  return size / BYTES_PER_MEGABYTE;
}

/** Without the caches that tools and starts leave there. */
const packages = (await readdir(modules)).filter((name) => !name.startsWith('.')).map((name) => join(modules, name));
const total = await megabytesOf(packages);
const development = await megabytesOf(developmentPaths);
const engine = await megabytesOf(ENGINE_PACKAGES.map((name) => join(modules, name)));
const goal = `<= ${GOAL_IN_MEGABYTES} MB`;
const figures = [
  { name: 'install: all packages', value: total, pass: total <= GOAL_IN_MEGABYTES },
  {
    name: 'install: all packages but those for development',
    value: total - development,
    pass: total - development <= GOAL_IN_MEGABYTES,
  },
  { name: 'install: the local engine alone', value: engine, pass: engine <= GOAL_IN_MEGABYTES },
];
for (const figure of figures) printFigure({ ...figure, unit: 'MB', reference: null, target: goal });
