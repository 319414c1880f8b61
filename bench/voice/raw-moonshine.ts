import { InferenceSession, Tensor } from 'onnxruntime-node';
import type { LocatedFiles } from '../../src/models/catalog/file-set.ts';

export interface RawMoonshine extends AsyncDisposable {
  /** Runs encoder and decoder as often as a transcript needs, and does nothing else. Milliseconds. */
  run(samples: Float32Array): Promise<number>;
}

const sessionOptions = { intraOpNumThreads: 1, interOpNumThreads: 1, logSeverityLevel: 3 } as const;
const HEADS = 8;
const WIDTH = 36;

/** The bare runtime over the same weights: no child process, no queue, no text. What our ears are compared with. */
export async function loadRawMoonshine(files: LocatedFiles): Promise<RawMoonshine> {
  const encoder = await InferenceSession.create(files['encoder'] ?? '', sessionOptions);
  const decoder = await InferenceSession.create(files['decoder'] ?? '', sessionOptions);
  const pastNames = decoder.inputNames.filter((name) => name.startsWith('past_key_values.'));
  return {
    async run(samples) {
      const begun = performance.now();
      const mask = new Tensor('int64', new BigInt64Array(samples.length).fill(1n), [1, samples.length]);
      const audio = new Tensor('float32', samples, [1, samples.length]);
      const { last_hidden_state: hidden } = await encoder.run({ input_values: audio, attention_mask: mask });
      const feeds: Record<string, Tensor> = { encoder_attention_mask: mask };
      if (hidden) feeds['encoder_hidden_states'] = hidden;
      for (const name of pastNames) feeds[name] = new Tensor('float32', new Float32Array(0), [0, HEADS, 1, WIDTH]);
      const most = Math.ceil((samples.length / 16_000) * 6.5);
      for (let step = 0, token = 1; step < most && token !== 2; step++) {
        feeds['input_ids'] = new Tensor('int64', BigInt64Array.of(BigInt(token)), [1, 1]);
        feeds['use_cache_branch'] = new Tensor('bool', [step > 0], [1]);
        const output = await decoder.run(feeds);
        for (const name of pastNames) {
          const made = output[name.replace('past_key_values', 'present')];
          if (made && (step === 0 || name.includes('.decoder.'))) feeds[name] = made;
        }
        const logits = output['logits']?.data as Float32Array;
        token = logits.indexOf(logits.reduce((best, value) => Math.max(best, value), -Infinity));
      }
      return performance.now() - begun;
    },
    async [Symbol.asyncDispose]() {
      await Promise.all([encoder.release(), decoder.release()]);
    },
  };
}
