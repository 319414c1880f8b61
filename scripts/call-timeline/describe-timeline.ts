import type { Timeline } from '../call-timeline.ts';
import type { LoggedTurn } from './call-log.ts';
import { errorRate } from './error-rate.ts';

const STAGES = [
  ['turn end', 'turnEndInMs'],
  ['transcript', 'transcriptInMs'],
  ['first token', 'firstTokenInMs'],
  ['first clause', 'firstClauseInMs'],
  ['first audio', 'firstAudioInMs'],
  ['frame out', 'firstFrameOutInMs'],
  ['heard', 'heardInMs'],
] as const;

/** A timeline as Markdown: every stage of every turn, what was understood and kept, and the recording read back. */
export function describeTimeline({ locale, turns, transcript, recordingInSeconds }: Timeline): string {
  const header = ['#', 'heard by the house', ...STAGES.map(([name]) => name), 'ended', 'kept of the reply'];
  const rows = turns.map((turn, index) => row(turn, index));
  const kept = turns.map((turn) => turn.kept).join(' ');
  const delays = turns.map(({ timings }) => timings?.heardInMs ?? null).filter((delay) => delay !== null);
  delays.sort((a, b) => a - b);
  const rate = errorRate({ expected: kept, found: transcript, byCharacter: locale === 'zh-CN' });
  return [
    `Milliseconds from the last sample of speech. ${turns.length} replies, ${recordingInSeconds.toFixed(0)} s recorded.`,
    '',
    `| ${header.join(' | ')} |`,
    `| ${header.map(() => '---').join(' | ')} |`,
    ...rows,
    '',
    `First sound: p50 ${quantile(delays, 0.5)} ms, p95 ${quantile(delays, 0.95)} ms (${delays.length} turns).`,
    '',
    `The recording, transcribed (${(rate * 100).toFixed(1)} % ${locale === 'zh-CN' ? 'characters' : 'words'} differ from what is kept):`,
    '',
    `> ${transcript}`,
    '',
  ].join('\n');
}

function row({ heard, kept, state, timings }: LoggedTurn, index: number): string {
  const stages = STAGES.map(([, key]) => roundOf(timings?.[key] ?? null));
  return `| ${[index, cell(heard), ...stages, state, cell(kept)].join(' | ')} |`;
}

function cell(text: string): string {
  return text.replaceAll('|', '/').replaceAll('\n', ' ');
}

/** Nearest rank. */
function quantile(sorted: readonly number[], part: number): string {
  return roundOf(sorted[Math.max(0, Math.ceil(sorted.length * part) - 1)] ?? null);
}

function roundOf(value: number | null): string {
  return value === null ? '–' : String(Math.round(value));
}
