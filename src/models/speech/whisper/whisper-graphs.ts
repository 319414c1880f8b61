import type { OnnxGraph } from './onnx-graph.ts';
import { BLOCK, MIDDLE, type WeightReader } from './weight-reader.ts';
import { WhisperLayers, type WhisperDimensions } from './whisper-layers.ts';

/** Frames that the convolutions look at. */
const KERNEL = 3;

/**
 * The listening half. `mel` [1, bands, frames], of an even number of frames up to twice the audio context, becomes what
 * every layer of the other half looks at: `cross_key_<layer>` and `cross_value_<layer>` [1, heads, frames / 2, width].
 */
export function encoderGraph(weights: WeightReader, dimensions: WhisperDimensions): OnnxGraph {
  const { audioState, audioHeads, audioLayers, melBands } = dimensions;
  const layers = new WhisperLayers('whisper_encoder', weights);
  const mel = layers.graph.input('mel', 'float32', [1, melBands, 'frames']);
  const first = convolve(layers, {
    input: mel,
    name: 'encoder/conv1',
    shape: [audioState, melBands, KERNEL],
    stride: 1,
  });
  const second = convolve(layers, {
    input: first,
    name: 'encoder/conv2',
    shape: [audioState, audioState, KERNEL],
    stride: 2,
  });
  const sequence = layers.graph.node('Transpose', { inputs: [second], attributes: { perm: [0, 2, 1] } });
  let state = layers.add(sequence, audioPositions(layers, sequence, dimensions));
  for (let layer = 0; layer < audioLayers; layer += 1) {
    const name = `encoder/layer_${layer}`;
    const [query = '', key = '', value = ''] = stackedProjection(layers, state, `${name}/self_attention`, audioState);
    const attended = layers.graph.node('MultiHeadAttention', {
      inputs: [query, key, value],
      attributes: { num_heads: audioHeads },
      ofRuntime: true,
    });
    const mixed = layers.linear(attended, `${name}/self_attention/linear_1`, [audioState, audioState]);
    state = layers.feedForward(layers.add(state, mixed), `${name}/ffn`, audioState);
  }
  outputCross(layers, layers.norm(state, 'encoder/layer_norm', audioState), dimensions);
  return layers.graph;
}

/**
 * The writing half: `tokens` [1, n] at `positions` [n] after those whose `past_key_<layer>` and `past_value_<layer>`
 * [1, heads, past, width] are given, become `logits` [1, 1, vocabulary] of the token after the last, and the keys and
 * values of all of them.
 */
export function decoderGraph(weights: WeightReader, dimensions: WhisperDimensions): OnnxGraph {
  const { textState, textContext, textLayers, vocabulary } = dimensions;
  const layers = new WhisperLayers('whisper_decoder', weights);
  const { graph } = layers;
  const tokens = graph.input('tokens', 'int64', [1, 'count']);
  const positions = graph.input('positions', 'int64', ['count']);
  const name = 'decoder/embeddings/weight';
  const embeddings = layers.matrix(name, weights.quantized(name, [vocabulary, textState]));
  const places = graph.node('Gather', {
    inputs: [layers.vector('decoder/position_encodings/encodings', [textContext, textState]), positions],
  });
  let state = layers.add(lookUp(layers, { embeddings, tokens, width: textState }), places);
  for (let layer = 0; layer < textLayers; layer += 1) {
    state = selfAttention(layers, { state, layer, dimensions });
    state = crossAttention(layers, { state, layer, dimensions });
    state = layers.feedForward(state, `decoder/layer_${layer}/ffn`, textState);
  }
  const last = graph.node('Gather', {
    inputs: [state, graph.integers('last', [-1])],
    attributes: { axis: 1 },
  });
  const logits = layers.multiply(layers.norm(last, 'decoder/layer_norm', textState), embeddings, [
    vocabulary,
    textState,
  ]);
  graph.node('Identity', { inputs: [logits], outputs: ['logits'] });
  graph.output('logits', 'float32', [1, 1, vocabulary]);
  return graph;
}

function convolve(
  layers: WhisperLayers,
  {
    input,
    name,
    shape,
    stride,
  }: { input: string; name: string; shape: readonly [number, number, number]; stride: number },
): string {
  const inputs = [input, layers.vector(`${name}/weight`, shape), layers.vector(`${name}/bias`, [shape[0]])];
  return layers.activate(
    layers.graph.node('Conv', { inputs, attributes: { kernel_shape: [KERNEL], strides: [stride], pads: [1, 1] } }),
  );
}

/** As many rows of the table of places as there are frames. */
function audioPositions(
  layers: WhisperLayers,
  sequence: string,
  { audioContext, audioState }: WhisperDimensions,
): string {
  const { graph } = layers;
  const shape = graph.node('Shape', { inputs: [sequence], attributes: { start: 1, end: 2 } });
  const table = layers.vector('encoder/position_encodings/encodings', [audioContext, audioState]);
  return graph.node('Slice', { inputs: [table, graph.integers('beginning', [0]), shape, graph.integers('rows', [0])] });
}

/** Query, key and value of self attention; CTranslate2 keeps their matrices stacked. */
function stackedProjection(layers: WhisperLayers, state: string, name: string, width: number): string[] {
  const normed = layers.norm(state, `${name}/layer_norm`, width);
  return layers.split(layers.linear(normed, `${name}/linear_0`, [3 * width, width]), 3);
}

function outputCross(
  layers: WhisperLayers,
  heard: string,
  { textState, textHeads, textLayers, audioState }: WhisperDimensions,
): void {
  const { graph } = layers;
  const width = textState / textHeads;
  const shape = graph.integers('heads', [0, 0, textHeads, width]);
  for (let layer = 0; layer < textLayers; layer += 1) {
    const stacked = layers.linear(heard, `decoder/layer_${layer}/attention/linear_1`, [2 * textState, audioState]);
    for (const [part, values] of layers.split(stacked, 2).entries()) {
      const name = `cross_${part === 0 ? 'key' : 'value'}_${layer}`;
      const parted = graph.node('Reshape', { inputs: [values, shape] });
      graph.node('Transpose', { inputs: [parted], outputs: [name], attributes: { perm: [0, 2, 1, 3] } });
      graph.output(name, 'float32', [1, textHeads, 'heard', width]);
    }
  }
}

interface DecoderLayer {
  state: string;
  layer: number;
  dimensions: WhisperDimensions;
}

function selfAttention(layers: WhisperLayers, { state, layer, dimensions }: DecoderLayer): string {
  const { textState, textHeads } = dimensions;
  const { graph } = layers;
  const name = `decoder/layer_${layer}/self_attention`;
  const width = textState / textHeads;
  const past = ['key', 'value'].map((kind) =>
    graph.input(`past_${kind}_${layer}`, 'float32', [1, textHeads, 'past', width]),
  );
  const all = ['key', 'value'].map((kind) => `${kind}_${layer}`);
  for (const output of all) graph.output(output, 'float32', [1, textHeads, 'all', width]);
  const attended = graph.node('MultiHeadAttention', {
    inputs: [...stackedProjection(layers, state, name, textState), '', '', '', ...past],
    outputs: [`attended_${layer}`, ...all],
    attributes: { num_heads: textHeads, unidirectional: 1 },
    ofRuntime: true,
  });
  return layers.add(state, layers.linear(attended, `${name}/linear_1`, [textState, textState]));
}

function crossAttention(layers: WhisperLayers, { state, layer, dimensions }: DecoderLayer): string {
  const { textState, textHeads } = dimensions;
  const { graph } = layers;
  const name = `decoder/layer_${layer}/attention`;
  const normed = layers.norm(state, `${name}/layer_norm`, textState);
  const heard = ['key', 'value'].map((kind) =>
    graph.input(`cross_${kind}_${layer}`, 'float32', [1, textHeads, 'heard', textState / textHeads]),
  );
  const attended = graph.node('MultiHeadAttention', {
    inputs: [layers.linear(normed, `${name}/linear_0`, [textState, textState]), ...heard],
    attributes: { num_heads: textHeads },
    ofRuntime: true,
  });
  return layers.add(state, layers.linear(attended, `${name}/linear_2`, [textState, textState]));
}

/** Rows of the matrix of bytes that also makes the logits, as numbers again. */
function lookUp(
  layers: WhisperLayers,
  { embeddings, tokens, width }: { embeddings: { bytes: string; scales: string }; tokens: string; width: number },
): string {
  const { graph } = layers;
  const bytes = graph.node('Gather', { inputs: [embeddings.bytes, tokens] });
  const numbers = graph.node('Cast', { inputs: [bytes], attributes: { to: 1 } });
  const middle = Buffer.from(Float32Array.of(MIDDLE).buffer);
  const centred = graph.node('Sub', {
    inputs: [
      numbers,
      graph.constant('middle', { type: 'float32', shape: [], byteLength: middle.length, bytes: () => [middle] }),
    ],
  });
  const scales = graph.node('Gather', { inputs: [embeddings.scales, tokens] });
  const apart = graph.node('Unsqueeze', { inputs: [scales, graph.integers('last_axis', [-1])] });
  const scaled = graph.node('Mul', { inputs: [centred, apart] });
  return graph.node('Reshape', { inputs: [scaled, graph.integers('joined', [0, 0, (width / BLOCK) * BLOCK])] });
}
