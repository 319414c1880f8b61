import { InvalidInputError } from '../../../base/errors.ts';
import { countNumbers, damaged, type Ctranslate2File, type Ctranslate2Variable } from './ctranslate2-file.ts';
import type { OnnxConstant } from './onnx-graph.ts';

/** Numbers read, converted and written at once: 4 MB, however large the tensor. */
const SLICE_NUMBERS = 1 << 20;
/** Weights that share one scale. */
export const BLOCK = 32;
/** A block's largest weight becomes this far from the middle of a byte. */
const MOST_STEPS = 127;
export const MIDDLE = 128;

/** A matrix of rows as long as the layer's input, each weight a byte: `(byte - 128) × scale of its block`. */
export interface QuantizedMatrix {
  /** Outputs and inputs of the layer. */
  rows: number;
  columns: number;
  /** [rows, columns / 32, 32] and [rows, columns / 32]. */
  bytes: OnnxConstant;
  scales: OnnxConstant;
}

/** Weights of a CTranslate2 model as constants of a graph, whatever kind of numbers they are kept as. */
export class WeightReader {
  readonly #file: Ctranslate2File;
  readonly #signal: AbortSignal;

  constructor(file: Ctranslate2File, signal: AbortSignal) {
    this.#file = file;
    this.#signal = signal;
  }

  floats(name: string, shape: readonly number[]): OnnxConstant {
    const variable = this.#file.require(name, shape);
    const bytes = (): AsyncIterable<Buffer> => this.#map(variable, asBytes);
    return { type: 'float32', shape, byteLength: 4 * countNumbers(shape), bytes };
  }

  quantized(name: string, [rows, columns]: readonly [number, number]): QuantizedMatrix {
    const variable = this.#file.require(name, [rows, columns]);
    if (columns % BLOCK !== 0) {
      throw new InvalidInputError(`${name} has rows of ${columns}; only multiples of ${BLOCK} can be converted.`, {
        code: 'weights-unknown',
      });
    }
    const blocks = columns / BLOCK;
    return {
      rows,
      columns,
      bytes: {
        type: 'uint8',
        shape: [rows, blocks, BLOCK],
        byteLength: rows * columns,
        bytes: () => this.#map(variable, quantizeBlocks),
      },
      scales: {
        type: 'float32',
        shape: [rows, blocks],
        byteLength: 4 * rows * blocks,
        bytes: () => this.#map(variable, (numbers) => asBytes(blockScales(numbers))),
      },
    };
  }

  async *#map(variable: Ctranslate2Variable, convert: (numbers: Float32Array) => Buffer): AsyncGenerator<Buffer> {
    const scales = await this.#scalesOf(variable);
    const count = countNumbers(variable.shape);
    for (let first = 0; first < count; first += SLICE_NUMBERS) {
      this.#signal.throwIfAborted();
      const numbers = await this.#file.read(variable, first, Math.min(SLICE_NUMBERS, count - first));
      if (scales) unscale({ numbers, first, scales, perScale: count / scales.length });
      yield convert(numbers);
    }
  }

  /** An integer stands for itself divided by its row's scale, or by the one scale of the whole. */
  async #scalesOf(variable: Ctranslate2Variable): Promise<Float32Array | null> {
    if (variable.kind !== 'int8' && variable.kind !== 'int16') return null;
    const scale = this.#file.require(`${variable.name}_scale`);
    const count = countNumbers(scale.shape);
    if (count !== 1 && count !== variable.shape[0]) throw damaged(`${variable.name} has ${count} scales`);
    const scales = await this.#file.read(scale, 0, count);
    if (!scales.every((value) => Number.isFinite(value) && value !== 0)) {
      throw damaged(`${variable.name} has a scale that is no number or 0`);
    }
    return scales;
  }
}

/** The largest weight of each block, in steps. A block of zeros has the scale 0. */
function blockScales(numbers: Float32Array): Float32Array {
  const scales = new Float32Array(numbers.length / BLOCK);
  for (let block = 0; block < scales.length; block += 1) {
    let largest = 0;
    for (let index = block * BLOCK; index < (block + 1) * BLOCK; index += 1) {
      largest = Math.max(largest, Math.abs(numbers[index] as number));
    }
    if (!Number.isFinite(largest)) throw damaged('a weight is no number');
    scales[block] = largest / MOST_STEPS;
  }
  return scales;
}

function quantizeBlocks(numbers: Float32Array): Buffer {
  const scales = blockScales(numbers);
  const bytes = Buffer.allocUnsafe(numbers.length);
  for (let index = 0; index < numbers.length; index += 1) {
    const scale = scales[Math.floor(index / BLOCK)] as number;
    const steps = scale === 0 ? 0 : Math.round((numbers[index] as number) / scale);
    bytes[index] = MIDDLE + Math.max(-MOST_STEPS, Math.min(MOST_STEPS, steps));
  }
  return bytes;
}

function unscale({
  numbers,
  first,
  scales,
  perScale,
}: {
  numbers: Float32Array;
  first: number;
  scales: Float32Array;
  perScale: number;
}): void {
  for (let index = 0; index < numbers.length; index += 1) {
    numbers[index] = (numbers[index] as number) / (scales[Math.floor((first + index) / perScale)] as number);
  }
}

function asBytes(numbers: Float32Array): Buffer {
  return Buffer.from(numbers.buffer, numbers.byteOffset, numbers.byteLength);
}
