import { existsSync, readdirSync } from 'node:fs';
import { join, relative, resolve, sep } from 'node:path';

export type StageName = 'unit' | 'integration' | 'models' | 'e2e';

export interface Stage {
  name: StageName;
  /** Folders, from the project's root, whose test files belong to it. */
  folders: readonly string[];
  /** Vitest projects, of those in vitest.config.ts. */
  projects: readonly string[];
  /** Test files at the same time; real engines want the machine for themselves. */
  workers: number;
}

export const stages: readonly Stage[] = [
  {
    name: 'unit',
    folders: ['src', 'contract', 'client', 'web', 'scripts', 'bench', 'evals', 'assets', 'tests/support'],
    projects: ['unit', 'dom'],
    workers: 2,
  },
  {
    name: 'integration',
    folders: ['tests/integration'],
    projects: ['integration-sqlite', 'integration-postgres'],
    workers: 2,
  },
  { name: 'models', folders: ['tests/models'], projects: ['models'], workers: 1 },
  { name: 'e2e', folders: ['tests/e2e'], projects: ['e2e'], workers: 2 },
];

/** The stage's test files, from the project's root; with filters only those whose path contains one of them. */
export function testFiles({
  stage,
  root,
  filters,
}: {
  stage: Stage;
  root: string;
  filters: readonly string[];
}): string[] {
  return stage.folders
    .map((folder) => join(root, folder))
    .filter((folder) => existsSync(folder))
    .flatMap((folder) => readdirSync(folder, { withFileTypes: true, recursive: true }))
    .filter((entry) => entry.isFile() && /\.test\.tsx?$/.test(entry.name))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .filter((path) => filters.length === 0 || filters.some((filter) => path.includes(filter)))
    .sort();
}

/** A filter that names a file from where the caller stands becomes a path from the root; others stay. */
export function normaliseFilter({
  filter,
  callerDirectory,
  root,
}: {
  filter: string;
  callerDirectory: string;
  root: string;
}): string {
  const absolute = resolve(callerDirectory, filter);
  return existsSync(absolute) && absolute.startsWith(root + sep)
    ? relative(root, absolute).split(sep).join('/')
    : filter;
}
