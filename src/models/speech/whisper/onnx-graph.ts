import { floatField, integerField, lengthPrefix, messageField, textField } from './protobuf-writer.ts';

/** Ids of element types and attribute types (onnx/onnx `onnx/onnx.proto3`). */
const elementTypes = { float32: 1, uint8: 2, int64: 7 } as const;
const attributeTypes = { float: 1, integer: 2, integers: 7 } as const;
export type ElementType = keyof typeof elementTypes;
/** Of the ONNX operators used here, and of those of onnxruntime. */
const OPERATOR_SET = 17;
const RUNTIME_DOMAIN = 'com.microsoft';
/** The file format of ONNX 1.12, the first with operator set 17. */
const FORMAT_VERSION = 8;

/** A constant of the graph, made when it is written: weights are larger than what should be held in memory. */
export interface OnnxConstant {
  type: ElementType;
  /** Slowest dimension first; empty for a single number. */
  shape: readonly number[];
  byteLength: number;
  bytes(): Iterable<Buffer> | AsyncIterable<Buffer>;
}

/** A number is an integer, unless it is given as `{ float }`. */
export type OnnxAttribute = number | readonly number[] | { float: number };

export interface OnnxOperator {
  /** Empty names are inputs left out. */
  inputs: readonly string[];
  outputs?: readonly string[];
  attributes?: Readonly<Record<string, OnnxAttribute>>;
  /** True for an operator of onnxruntime that ONNX does not have. */
  ofRuntime?: boolean;
}

/** A dimension by its length, or by the name of a length that differs from run to run. */
export type Dimension = number | string;

/** Builds an ONNX model node by node, and writes it as a stream of a length known beforehand. */
export class OnnxGraph {
  readonly #name: string;
  readonly #nodes: Buffer[] = [];
  readonly #inputs: Buffer[] = [];
  readonly #outputs: Buffer[] = [];
  readonly #constants = new Map<string, OnnxConstant>();
  #values = 0;

  constructor(name: string) {
    this.#name = name;
  }

  input(name: string, type: ElementType, shape: readonly Dimension[]): string {
    this.#inputs.push(messageField(11, valueInfo(name, type, shape)));
    return name;
  }

  output(name: string, type: ElementType, shape: readonly Dimension[]): void {
    this.#outputs.push(messageField(12, valueInfo(name, type, shape)));
  }

  constant(name: string, constant: OnnxConstant): string {
    this.#constants.set(name, constant);
    return name;
  }

  /** A short vector, such as the shape of a reshape; a lone number where `scalar`. */
  integers(name: string, values: readonly number[], { scalar = false } = {}): string {
    const bytes = Buffer.alloc(8 * values.length);
    for (const [index, value] of values.entries()) bytes.writeBigInt64LE(BigInt(value), 8 * index);
    const shape = scalar ? [] : [values.length];
    return this.constant(name, { type: 'int64', shape, byteLength: bytes.length, bytes: () => [bytes] });
  }

  /** Adds a node and gives the name of its first output. */
  node(operator: string, { inputs, outputs, attributes = {}, ofRuntime = false }: OnnxOperator): string {
    const named = outputs ?? [`made_${(this.#values += 1)}`];
    this.#nodes.push(
      messageField(
        1,
        ...inputs.map((input) => textField(1, input)),
        ...named.map((output) => textField(2, output)),
        textField(4, operator),
        ...Object.entries(attributes).map(([name, value]) => messageField(5, attribute(name, value))),
        ...(ofRuntime ? [textField(7, RUNTIME_DOMAIN)] : []),
      ),
    );
    return named[0] ?? '';
  }

  get byteLength(): number {
    const graph = this.#graphBytes();
    return this.#preamble().length + lengthPrefix(7, graph).length + graph;
  }

  async *write(): AsyncGenerator<Buffer> {
    yield this.#preamble();
    yield lengthPrefix(7, this.#graphBytes());
    yield this.#structure();
    for (const [name, constant] of this.#constants) {
      yield constantHeader(name, constant);
      yield* constant.bytes();
    }
  }

  #preamble(): Buffer {
    return Buffer.concat([
      integerField(1, FORMAT_VERSION),
      messageField(8, integerField(2, OPERATOR_SET)),
      messageField(8, textField(1, RUNTIME_DOMAIN), integerField(2, 1)),
    ]);
  }

  #structure(): Buffer {
    return Buffer.concat([...this.#nodes, textField(2, this.#name), ...this.#inputs, ...this.#outputs]);
  }

  #graphBytes(): number {
    return [...this.#constants].reduce(
      (bytes, [name, constant]) => bytes + constantHeader(name, constant).length + constant.byteLength,
      this.#structure().length,
    );
  }
}

/** All of a constant but its data, which come last. */
function constantHeader(name: string, { type, shape, byteLength }: OnnxConstant): Buffer {
  const fields = Buffer.concat([
    ...shape.map((length) => integerField(1, length)),
    integerField(2, elementTypes[type]),
    textField(8, name),
    lengthPrefix(9, byteLength),
  ]);
  return Buffer.concat([lengthPrefix(5, fields.length + byteLength), fields]);
}

function valueInfo(name: string, type: ElementType, shape: readonly Dimension[]): Buffer {
  const dimensions = shape.map((length) =>
    messageField(1, typeof length === 'string' ? textField(2, length) : integerField(1, length)),
  );
  const tensor = messageField(1, integerField(1, elementTypes[type]), messageField(2, ...dimensions));
  return Buffer.concat([textField(1, name), messageField(2, tensor)]);
}

function attribute(name: string, value: OnnxAttribute): Buffer {
  const written = textField(1, name);
  if (typeof value === 'number') {
    return Buffer.concat([written, integerField(3, value), integerField(20, attributeTypes.integer)]);
  }
  if ('float' in value) {
    return Buffer.concat([written, floatField(2, value.float), integerField(20, attributeTypes.float)]);
  }
  return Buffer.concat([
    written,
    ...value.map((item) => integerField(8, item)),
    integerField(20, attributeTypes.integers),
  ]);
}
