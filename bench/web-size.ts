import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { gzipSync } from 'node:zlib';
import { parseSync } from 'oxc-parser';
import { buildWeb } from '../scripts/build-web.ts';
import { printFigure } from './report/figure.ts';

const WEB_DIRECTORY = join(import.meta.dirname, '..', 'dist', 'web');
const BYTES_PER_KILOBYTE = 1000;
const LIMIT_IN_KILOBYTES = 250;

if (!existsSync(join(WEB_DIRECTORY, 'index.html'))) {
  const build = await buildWeb({ signal: AbortSignal.timeout(300_000) });
  if (!build.ok) throw new Error(`The web app could not be built.\n${build.output}`);
}

/** Paths of a page's own files that a tag names, relative to the web folder. */
function filesOf(html: string, tag: RegExp): string[] {
  return [...html.matchAll(tag)].flatMap(([text]) => /(?:src|href)="\/?([^":]+)"/.exec(text)?.[1] ?? []);
}

interface Script {
  gzipBytes: number;
  /** What it cannot start without. */
  imports: string[];
  /** What it loads when it is wanted, such as a page. */
  later: string[];
}

const known = new Map<string, Script>();

async function readScript(path: string): Promise<Script> {
  const there = known.get(path);
  if (there) return there;
  const source = await readFile(join(WEB_DIRECTORY, path), 'utf8');
  const { staticImports, dynamicImports } = parseSync(path, source).module;
  const resolve = (name: string) => relative(WEB_DIRECTORY, join(WEB_DIRECTORY, dirname(path), name));
  const script = {
    gzipBytes: gzipSync(source, { level: 9 }).length,
    imports: staticImports.map(({ moduleRequest }) => resolve(moduleRequest.value)),
    later: dynamicImports.flatMap(({ moduleRequest: { start, end } }) => {
      const name = /^["'`](\.[^"'`]+\.js)["'`]$/.exec(source.slice(start, end))?.[1];
      return name === undefined ? [] : [resolve(name)];
    }),
  };
  known.set(path, script);
  return script;
}

/** The scripts that are there before any of the entries runs. */
async function scriptsFrom(entries: readonly string[]): Promise<Map<string, Script>> {
  const scripts = new Map<string, Script>();
  const waiting = [...entries];
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    if (scripts.has(path)) continue;
    const script = await readScript(path);
    scripts.set(path, script);
    waiting.push(...script.imports);
  }
  return scripts;
}

const kilobytes = (sizes: Iterable<number>) => [...sizes].reduce((sum, size) => sum + size, 0) / BYTES_PER_KILOBYTE;
const kilobytesOf = (scripts: Map<string, Script>) => kilobytes(scripts.values().map(({ gzipBytes }) => gzipBytes));
const html = await readFile(join(WEB_DIRECTORY, 'index.html'), 'utf8');
const entries = filesOf(html, /<script[^>]*>|<link[^>]*rel="modulepreload"[^>]*>/g);
const scripts = await scriptsFrom(entries);
if (scripts.size === 0) throw new Error('The page names no script.');
for (const [path, { gzipBytes }] of [...scripts].toSorted(([, a], [, b]) => b.gzipBytes - a.gzipBytes).slice(0, 8)) {
  console.error(`${kilobytes([gzipBytes]).toFixed(1).padStart(7)} kB  ${path}`);
}
const pages = [...scripts.values()].flatMap(({ later }) => later);
const withPage = await Promise.all(pages.map(async (page) => kilobytesOf(await scriptsFrom([...entries, page]))));
const styles = filesOf(html, /<link[^>]*rel="stylesheet"[^>]*>/g);
const styleSizes = await Promise.all(
  styles.map(async (path) => gzipSync(await readFile(join(WEB_DIRECTORY, path)), { level: 9 }).length),
);
const figures = [
  ['web: JavaScript of the first load, gzip', kilobytesOf(scripts)],
  ['web: JavaScript of the first load with the heaviest page, gzip', Math.max(...withPage)],
] as const;
for (const [name, value] of figures) {
  printFigure({
    name,
    value,
    unit: 'kB',
    reference: null,
    target: `<= ${LIMIT_IN_KILOBYTES} kB`,
    pass: value <= LIMIT_IN_KILOBYTES,
  });
}
console.error(`${kilobytes(styleSizes).toFixed(1).padStart(7)} kB  of styles besides`);
