import { useEffect, useRef, useState } from 'react';
import { useErrorText } from '../../../state/use-error-text.ts';
import { MicrophoneError } from '../../call/audio/microphone.ts';
import type { MicrophoneProblem } from '../../call/audio/microphone.ts';
import { transcribe } from './voice-calls.ts';
import { LONGEST_RECORDING_IN_SECONDS } from './voice-recorder.ts';
import type { VoiceRecorder } from './voice-recorder.ts';

/** Between two looks at level and time. */
const LOOK_PERIOD_IN_MS = 100;
/** New sound that is worth another look at the words, seconds. */
const WORDS_PERIOD_IN_SECONDS = 2;
/** Of longer recordings the words come at the end: hearing everything again costs too much. */
const LONGEST_PREVIEW_IN_SECONDS = 40;

export type RecordingStage = 'opening' | 'recording' | 'stopped' | 'working' | 'failed';

export interface VoiceRecording {
  stage: RecordingStage;
  seconds: number;
  levelInDb: number;
  /** What was understood so far. */
  words: string;
  problem: MicrophoneProblem | null;
  error: string | null;
  stop: () => Promise<Blob>;
  /** Runs a step that takes a while; what fails, or what it answers, is told, and it can be tried again. */
  work: (step: (signal: AbortSignal) => Promise<string | null>) => Promise<void>;
}

/**
 * One recording from the moment the microphone is asked for. Stages: `opening` → `recording` → `stopped` ⇄ `working`;
 * `failed` where there is no microphone. Ends with the component.
 */
export function useVoiceRecording(recorder: VoiceRecorder): VoiceRecording {
  const errorText = useErrorText();
  const life = useRef(new AbortController());
  const [stage, setStage] = useState<RecordingStage>('opening');
  const [look, setLook] = useState({ seconds: 0, levelInDb: -90 });
  const [words, setWords] = useState('');
  const [problem, setProblem] = useState<MicrophoneProblem | null>(null);
  const [error, setError] = useState<string | null>(null);

  useEffect(() => {
    const ended = new AbortController();
    life.current = ended;
    recorder.start().then(
      () => !ended.signal.aborted && setStage('recording'),
      (reason: unknown) => {
        setProblem(reason instanceof MicrophoneError ? reason.problem : 'unknown');
        setStage('failed');
      },
    );
    const timer = setInterval(
      () => setLook({ seconds: recorder.seconds, levelInDb: recorder.levelInDb }),
      LOOK_PERIOD_IN_MS,
    );
    const stopPreview = previewWords(recorder, setWords);
    return () => {
      ended.abort();
      clearInterval(timer);
      stopPreview();
      void recorder.stop();
    };
  }, [recorder]);

  async function stop(): Promise<Blob> {
    await recorder.stop();
    setStage('stopped');
    return recorder.toWav();
  }

  const full = stage === 'recording' && look.seconds >= LONGEST_RECORDING_IN_SECONDS;
  useEffect(() => {
    if (full) void recorder.stop().then(() => setStage('stopped'));
  }, [full, recorder]);

  async function work(step: (signal: AbortSignal) => Promise<string | null>): Promise<void> {
    setStage('working');
    setError(null);
    try {
      const answer = await step(life.current.signal);
      if (life.current.signal.aborted || answer === null) return;
      setError(answer);
      setStage('stopped');
    } catch (reason) {
      if (life.current.signal.aborted) return;
      setError(errorText(reason));
      setStage('stopped');
    }
  }

  return { stage, ...look, words, problem, error, stop, work };
}

/** Words appear while one speaks: what there is is heard again whenever enough is new. */
function previewWords(recorder: VoiceRecorder, onWords: (words: string) => void): () => void {
  const ended = new AbortController();
  let heard = 0;
  let busy = false;
  const timer = setInterval(() => {
    const { seconds } = recorder;
    if (busy || seconds - heard < WORDS_PERIOD_IN_SECONDS || seconds > LONGEST_PREVIEW_IN_SECONDS) return;
    busy = true;
    heard = seconds;
    transcribe(recorder.toWav(), ended.signal)
      .then((words) => !ended.signal.aborted && onWords(words))
      // The words at the end tell what is wrong; a preview may be missing.
      .catch(() => undefined)
      .finally(() => (busy = false));
  }, LOOK_PERIOD_IN_MS);
  return () => {
    ended.abort();
    clearInterval(timer);
  };
}
