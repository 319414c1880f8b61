import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { faultOf, placeFault } from './import-fence.ts';
import { projectRoot } from './project-root.ts';
import { readImports } from './read-imports.ts';

/** Folders whose files stand inside the fence; tests, benchmarks and scripts may import everything. */
const fencedFolders = ['contract', 'client', 'src', 'web'];

/**
 * Checks every source file below `root` against the import fence.
 * @returns one line per fault, `path:line why`, in the order of the paths.
 */
export function checkImports(root: string): string[] {
  return fencedFolders.flatMap((folder) => sourceFiles(join(root, folder))).flatMap((file) => faultsIn(root, file));
}

function faultsIn(root: string, file: string): string[] {
  const path = relative(root, file).split(sep).join('/');
  const misplaced = placeFault(path);
  if (misplaced) return [`${path}:1 ${misplaced}`];
  try {
    return readImports({ path, source: readFileSync(file, 'utf8') }).flatMap(({ specifier, line }) => {
      const fault = faultOf({ from: path, specifier });
      return fault ? [`${path}:${line} ${fault}`] : [];
    });
  } catch (error) {
    if (error instanceof SyntaxError) return [error.message];
    throw error;
  }
}

function sourceFiles(folder: string): string[] {
  try {
    return readdirSync(folder, { withFileTypes: true, recursive: true })
      .filter((entry) => entry.isFile() && /\.[cm]?[jt]sx?$/.test(entry.name))
      .map((entry) => join(entry.parentPath, entry.name))
      .sort();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const faults = checkImports(projectRoot);
  for (const fault of faults) console.log(fault);
  if (faults.length > 0) process.exitCode = 1;
}
