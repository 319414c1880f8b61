import { join } from 'node:path';

/** What starts a house in a process of its own: the build that `./everwith test` made, as people run it, else the sources. */
export const houseProgram =
  process.env['EVERWITH_TEST_PROGRAM'] ?? join(import.meta.dirname, '..', '..', 'src', 'main.ts');
