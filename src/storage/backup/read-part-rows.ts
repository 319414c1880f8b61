import { createReadStream } from 'node:fs';
import { z } from 'zod';
import type { PortableRow } from './backup-tables.ts';
import { damagedBackup } from './damaged-backup.ts';

/** A message of 100,000 characters with its receipt is far below; bytes. */
const MAX_LINE_BYTES = 64 * 1024 * 1024;
const NEWLINE = 0x0a;

const rowSchema = z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()]));

/** The rows of a table's part, one at a time. Throws `InvalidInputError` for a line that is no row. */
export async function* readPartRows(path: string, name: string): AsyncGenerator<PortableRow> {
  let number = 0;
  for await (const line of readLines(path, name)) {
    number += 1;
    let value: unknown;
    try {
      value = JSON.parse(line);
    } catch {
      throw damagedBackup(`line ${number} of “${name}” is not a row`);
    }
    const row = rowSchema.safeParse(value);
    if (!row.success) throw damagedBackup(`line ${number} of “${name}” is not a row`);
    yield row.data;
  }
}

async function* readLines(path: string, name: string): AsyncGenerator<string> {
  let begun: Buffer[] = [];
  let begunBytes = 0;
  for await (const data of createReadStream(path)) {
    const chunk = data as Buffer;
    let from = 0;
    for (let end = chunk.indexOf(NEWLINE); end !== -1; end = chunk.indexOf(NEWLINE, from)) {
      begun.push(chunk.subarray(from, end));
      yield Buffer.concat(begun).toString('utf8');
      begun = [];
      begunBytes = 0;
      from = end + 1;
    }
    begun.push(chunk.subarray(from));
    begunBytes += chunk.length - from;
    if (begunBytes > MAX_LINE_BYTES) throw damagedBackup(`“${name}” has a line that is too long`);
  }
  if (begunBytes > 0) throw damagedBackup(`“${name}” ends in the middle of a line`);
}
