import { open, type FileHandle } from 'node:fs/promises';
import { z } from 'zod';
import { InvalidInputError } from '../../base/errors.ts';

const tensorSchema = z.object({
  dtype: z.string(),
  shape: z.array(z.int().nonnegative()).max(8),
  data_offsets: z.tuple([z.int().nonnegative(), z.int().nonnegative()]),
});
export type SafetensorsTensor = z.infer<typeof tensorSchema>;

/** The longest header the format allows. */
const MOST_HEADER_BYTES = 100_000_000;
const FLOAT_BYTES = 4;

/**
 * A file of tensors (https://github.com/huggingface/safetensors#format): the length of a JSON header, the header, the
 * numbers. Throws `InvalidInputError` (`weights-damaged`) for what is something else.
 */
export class SafetensorsFile implements AsyncDisposable {
  readonly #file: FileHandle;
  readonly #dataStart: number;
  readonly tensors: ReadonlyMap<string, SafetensorsTensor>;

  private constructor(file: FileHandle, dataStart: number, tensors: ReadonlyMap<string, SafetensorsTensor>) {
    this.#file = file;
    this.#dataStart = dataStart;
    this.tensors = tensors;
  }

  static async open(path: string): Promise<SafetensorsFile> {
    const file = await open(path, 'r');
    try {
      const { size } = await file.stat();
      const length = Number((await readExactly(file, { position: 0, bytes: 8, size })).readBigUInt64LE());
      if (length > Math.min(size - 8, MOST_HEADER_BYTES)) throw damaged('its header is longer than the file');
      const header = await readExactly(file, { position: 8, bytes: length, size });
      const tensors = parseHeader(header);
      for (const [name, tensor] of tensors) checkTensor({ name, tensor, dataBytes: size - 8 - length });
      return new SafetensorsFile(file, 8 + length, tensors);
    } catch (error) {
      await file.close();
      throw error;
    }
  }

  /** The floats of a tensor, which must have this shape. */
  async floats(name: string, shape: readonly number[]): Promise<Float32Array> {
    const tensor = this.tensors.get(name);
    if (!tensor) throw damaged(`it has no tensor ${name}`);
    if (tensor.dtype !== 'F32') throw damaged(`${name} is ${tensor.dtype}, not F32`);
    if (tensor.shape.join() !== shape.join()) throw damaged(`${name} is ${tensor.shape.join(' × ')}`);
    const [start, end] = tensor.data_offsets;
    const values = new Float32Array((end - start) / FLOAT_BYTES);
    const bytes = new Uint8Array(values.buffer);
    const { bytesRead } = await this.#file.read(bytes, 0, bytes.length, this.#dataStart + start);
    if (bytesRead !== bytes.length) throw damaged(`it ends inside ${name}`);
    return values;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#file.close();
  }
}

async function readExactly(
  file: FileHandle,
  { position, bytes, size }: { position: number; bytes: number; size: number },
): Promise<Buffer> {
  if (position + bytes > size) throw damaged('it is cut short');
  const buffer = Buffer.alloc(bytes);
  await file.read(buffer, 0, bytes, position);
  return buffer;
}

function parseHeader(header: Buffer): Map<string, SafetensorsTensor> {
  let value: unknown;
  try {
    value = JSON.parse(header.toString('utf8'));
  } catch (error) {
    throw damaged('its header is no JSON', error);
  }
  const parsed = z.record(z.string(), z.unknown()).safeParse(value);
  if (!parsed.success) throw damaged('its header is no table of tensors', parsed.error);
  const rows = Object.entries(parsed.data).filter(([name]) => name !== '__metadata__');
  return new Map(
    rows.map(([name, row]) => {
      const tensor = tensorSchema.safeParse(row);
      if (!tensor.success) throw damaged(`${name.slice(0, 80)} is not described as a tensor`, tensor.error);
      return [name, tensor.data];
    }),
  );
}

function checkTensor({
  name,
  tensor,
  dataBytes,
}: {
  name: string;
  tensor: SafetensorsTensor;
  dataBytes: number;
}): void {
  const [start, end] = tensor.data_offsets;
  if (end < start || end > dataBytes) throw damaged(`${name.slice(0, 80)} lies outside of the file`);
  const count = tensor.shape.reduce((product, dimension) => product * dimension, 1);
  if (tensor.dtype === 'F32' && end - start !== count * FLOAT_BYTES) {
    throw damaged(`${name.slice(0, 80)} has another size than its shape`);
  }
}

function damaged(what: string, cause?: unknown): InvalidInputError {
  return new InvalidInputError(`The safetensors file is damaged: ${what}.`, {
    code: 'weights-damaged',
    ...(cause === undefined ? {} : { cause }),
  });
}
