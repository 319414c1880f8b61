import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, readdirSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rolldown, type Plugin } from 'rolldown';
import { projectRoot } from './project-root.ts';

/** Builds lie side by side: a server that runs still loads parts of the one it was started from. */
const output = join(projectRoot, 'dist/server');
/** The launcher's `server_is_built` reads it: the folder of the last build, and what it was made of. */
const stamp = join(projectRoot, 'dist/.server-built');
/** Compiled code of earlier builds is of no use to the new one. */
const compiled = join(projectRoot, 'node_modules/.everwith-compiled');
const KEPT_BUILDS = 3;

/** They bring machine code, and look for it beside themselves. */
const NATIVE = /^(?:node-llama-cpp|onnxruntime-node|sherpa-onnx-node|sqlite-vec|pg-native)(?:\/|$)/;

/**
 * Puts the server, with those of its dependencies that every start loads, into few files. Reading, checking and linking
 * almost three thousand modules one by one is half of a cold start, and their texts are a fifth of its memory.
 * `src/main.ts` runs the same without it. Returns the program.
 */
export async function buildServer(): Promise<string> {
  const began = new Date();
  const sources = execFileSync('sh', ['scripts/server-sources.sh'], { cwd: projectRoot, encoding: 'utf8' }).trim();
  const folder = join(output, randomBytes(6).toString('hex'));
  mkdirSync(output, { recursive: true });
  try {
    const bundle = await rolldown({
      input: { main: join(projectRoot, 'src/main.ts') },
      cwd: projectRoot,
      platform: 'node',
      external: NATIVE,
      plugins: [keepPlaces(), leaveLatePackages()],
      logLevel: 'warn',
    });
    try {
      await bundle.write({
        dir: folder,
        format: 'esm',
        entryFileNames: '[name].mjs',
        chunkFileNames: '[name]-[hash].mjs',
        // Every letter of a program stays in memory; the comments stand in the sources.
        comments: false,
        plugins: [writeInAscii()],
      });
    } finally {
      await bundle.close();
    }
    announce({ folder, sources, began });
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    throw error;
  }
  forgetOldBuilds();
  return join(folder, 'main.mjs');
}

/** In one step, with the time the build began: what is saved meanwhile makes the next start build again. */
function announce({ folder, sources, began }: { folder: string; sources: string; began: Date }): void {
  const staged = `${stamp}-${process.pid}`;
  writeFileSync(staged, `${relative(projectRoot, folder).split(sep).join('/')}\n${sources}\n`);
  utimesSync(staged, began, began);
  renameSync(staged, stamp);
}

function forgetOldBuilds(): void {
  const builds = readdirSync(output)
    .map((name) => join(output, name))
    .map((path) => ({ path, builtAt: statSync(path).mtimeMs }))
    .toSorted((one, other) => other.builtAt - one.builtAt);
  for (const { path } of builds.slice(KEPT_BUILDS)) rmSync(path, { recursive: true, force: true });
  rmSync(compiled, { recursive: true, force: true });
}

/** What a file finds from where it lies, it finds from the build too. */
function keepPlaces(): Plugin {
  return {
    name: 'keep-places',
    transform: {
      filter: { id: /[\\/](?:src|client|contract)[\\/].*\.ts$/, code: /import\.meta\.(?:dirname|url)/ },
      handler(code, id) {
        const place = relative(projectRoot, id).split(sep).join('/');
        const url = `new URL(${JSON.stringify(`../../../${place}`)}, import.meta.url)`;
        return code
          .replaceAll('import.meta.dirname', `(import.meta.dirname + ${JSON.stringify(`/../../../${dirname(place)}`)})`)
          .replaceAll('import.meta.url', `${url}.href`);
      },
    },
  };
}

/** Needed a second after every start, and made of packages that the house uses itself: there would be two of each. */
const SOON = /^(?:better-auth|@better-auth\/[^/]+|kysely|zod)(?:\/|$)/;

/** Packages that are loaded when they are first needed stay where they are: some bring files of their own. */
function leaveLatePackages(): Plugin {
  return {
    name: 'leave-late-packages',
    resolveDynamicImport(specifier) {
      const isPackage = typeof specifier === 'string' && !specifier.startsWith('.');
      return isPackage && !SOON.test(specifier) ? { id: specifier, external: true } : null;
    },
  };
}

/** V8 keeps a text with one letter beyond Latin-1 at two bytes for each of its millions of letters. */
function writeInAscii(): Plugin {
  return {
    name: 'write-in-ascii',
    generateBundle(_options, bundle) {
      for (const file of Object.values(bundle)) if (file.type === 'chunk') file.code = toAscii(file.code);
    },
  };
}

/** A program with every other letter as an escape, which strings, templates, expressions and names all may hold. */
export function toAscii(code: string): string {
  return code.replaceAll(/(\\*)([^\0-\x7f])/g, (_whole, slashes: string, letter: string) => {
    // A backslash before it says nothing, and would take away the meaning of the one that follows.
    const before = slashes.length % 2 === 0 ? slashes : slashes.slice(1);
    return `${before}\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await buildServer();
}
