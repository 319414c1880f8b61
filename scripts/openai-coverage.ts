import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { openHouse } from '../tests/integration/support/open-house.ts';
import { operationsOf, type OpenApiDocument, type OperationFields } from './openai-fields.ts';
import { Refusals } from './openai-refusals.ts';

/**
 * `node scripts/openai-coverage.ts SPEC [--gaps] [--families chat,embeddings]`: how much of OpenAI's own description
 * (SPEC, the `openapi.json` of openai/openai-openapi) the description of this house covers: operations, and the fields
 * of their requests, answers and events; of everything, and of what this house does not refuse by name. What it refuses
 * it is asked. `--gaps` lists what is missing, then what is refused and how many fields that takes. Prints two tables;
 * the last line of each is the share of all.
 */
const FAMILIES = ['chat', 'embeddings', 'models', 'responses', 'conversations', 'audio', 'files', 'uploads', 'batches'];
const SIDES = ['request', 'response', 'events'] as const;
const HEADS = ['family', 'operations', 'fields of requests', 'fields of answers', 'fields of events'];
const WIDTH = 24;

type Side = (typeof SIDES)[number];

interface Share {
  covered: number;
  all: number;
  /** Of all, those that are not covered because they are refused. */
  refused: number;
}

class FamilyCoverage {
  readonly family: string;
  readonly shares: Record<'operations' | Side, Share>;
  readonly gaps: string[] = [];
  /** Fields by what is refused. */
  readonly refused = new Map<string, number>();

  constructor(
    family: string,
    {
      theirs,
      ours,
      refusals,
    }: { theirs: readonly OperationFields[]; ours: ReadonlyMap<string, OperationFields>; refusals: Refusals },
  ) {
    this.family = family;
    const none = () => ({ covered: 0, all: 0, refused: 0 });
    this.shares = { operations: none(), request: none(), response: none(), events: none() };
    for (const operation of theirs) {
      const own = ours.get(operation.name);
      this.#count('operations', own !== undefined);
      if (!own) this.gaps.push(operation.name);
      for (const side of SIDES) this.#take(side, { operation, own, refusals });
    }
  }

  #take(
    side: Side,
    { operation, own, refusals }: { operation: OperationFields; own: OperationFields | undefined; refusals: Refusals },
  ): void {
    for (const [field, kind] of operation[side]) {
      const isCovered = own?.[side].has(field) ?? false;
      const refusal = isCovered ? null : refusals.of(operation.name, field, kind);
      this.#count(side, isCovered, refusal !== null);
      if (refusal !== null) this.refused.set(refusal, (this.refused.get(refusal) ?? 0) + 1);
      else if (own && !isCovered) this.gaps.push(`${operation.name} ${side}: ${field}`);
    }
  }

  #count(side: 'operations' | Side, isCovered: boolean, isRefused = false): void {
    const share = this.shares[side];
    share.all += 1;
    if (isCovered) share.covered += 1;
    if (isRefused) share.refused += 1;
  }
}

function percent({ covered, all }: { covered: number; all: number }): string {
  return all === 0 ? '–' : `${((100 * covered) / all).toFixed(1)} % (${covered}/${all})`;
}

function printTable(title: string, families: readonly FamilyCoverage[], allOf: (share: Share) => number): void {
  const row = (name: string, of: readonly FamilyCoverage[]) => [
    name,
    ...(['operations', ...SIDES] as const).map((side) =>
      percent({
        covered: of.reduce((sum, { shares }) => sum + shares[side].covered, 0),
        all: of.reduce((sum, { shares }) => sum + allOf(shares[side]), 0),
      }),
    ),
  ];
  console.log(`\n${title}`);
  for (const cells of [HEADS, ...families.map((one) => row(one.family, [one])), row('all', families)]) {
    console.log(
      cells
        .map((cell) => cell.padEnd(WIDTH))
        .join('')
        .trimEnd(),
    );
  }
}

function printGaps(families: readonly FamilyCoverage[]): void {
  for (const { gaps } of families) for (const gap of gaps) console.log(gap);
  for (const { family, refused } of families) {
    for (const [what, fields] of refused) console.log(`${family}, refused: ${what}, ${fields} fields`);
  }
}

async function main(): Promise<void> {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: { gaps: { type: 'boolean', default: false }, families: { type: 'string', default: FAMILIES.join(',') } },
  });
  const [path] = positionals;
  if (path === undefined) throw new Error('Say where OpenAI’s openapi.json lies.');
  const description = JSON.parse(await readFile(path, 'utf8')) as OpenApiDocument;
  await using house = await openHouse({ script: { rules: [{ steps: [{ type: 'tokens', tokens: ['Hi'] }] }] } });
  const refusals = await Refusals.ask(house.owner, description);
  const ours = operationsOf(await house.owner.call<OpenApiDocument>('GET', '/api/openapi.json'), { prefix: '/v1' });
  const all = [...operationsOf(description, { kinds: refusals.kinds }).values()];
  const families = values.families.split(',').map((family) => {
    const theirs = all.filter((operation) => operation.family === family);
    return new FamilyCoverage(family, { theirs, ours, refusals });
  });
  if (values.gaps) printGaps(families);
  printTable('Of everything', families, (share) => share.all);
  printTable('Of what is not refused by name', families, (share) => share.all - share.refused);
}

await main();
