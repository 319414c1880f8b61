import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { batchLineSchema, type BatchProblem } from '../../../../contract/openai/files.ts';

const MOST_LINES = 50_000;
/** Told of one file; whoever mends these sees the others. */
const MOST_PROBLEMS = 50;
/** Characters of one request. */
const LONGEST_LINE = 8 * 1024 * 1024;
/** Of a model, characters. */
const LONGEST_NAME = 400;

export interface ReadLine {
  line: number;
  customId: string;
  body: Record<string, unknown>;
}

/**
 * Reads a batch's file line by line and hands out its requests in pieces of `pieceSize`. Where something is wrong with
 * it, the result says so and nothing of it is to be done. `model`: what all of them name, or null.
 */
export async function readBatchLines(
  bytes: Readable,
  { endpoint, pieceSize, take }: { endpoint: string; pieceSize: number; take: (lines: ReadLine[]) => Promise<void> },
): Promise<{ total: number; model: string | null; problems: BatchProblem[] }> {
  const problems: BatchProblem[] = [];
  const known = new Set<string>();
  const models = new Set<unknown>();
  let piece: ReadLine[] = [];
  let line = 0;
  for await (const text of createInterface({ input: bytes, crlfDelay: Infinity })) {
    line += 1;
    if (text.trim() === '') continue;
    const read = readLine(text, { line, endpoint, known });
    if ('code' in read) problems.push(read);
    else {
      piece.push(read);
      models.add(read.body['model']);
    }
    if (known.size > MOST_LINES) {
      problems.push(problem('too_many_requests', `A batch has at most ${MOST_LINES} requests.`, { line }));
    }
    if (problems.length >= MOST_PROBLEMS || known.size > MOST_LINES) break;
    if (piece.length >= pieceSize && problems.length === 0) {
      await take(piece);
      piece = [];
    }
  }
  bytes.destroy();
  if (known.size === 0 && problems.length === 0) {
    problems.push(problem('empty_file', 'The file holds no requests.', { line: null }));
  }
  if (piece.length > 0 && problems.length === 0) await take(piece);
  const [model, ...others] = models;
  return {
    total: known.size,
    model: typeof model === 'string' && others.length === 0 ? model.slice(0, LONGEST_NAME) : null,
    problems,
  };
}

function readLine(
  text: string,
  { line, endpoint, known }: { line: number; endpoint: string; known: Set<string> },
): ReadLine | BatchProblem {
  if (text.length > LONGEST_LINE) return problem('line_too_long', 'This line is longer than 8 MiB.', { line });
  const json = jsonOf(text);
  if (json === undefined) return problem('invalid_json_line', 'This line is not valid JSON.', { line });
  const parsed = batchLineSchema.safeParse(json);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const param = issue?.path.join('.') ?? null;
    return problem('invalid_request', `${param ?? 'line'}: ${issue?.message ?? 'it does not fit'}`, { line, param });
  }
  const { custom_id: customId, url, body } = parsed.data;
  if (url !== endpoint) {
    const message = `This request goes to ${url.slice(0, 200)}, and the batch to ${endpoint}.`;
    return problem('mismatched_endpoint', message, { line, param: 'url' });
  }
  if (body['stream'] === true) {
    return problem('invalid_request', 'What is answered in a batch cannot be streamed.', {
      line,
      param: 'body.stream',
    });
  }
  if (known.has(customId)) {
    const message = `The custom_id “${customId.slice(0, 200)}” is used twice.`;
    return problem('duplicate_custom_id', message, { line, param: 'custom_id' });
  }
  known.add(customId);
  return { line, customId, body };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function problem(
  code: string,
  message: string,
  { line, param = null }: { line: number | null; param?: string | null },
): BatchProblem {
  return { code, message, param, line };
}
