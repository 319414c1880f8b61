import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { openHouse } from '../tests/integration/support/open-house.ts';
import { operationsOf, type OpenApiDocument, type OperationFields } from './openai-fields.ts';

/**
 * `node scripts/openai-coverage.ts SPEC [--gaps] [--families chat,embeddings]`: how much of OpenAI's own description
 * (SPEC, the `openapi.json` of openai/openai-openapi) the description of this house covers: operations, and the fields
 * of their requests and answers. `--gaps` lists what is missing. Prints a table; the last line is the share of all.
 */
const FAMILIES = ['chat', 'embeddings', 'models', 'responses', 'conversations', 'audio', 'files', 'batches'];

interface Share {
  covered: number;
  all: number;
}

interface FamilyCoverage {
  family: string;
  operations: Share;
  request: Share;
  response: Share;
  gaps: string[];
}

function coverageOf(
  family: string,
  theirs: readonly OperationFields[],
  ours: ReadonlyMap<string, OperationFields>,
): FamilyCoverage {
  const result: FamilyCoverage = {
    family,
    operations: { covered: 0, all: 0 },
    request: { covered: 0, all: 0 },
    response: { covered: 0, all: 0 },
    gaps: [],
  };
  for (const operation of theirs) {
    const own = ours.get(operation.name);
    result.operations.all += 1;
    if (own) result.operations.covered += 1;
    else result.gaps.push(operation.name);
    for (const side of ['request', 'response'] as const) {
      for (const field of operation[side]) {
        result[side].all += 1;
        if (own?.[side].has(field)) result[side].covered += 1;
        else if (own) result.gaps.push(`${operation.name} ${side}: ${field}`);
      }
    }
  }
  return result;
}

function percent({ covered, all }: Share): string {
  return all === 0 ? '–' : `${((100 * covered) / all).toFixed(1)} % (${covered}/${all})`;
}

function sum(shares: readonly Share[]): Share {
  return {
    covered: shares.reduce((total, { covered }) => total + covered, 0),
    all: shares.reduce((total, { all }) => total + all, 0),
  };
}

async function readOwn(): Promise<OpenApiDocument> {
  await using house = await openHouse({ script: {} });
  return await house.owner.call<OpenApiDocument>('GET', '/api/openapi.json');
}

async function main(): Promise<void> {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: { gaps: { type: 'boolean', default: false }, families: { type: 'string', default: FAMILIES.join(',') } },
  });
  const [path] = positionals;
  if (path === undefined) throw new Error('Say where OpenAI’s openapi.json lies.');
  const theirs = [...operationsOf(JSON.parse(await readFile(path, 'utf8')) as OpenApiDocument).values()];
  const ours = operationsOf(await readOwn(), '/v1');
  const families = values.families.split(',').map((family) =>
    coverageOf(
      family,
      theirs.filter((operation) => operation.family === family),
      ours,
    ),
  );
  const lines = families.map(
    ({ family, operations, request, response }) => [family, operations, request, response] as const,
  );
  const total = [
    'all',
    sum(families.map(({ operations }) => operations)),
    sum(families.map(({ request }) => request)),
    sum(families.map(({ response }) => response)),
  ] as const;
  if (values.gaps) for (const { gaps } of families) for (const gap of gaps) console.log(gap);
  console.log(
    ['family', 'operations', 'fields of requests', 'fields of answers'].map((head) => head.padEnd(24)).join(''),
  );
  for (const [family, ...shares] of [...lines, total]) {
    console.log([family, ...shares.map(percent)].map((cell) => cell.padEnd(24)).join(''));
  }
}

await main();
