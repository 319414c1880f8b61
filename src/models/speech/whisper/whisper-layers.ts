import { OnnxGraph } from './onnx-graph.ts';
import { BLOCK, type QuantizedMatrix, type WeightReader } from './weight-reader.ts';

/** Sizes of a Whisper model, named as openai/whisper `whisper/model.py` names them. */
export interface WhisperDimensions {
  vocabulary: number;
  audioContext: number;
  audioState: number;
  audioHeads: number;
  audioLayers: number;
  textContext: number;
  textState: number;
  textHeads: number;
  textLayers: number;
  melBands: number;
}

const NORM_EPSILON = 1e-5;
/** A feed-forward layer is this many times as wide as its input. */
const FEED_FORWARD = 4;
const BITS = 8;
/** Lets onnxruntime multiply bytes with bytes; the sums are exact, only the input is rounded, block by block. */
const MULTIPLY_BYTES = 4;

/** The layers both halves of Whisper are made of, laid into a graph with the weights CTranslate2 has for them. */
export class WhisperLayers {
  readonly graph: OnnxGraph;
  readonly weights: WeightReader;

  constructor(name: string, weights: WeightReader) {
    this.graph = new OnnxGraph(name);
    this.weights = weights;
  }

  add(left: string, right: string): string {
    return this.graph.node('Add', { inputs: [left, right] });
  }

  activate(input: string): string {
    return this.graph.node('Gelu', { inputs: [input], ofRuntime: true });
  }

  vector(name: string, shape: readonly number[]): string {
    return this.graph.constant(name, this.weights.floats(name, shape));
  }

  norm(input: string, name: string, width: number): string {
    const inputs = [input, this.vector(`${name}/gamma`, [width]), this.vector(`${name}/beta`, [width])];
    return this.graph.node('LayerNormalization', {
      inputs,
      attributes: { axis: -1, epsilon: { float: NORM_EPSILON } },
    });
  }

  linear(input: string, name: string, shape: readonly [outputs: number, inputs: number]): string {
    const matrix = this.weights.quantized(`${name}/weight`, shape);
    const product = this.multiply(input, this.matrix(`${name}/weight`, matrix), shape);
    return this.add(product, this.vector(`${name}/bias`, [shape[0]]));
  }

  matrix(name: string, { bytes, scales }: QuantizedMatrix): { bytes: string; scales: string } {
    return { bytes: this.graph.constant(name, bytes), scales: this.graph.constant(`${name}_scales`, scales) };
  }

  /** `input` times the transposed matrix. */
  multiply(
    input: string,
    { bytes, scales }: { bytes: string; scales: string },
    [outputs, inputs]: readonly [number, number],
  ): string {
    return this.graph.node('MatMulNBits', {
      inputs: [input, bytes, scales],
      attributes: { N: outputs, K: inputs, bits: BITS, block_size: BLOCK, accuracy_level: MULTIPLY_BYTES },
      ofRuntime: true,
    });
  }

  /** Cuts the last dimension into equal parts. */
  split(input: string, parts: number): string[] {
    this.#splits += 1;
    const outputs = Array.from({ length: parts }, (_, part) => `split_${this.#splits}_${part}`);
    this.graph.node('Split', { inputs: [input], outputs, attributes: { axis: -1 } });
    return outputs;
  }

  #splits = 0;

  feedForward(input: string, name: string, width: number): string {
    const wide = FEED_FORWARD * width;
    const inner = this.linear(this.norm(input, `${name}/layer_norm`, width), `${name}/linear_0`, [wide, width]);
    return this.add(input, this.linear(this.activate(inner), `${name}/linear_1`, [width, wide]));
  }
}
