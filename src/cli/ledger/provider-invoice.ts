import type { UsageReport } from '../../../contract/platform-books.ts';
import { InvalidInputError } from '../../base/errors.ts';

/** What a provider says of a model on a day. Null where its table has no such column. */
export interface InvoiceLine {
  /** `2026-11-26` */
  day: string;
  model: string;
  inputTokens: number | null;
  outputTokens: number | null;
  /** Nano-units. */
  cost: number | null;
}

/** A model and a day on which the provider and the house counted otherwise. */
export interface InvoiceDifference {
  day: string;
  model: string;
  unit: 'inputTokens' | 'outputTokens' | 'cost';
  provider: number;
  house: number;
}

/** How providers call the columns; the first that is there counts. */
const COLUMNS = {
  day: ['date', 'day', 'usage_date', 'start_time', 'start_time_iso', 'timestamp', 'created_at'],
  model: ['model', 'model_name', 'model_id', 'snapshot_id', 'model_permaslug'],
  inputTokens: ['input_tokens', 'prompt_tokens', 'tokens_prompt', 'n_context_tokens_total', 'input'],
  outputTokens: ['output_tokens', 'completion_tokens', 'tokens_completion', 'n_generated_tokens_total', 'output'],
  cost: ['cost', 'amount', 'amount_value', 'cost_total', 'total_cost', 'total', 'usage_cost'],
} as const;
type Column = keyof typeof COLUMNS;

/** Reads a table with a head line. Throws `InvalidInputError` where a day or model is missing. */
export function readProviderInvoice(text: string): InvoiceLine[] {
  const [head = [], ...rows] = parseTable(text);
  const names = head.map((name) => name.trim().toLowerCase().replaceAll(/\s+/g, '_'));
  const places = new Map<Column, number>();
  for (const [column, known] of Object.entries(COLUMNS) as [Column, readonly string[]][]) {
    const place = known.map((name) => names.indexOf(name)).find((index) => index >= 0);
    if (place !== undefined) places.set(column, place);
  }
  for (const column of ['day', 'model'] as const) {
    if (places.has(column)) continue;
    const options = COLUMNS[column].join(', ');
    throw new InvalidInputError(`The invoice has no column for the ${column}. Name one of its columns: ${options}.`, {
      field: 'import',
    });
  }
  return rows.map((row, index) => readRow(row, { places, line: index + 2 }));
}

function readRow(
  row: readonly string[],
  { places, line }: { places: ReadonlyMap<Column, number>; line: number },
): InvoiceLine {
  const cell = (column: Column) => row[places.get(column) ?? -1]?.trim() ?? '';
  const number = (column: Column): number | null => {
    if (!places.has(column)) return null;
    const value = Number(cell(column).replaceAll(/[$€£¥\s,]/g, '') || '0');
    if (Number.isFinite(value)) return value;
    throw new InvalidInputError(`Line ${line} of the invoice: “${cell(column)}” is no number.`, { field: 'import' });
  };
  const day = dayOf(cell('day'));
  if (day === null) {
    throw new InvalidInputError(`Line ${line} of the invoice: “${cell('day')}” is no day.`, { field: 'import' });
  }
  const cost = number('cost');
  return {
    day,
    model: cell('model'),
    inputTokens: number('inputTokens'),
    outputTokens: number('outputTokens'),
    cost: cost === null ? null : Math.round(cost * 1_000_000_000),
  };
}

function dayOf(text: string): string | null {
  if (/^\d{9,11}$/.test(text)) return new Date(Number(text) * 1000).toISOString().slice(0, 10);
  const [day] = /^\d{4}-\d{2}-\d{2}/.exec(text) ?? [];
  return day ?? null;
}

/** Compares by model and day what a provider says with what the house has counted of that provider's models. */
export function compareInvoice(lines: readonly InvoiceLine[], report: UsageReport): InvoiceDifference[] {
  const days = new Intl.DateTimeFormat('en-CA', { timeZone: report.timeZone, dateStyle: 'short' });
  const counted = new Map<string, { inputTokens: number; outputTokens: number; cost: number }>();
  for (const { at, key, usage, cost } of report.rows) {
    if (at === null || key === null) continue;
    const id = JSON.stringify([days.format(at), key.slice(key.indexOf(':') + 1)]);
    const sum = counted.get(id) ?? { inputTokens: 0, outputTokens: 0, cost: 0 };
    counted.set(id, {
      inputTokens: sum.inputTokens + usage.inputTokens,
      outputTokens: sum.outputTokens + usage.outputTokens,
      cost: sum.cost + cost,
    });
  }
  return sumLines(lines).flatMap(({ day, model, ...said }) => {
    const house = counted.get(JSON.stringify([day, model])) ?? { inputTokens: 0, outputTokens: 0, cost: 0 };
    // Prices may differ on purpose; where tokens are told, they are what has to agree.
    const hasTokens = said.inputTokens !== null || said.outputTokens !== null;
    const units = hasTokens ? (['inputTokens', 'outputTokens'] as const) : (['cost'] as const);
    return units.flatMap((unit) => {
      const provider = said[unit];
      return provider === null || provider === house[unit] ? [] : [{ day, model, unit, provider, house: house[unit] }];
    });
  });
}

function sumLines(lines: readonly InvoiceLine[]): InvoiceLine[] {
  const sums = new Map<string, InvoiceLine>();
  const add = (left: number | null, right: number | null) =>
    left === null && right === null ? null : (left ?? 0) + (right ?? 0);
  for (const line of lines) {
    const id = JSON.stringify([line.day, line.model]);
    const sum = sums.get(id);
    sums.set(id, {
      day: line.day,
      model: line.model,
      inputTokens: add(sum?.inputTokens ?? null, line.inputTokens),
      outputTokens: add(sum?.outputTokens ?? null, line.outputTokens),
      cost: add(sum?.cost ?? null, line.cost),
    });
  }
  return [...sums.values()];
}

/** Cells in lines, also quoted ones with commas and line ends in them (RFC 4180). Empty lines are left out. */
function parseTable(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  const cells = /(?:"((?:[^"]|"")*)"|([^,"\r\n]*))(,|\r\n|\n|\r|$)/gy;
  const source = text.replace(/^\uFEFF/, '');
  for (let match = cells.exec(source); match && cells.lastIndex <= source.length; match = cells.exec(source)) {
    row.push(match[1]?.replaceAll('""', '"') ?? match[2] ?? '');
    if (match[3] !== ',') {
      if (row.some((cell) => cell.trim() !== '')) rows.push(row);
      row = [];
    }
    if (match[3] === '') return rows;
  }
  throw new InvalidInputError('The invoice is no table of comma-separated values.', { field: 'import' });
}
