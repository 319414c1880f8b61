import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { checkImports } from './check-imports.ts';

let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'everwith-fence-'));
});

afterEach(() => {
  rmSync(root, { recursive: true, force: true });
});

/** Writes one file into the made-up house and gives back what the fence says of it. */
function faultsOf(path: string, source: string): string[] {
  const file = join(root, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, source);
  return checkImports(root);
}

describe('allowed', () => {
  test.each([
    ['its own room', 'src/turn/run-turn.ts', `import { a } from './assemble.ts';`],
    ['its own room across folders', 'src/models/llama/x.ts', `import { a } from '../spec/y.ts';`],
    ['a lower rank', 'src/turn/run-turn.ts', `import { a } from '../conversation/tree.ts';`],
    ['the contract', 'src/base/x.ts', `import type { A } from '../../contract/common.ts';`],
    ['a package', 'src/http/server.ts', `import fastify from 'fastify';`],
    ['a builtin of Node on the server', 'src/base/x.ts', `import { join } from 'node:path';`],
    ['assets, which are data', 'src/base/x.ts', `import a from '../../assets/models.json' with { type: 'json' };`],
    [
      'client and contract from the browser app',
      'web/ui/x.tsx',
      `import '../../client/a.ts'; import '../../contract/b.ts';`,
    ],
    ['everything from the wiring', 'src/app-context.ts', `import './cli/run.ts'; import './base/ids.ts';`],
    ['test helpers from a test', 'src/base/x.test.ts', `import '../../tests/support/y.ts';`],
    ['a file of another kind by its address', 'src/base/x.ts', `new URL('../../dist/web/', import.meta.url);`],
  ])('%s', (_what, path, source) => {
    expect(faultsOf(path, source)).toEqual([]);
  });

  test('a house without any folder yet', () => {
    expect(checkImports(root)).toEqual([]);
  });
});

describe('refused', () => {
  test.each([
    ['a higher rank', 'src/base/x.ts', `import { a } from '../storage/storage.ts';`, 'higher rank'],
    ['another room of the same rank', 'src/voice/x.ts', `import { a } from '../turn/run-turn.ts';`, 'same rank'],
    ['a type', 'src/voice/x.ts', `import type { A } from '../turn/run-turn.ts';`, 'same rank'],
    ['an inline type', 'src/voice/x.ts', `type A = import('../turn/run-turn.ts').A;`, 'same rank'],
    ['a dynamic import', 'src/voice/x.ts', `await import('../turn/run-turn.ts');`, 'same rank'],
    ['a dynamic import in a template', 'src/voice/x.ts', 'await import(`../turn/run-turn.ts`);', 'same rank'],
    ['a re-export', 'src/voice/x.ts', `export { a } from '../turn/run-turn.ts';`, 'same rank'],
    ['a star export', 'src/voice/x.ts', `export * from '../turn/run-turn.ts';`, 'same rank'],
    ['a bare import', 'src/voice/x.ts', `import '../turn/run-turn.ts';`, 'same rank'],
    ['a child process', 'src/voice/x.ts', `fork(new URL('../turn/run-turn.ts', import.meta.url));`, 'same rank'],
    ['require', 'src/voice/x.ts', `require('../turn/run-turn.ts');`, 'same rank'],
    ['import.meta.resolve', 'src/voice/x.ts', `import.meta.resolve('../turn/run-turn.ts');`, 'same rank'],
    ['a computed import', 'src/voice/x.ts', `await import(name);`, 'computed value'],
    ['one feature from another', 'src/features/chat/x.ts', `import '../calls/y.ts';`, 'same rank'],
    ['the server from the browser app', 'web/ui/x.tsx', `import '../../src/base/ids.ts';`, 'only client and contract'],
    ['the server from the client', 'client/x.ts', `import '../src/base/ids.ts';`, 'only contract'],
    ['anything from the contract', 'contract/x.ts', `import '../src/base/ids.ts';`, 'no other room'],
    ['a builtin of Node in the browser', 'client/x.ts', `import { join } from 'node:path';`, 'runs in a browser'],
    ['the browser app from a command', 'src/cli/x.ts', `import '../../web/ui/y.tsx';`, 'browser app'],
    ['the wiring', 'src/cli/x.ts', `import '../app-context.ts';`, 'only the wiring'],
    ['scripts', 'src/base/x.ts', `import '../../scripts/y.ts';`, 'not in the house'],
    ['test helpers from what ships', 'src/base/x.ts', `import '../../tests/support/y.ts';`, 'not in the house'],
    ['what lies outside the project', 'src/base/x.ts', `import '../../../other/y.ts';`, 'outside the project'],
    ['a higher rank from a test', 'src/base/x.test.ts', `import '../storage/y.ts';`, 'higher rank'],
  ])('%s', (_what, path, source, why) => {
    const faults = faultsOf(path, `// one line before\n${source}\n`);
    expect(faults).toHaveLength(1);
    expect(faults[0]).toContain(`${path}:2 `);
    expect(faults[0]).toContain(why);
  });

  test.each(['src/helpers/x.ts', 'src/features/x.ts', 'src/x.ts'])('a file in no room: %s', (path) => {
    expect(faultsOf(path, 'export const x = 1;')).toEqual([expect.stringContaining('no room')]);
  });

  test('a file that cannot be parsed is a fault, not a pass', () => {
    expect(faultsOf('src/base/x.ts', 'import {')[0]).toContain('src/base/x.ts cannot be parsed');
  });
});
