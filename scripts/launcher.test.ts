import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { findProgram } from '../tests/support/find-program.ts';
import { projectRoot } from './project-root.ts';

/** What the launcher may use besides node and npm: nothing that a small system lacks. */
const tools =
  'cat cksum cmp cp date dirname find head ln ls mkdir mv printf ps readlink rm rmdir sh sleep tail tar gzip touch uname'.split(
    ' ',
  );

/** Stands in for npm: writes down how it was called, then lays out a runtime as `npm ci` would. */
const fakeNpm = `#!/bin/sh
echo "$@" >>"$FAKE_LOG"
[ -z "$FAKE_NPM_WAIT" ] || { : >"$FAKE_NPM_WAIT"; exec sleep 60; }
[ -z "$FAKE_NPM_FAILS" ] || { echo 'npm error: no network'; exit 7; }
if [ "$1" = pack ]; then
  mkdir -p "$FAKE_ROOT/made/package" && echo "$2" >"$FAKE_ROOT/made/package/name"
  while [ "$1" != --pack-destination ]; do shift; done
  tar -czf "$2/made.tgz" -C "$FAKE_ROOT/made" package
  exit
fi
rm -rf node_modules
mkdir -p node_modules/.bin node_modules/node/bin node_modules/node-llama-cpp
echo '{ "version": "3.21.1" }' >node_modules/node-llama-cpp/package.json
cp "$FAKE_ROOT/runtime" node_modules/node/bin/node
ln -s ../node/bin/node node_modules/.bin/node
`;

/** Stands in for the pinned Node: says what it was asked to run and where the caller stood. */
const fakeRuntime = `#!/bin/sh
[ "$1" != --version ] || { echo v24; exit; }
if [ "$1" = scripts/build-web.ts ]; then
  echo build >>"$FAKE_LOG"
  mkdir -p dist/web && touch dist/web/index.html dist/.web-built
  exit
fi
if [ "$1" = scripts/build-server.ts ]; then
  echo server >>"$FAKE_LOG"
  [ -z "$FAKE_BUILD_FAILS" ] || { echo 'no space left'; exit 1; }
  mkdir -p dist/server/built && touch dist/server/built/main.mjs
  { echo dist/server/built; sh scripts/server-sources.sh; } >dist/.server-built
  exit
fi
[ -z "$FAKE_ALLOCATOR" ] || echo "$MALLOC_ARENA_MAX $MALLOC_TRIM_THRESHOLD_" >"$FAKE_ALLOCATOR"
echo "caller=$EVERWITH_CALLER_DIRECTORY" "$@"
`;

let home: string;
let root: string;

beforeEach(() => {
  home = realpathSync(mkdtempSync(join(tmpdir(), 'everwith-launcher-')));
  root = join(home, 'a project');
  mkdirSync(join(root, 'scripts'), { recursive: true });
  copyFileSync(join(projectRoot, 'everwith'), join(root, 'everwith'));
  for (const name of ['scripts/install-state.mjs', 'scripts/server-sources.sh']) {
    copyFileSync(join(projectRoot, name), join(root, name));
  }
  writeLock('1');
  writeFileSync(join(root, 'runtime'), fakeRuntime, { mode: 0o755 });
  mkdirSync(join(home, 'bin'));
  for (const name of tools) {
    const path = findProgram([name]);
    if (path) symlinkSync(path, join(home, 'bin', name));
  }
  symlinkSync(process.execPath, join(home, 'bin/node'));
  writeFileSync(join(home, 'bin/npm'), fakeNpm, { mode: 0o755 });
});

afterEach(() => {
  rmSync(home, { recursive: true, force: true });
});

function writeLock(version: string): void {
  const packages = {
    '': {},
    'node_modules/node': { version, integrity: 'x' },
    'node_modules/tool': { version: '1', integrity: 'y', dev: true },
  };
  writeFileSync(join(root, 'package-lock.json'), JSON.stringify({ packages }));
}

interface Outcome {
  code: number | null;
  output: string;
  words: string;
}

interface StartOptions {
  path?: string;
  environment?: Record<string, string>;
}

function start(args: string[], { path = join(root, 'everwith'), environment = {} }: StartOptions = {}) {
  const child = spawn(path, args, {
    cwd: home,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: join(home, 'bin'), LANG: 'C', FAKE_ROOT: root, FAKE_LOG: join(home, 'log'), ...environment },
  });
  let output = '';
  let words = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (words += text));
  const ended = once(child, 'close').then(([code]): Outcome => ({
    code: code as number | null,
    output: output.trim(),
    words,
  }));
  return { child, ended };
}

const run = async (args: string[], options: StartOptions = {}) => await start(args, options).ended;

function calls(): string[] {
  const log = join(home, 'log');
  return existsSync(log) ? readFileSync(log, 'utf8').trim().split('\n') : [];
}

describe('starting', () => {
  test('through a symbolic link from elsewhere: arguments and the place of the caller arrive whole', async () => {
    symlinkSync(join(root, 'everwith'), join(home, 'link'));
    const { code, output } = await run(['chat', 'mira', '--message', 'a  b'], { path: join(home, 'link') });
    expect(code).toBe(0);
    const [caller, ...words] = output.split(' ');
    expect(caller).toBe(`caller=${home}`);
    expect(words.filter((word) => !word.startsWith('--max-semi') && !word.startsWith('--heap-growing')).join(' ')).toBe(
      'src/main.ts chat mira --message a  b',
    );
  });

  test.each(['test', 'check', 'bench'])('%s is a script of its own', async (word) => {
    const { output } = await run([word, '--full']);
    expect(output).toBe(`caller=${home} scripts/${word}.ts --full`);
  });

  test('sets up the allocator of the house, not of what is measured beside it, and leaves what somebody set', async () => {
    const told = join(home, 'allocator');
    const settings = async (word: string, environment: Record<string, string> = {}): Promise<string> => {
      await run([word], { environment: { FAKE_ALLOCATOR: told, ...environment } });
      return readFileSync(told, 'utf8').trim();
    };
    expect(await settings('chat')).toBe('1 131072');
    expect(await settings('chat', { MALLOC_ARENA_MAX: '4' })).toBe('4 131072');
    expect(await settings('bench')).toBe('');
  });

  test('Node too old, or missing: a clear message in the language of the terminal', async () => {
    rmSync(join(home, 'bin/node'));
    expect(await run([])).toMatchObject({ code: 1, words: expect.stringContaining('Node.js is missing') });
    writeFileSync(join(home, 'bin/node'), '#!/bin/sh\n[ "$1" = --version ] && echo v18.1.0 || echo 18\n', {
      mode: 0o755,
    });
    const { code, words } = await run([], { environment: { LANG: 'zh_CN.UTF-8' } });
    expect(code).toBe(1);
    expect(words).toContain('v18.1.0 版本太旧');
    expect(calls()).toEqual([]);
  });
});

describe('installing', () => {
  test('happens once, and only what runs, not what develops', async () => {
    await run(['chat']);
    await run(['chat']);
    expect(calls()).toEqual([expect.stringMatching(/^ci .*--omit=dev/)]);
  });

  test('the full set serves everything, and stays full when the lock file changes', async () => {
    await run(['chat']);
    await run(['check']);
    await run(['chat']);
    writeLock('2');
    await run(['chat']);
    expect(calls().map((line) => (line.includes('--omit=dev') ? 'production' : 'full'))).toEqual([
      'production',
      'full',
      'full',
    ]);
  });

  test('two at once install once', async () => {
    const outcomes = await Promise.all([run(['chat']), run(['chat']), run(['chat'])]);
    expect(outcomes.map(({ code }) => code)).toEqual([0, 0, 0]);
    expect(calls()).toHaveLength(1);
  });

  test('a failed install says why, exits with 1 and is tried again', async () => {
    const { code, words } = await run(['chat'], { environment: { FAKE_NPM_FAILS: '1' } });
    expect(code).toBe(1);
    expect(words).toContain('npm error: no network');
    expect(words).toContain('the install failed');
    expect(await run(['chat'])).toMatchObject({ code: 0 });
    expect(calls()).toHaveLength(2);
  });

  test('stopping it stops npm, frees the lock and leaves nothing that counts as installed', async () => {
    const begun = join(home, 'begun');
    const { child, ended } = start(['chat'], { environment: { FAKE_NPM_WAIT: begun } });
    await vi.waitUntil(() => existsSync(begun), { timeout: 10_000 });
    child.kill('SIGTERM');
    expect(await ended).toMatchObject({ code: 143 });
    expect(existsSync(join(root, 'dist/.install-npm'))).toBe(false);
    expect(await run(['chat'])).toMatchObject({ code: 0 });
  });

  test('the lock of a launcher that was killed is taken over', async () => {
    const gone = spawn('true');
    await once(gone, 'exit');
    mkdirSync(join(root, 'dist'));
    symlinkSync(`${gone.pid}@${hostname()}`, join(root, 'dist/.install-lock'));
    expect(readlinkSync(join(root, 'dist/.install-lock'))).toContain(hostname());
    expect(await run(['chat'])).toMatchObject({ code: 0 });
    expect(calls()).toHaveLength(1);
  });

  test('a killed launcher whose npm still runs is waited for', async () => {
    const begun = join(home, 'begun');
    const { child, ended } = start(['chat'], { environment: { FAKE_NPM_WAIT: begun } });
    await vi.waitUntil(() => existsSync(begun), { timeout: 10_000 });
    const npm = Number(readFileSync(join(root, 'dist/.install-npm'), 'utf8'));
    child.kill('SIGKILL');
    const second = start(['chat']);
    let words = '';
    second.child.stderr.on('data', (text: string) => (words += text));
    await vi.waitUntil(() => words.includes('waiting for it'), { timeout: 10_000 });
    expect(calls()).toHaveLength(1);
    process.kill(npm, 'SIGKILL');
    await ended;
    expect(await second.ended).toMatchObject({ code: 0 });
    expect(calls()).toHaveLength(2);
  });

  test('what a developer installed by hand is taken as it is', async () => {
    await run(['check']);
    const record = {
      packages: { ...JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages, '': undefined },
    };
    rmSync(join(root, 'node_modules/.everwith-full'));
    for (const name of ['node', 'tool']) {
      mkdirSync(join(root, 'node_modules', name), { recursive: true });
      writeFileSync(join(root, 'node_modules', name, 'package.json'), '{}');
    }
    writeFileSync(join(root, 'node_modules/.package-lock.json'), JSON.stringify(record));
    expect(await run(['check'])).toMatchObject({ code: 0 });
    expect(calls()).toHaveLength(1);
    rmSync(join(root, 'node_modules/.everwith-full'));
    writeLock('2');
    await run(['check']);
    expect(calls()).toHaveLength(2);
  });
});

test('the web app is built for the server when its sources are newer than the last build', async () => {
  mkdirSync(join(root, 'web'));
  const source = join(root, 'web/main.tsx');
  writeFileSync(source, '');
  writeFileSync(join(root, 'vite.config.ts'), '');
  const builds = () => calls().filter((line) => line === 'build').length;
  await run(['models', 'list']);
  expect(builds()).toBe(0);
  await run([]);
  await run(['--port', '5000']);
  expect(builds()).toBe(1);
  const later = new Date(Date.now() + 60_000);
  utimesSync(source, later, later);
  await run(['serve']);
  expect(builds()).toBe(2);
});

describe('the build of the server', () => {
  const builds = () => calls().filter((line) => line === 'server').length;

  beforeEach(() => {
    mkdirSync(join(root, 'src'));
    writeFileSync(join(root, 'src/main.ts'), '');
  });

  test('is made for the server, used by every word, and made anew after any change of its sources', async () => {
    expect((await run(['models', 'list'])).output).toContain('src/main.ts models list');
    expect((await run([])).output).toMatch(/ dist\/server\/built\/main\.mjs$/);
    expect((await run(['--port', '5000'])).output).toContain('dist/server/built/main.mjs --port 5000');
    expect((await run(['models', 'list'])).output).toContain('dist/server/built/main.mjs models list');
    expect(builds()).toBe(1);
    // What an update unpacks may be older than the build.
    writeFileSync(join(root, 'src/other.ts'), 'export {};');
    const earlier = new Date(Date.now() - 86_400_000);
    utimesSync(join(root, 'src/other.ts'), earlier, earlier);
    utimesSync(join(root, 'src'), earlier, earlier);
    expect((await run(['models', 'list'])).output).toContain('src/main.ts models list');
    await run(['serve']);
    expect(builds()).toBe(2);
    rmSync(join(root, 'src/other.ts'));
    await run(['serve']);
    expect(builds()).toBe(3);
  });

  test('is done without where it cannot be made', async () => {
    const { code, words, output } = await run(['serve'], { environment: { FAKE_BUILD_FAILS: '1' } });
    expect(code).toBe(0);
    expect(words).toContain('no space left');
    expect(words).toContain('starts from its sources');
    expect(output).toMatch(/ src\/main\.ts serve$/);
  });
});

describe.runIf(process.platform === 'linux' && process.arch === 'x64')('with an NVIDIA card', () => {
  const packages = join('node_modules', '@node-llama-cpp');

  beforeEach(() => {
    writeFileSync(join(home, 'bin/nvidia-smi'), '#!/bin/sh\nexit 0\n', { mode: 0o755 });
  });

  test('its engine is fetched once, at the version of the engine that is installed', async () => {
    await run(['chat']);
    await run(['chat']);
    expect(readFileSync(join(root, packages, 'linux-x64-cuda/name'), 'utf8').trim()).toBe(
      '@node-llama-cpp/linux-x64-cuda@3.21.1',
    );
    expect(existsSync(join(root, packages, 'linux-x64-cuda-ext/name'))).toBe(true);
    expect(calls().filter((line) => line.startsWith('pack '))).toHaveLength(2);
  });

  test('a fetch that fails is a warning, and the start goes on', async () => {
    await run(['check']);
    const { code, words, output } = await run(['chat'], { environment: { FAKE_NPM_FAILS: '1' } });
    expect(code).toBe(0);
    expect(words).toContain('going on with the processor');
    expect(output).toContain('src/main.ts chat');
    expect(existsSync(join(root, packages, 'linux-x64-cuda'))).toBe(false);
    await run(['chat']);
    expect(calls().filter((line) => line.startsWith('pack '))).toHaveLength(1);
  });
});
