import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';

/** The whole run of a crash or fuzz suite is slower than a sample of it, so its time limits are too. */
const patience = process.env['EVERWITH_FULL'] === '1' ? 10 : 1;
const secondsInMs = 1_000 * patience;
/** What is waited for comes soon, on a busy machine late; only a defect gets to the end. */
const waiting = { poll: { timeout: 20_000, interval: 50 } };

/**
 * What never comes near a database's own ways (the terminal, sockets, streams and guards of the doors, times of calls,
 * downloads, programs beside the house; forms of files and answers, drafts, the order of speakers, whose rows other
 * files write on both) and what kills servers, the first of them apart: on PostgreSQL only in a whole run. Why:
 * docs/decisions/0014.
 */
const onOneDatabase = [
  'calls-{rooms,talk}',
  'catalog-*',
  'chat-{provider-faults,streams}',
  'cli-{chat,house,openbox,serve}',
  'cloned-voices',
  'drafting',
  'http-{client-routes,guards,streams}',
  'https',
  'library-card-files',
  'lore-tester',
  'platform-{abort,audio,clients,messages,python,quick-starts,relay,response-shapes,strict-upstream}',
  'realtime-*',
  'remote-*',
  'rooms-{director,force,turns}',
  'speech-downloads',
  'tools-servers',
  'writing-help',
  '{calls,memory-*,moving,rooms,three-clients,tools,worlds}-kill',
].map((name) => `tests/integration/${name}.test.ts`);

const integration = (storage: 'sqlite' | 'postgres') => ({
  test: {
    name: `integration-${storage}`,
    include: ['tests/integration/**/*.test.ts'],
    exclude: storage === 'postgres' && patience === 1 ? onOneDatabase : [],
    environment: 'node' as const,
    // The house keeps no state in its modules: files of one worker share them, and its code is read and warm once.
    isolate: false,
    env: { EVERWITH_TEST_STORAGE: storage },
    expect: waiting,
    // For what hangs: a busy machine may take ten times as long as a quiet one.
    testTimeout: 180 * secondsInMs,
    hookTimeout: 180 * secondsInMs,
  },
});

export default defineConfig({
  test: {
    pool: 'forks',
    passWithNoTests: true,
    projects: [
      {
        test: {
          name: 'unit',
          include: ['{src,contract,client,scripts,bench,evals,assets,tests/support}/**/*.test.ts'],
          environment: 'node',
          isolate: false,
          expect: waiting,
          testTimeout: 180 * secondsInMs,
          hookTimeout: 180 * secondsInMs,
        },
      },
      {
        plugins: [react()],
        test: {
          name: 'dom',
          include: ['web/**/*.test.{ts,tsx}'],
          environment: 'happy-dom',
          isolate: false,
          setupFiles: ['tests/support/dom-setup.ts'],
          expect: waiting,
          testTimeout: 180 * secondsInMs,
        },
      },
      integration('sqlite'),
      // Present only when there is a server to speak to: `./everwith test` starts one and sets the address.
      ...(process.env['EVERWITH_TEST_POSTGRES_URL'] ? [integration('postgres')] : []),
      {
        test: {
          name: 'models',
          include: ['tests/models/**/*.test.ts'],
          environment: 'node',
          expect: waiting,
          fileParallelism: false,
          testTimeout: 240 * secondsInMs,
          hookTimeout: 240 * secondsInMs,
        },
      },
      {
        test: {
          name: 'e2e',
          include: ['tests/e2e/**/*.test.ts'],
          environment: 'node',
          isolate: false,
          // What a page or a server shows soon may take a busy machine longer; only a defect gets to the end of it.
          expect: { poll: { timeout: 60_000, interval: 100 } },
          testTimeout: 480 * secondsInMs,
          hookTimeout: 480 * secondsInMs,
        },
      },
    ],
  },
});
