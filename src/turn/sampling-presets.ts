import type { SamplingPreset } from '../../contract/conversations.ts';
import type { Sampling } from '../models/spec/model-handle.ts';

/** What each preset changes of a model's own defaults; the guards against loops stay in place. */
const presets: Record<SamplingPreset, Sampling> = {
  model: {},
  steady: { temperature: 0.5, topP: 0.9, minP: 0.1 },
  balanced: { temperature: 0.8, topP: 0.95, minP: 0.05 },
  lively: { temperature: 1.1, topP: 1, minP: 0.05 },
};

export function samplingFor(preset: SamplingPreset, modelDefaults: Sampling): Sampling {
  return { ...modelDefaults, ...presets[preset] };
}
