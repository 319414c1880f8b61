import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { AbortedError } from '../../../base/errors.ts';
import { serveChild } from '../../host/child-server.ts';
import { createKokoroSpeech } from './kokoro-speech.ts';
import { createSherpaSpeech } from './sherpa-speech.ts';
import { shapeSpeech } from './shape-speech.ts';
import type { SpeakingEngine, SpeakingInfo, SpeakingMethods, SpeakingStart } from './speech-protocol.ts';

/**
 * A speaking engine's child process. Its parent is `speech-host.ts`. Nothing is heard from native code on stdout; errors
 * become answers. One piece is made at a time; one that was cancelled before its turn is not made at all.
 */
serveChild<SpeakingMethods, SpeakingInfo>(async (options) => {
  const start = options as SpeakingStart;
  const engine = await createEngine(start);
  await warmUp(engine, start);
  await empty(start.workFolder);
  let before: Promise<unknown> = Promise.resolve();
  return {
    info: { sampleRate: engine.sampleRate },
    handlers: {
      speak: (request, { signal }) => {
        const made = before.then(async () => {
          if (signal.aborted) throw new AbortedError();
          const samples = await engine.speak(request);
          return { samples: shapeSpeech(samples, engine.sampleRate, request), sampleRate: engine.sampleRate };
        });
        before = made.catch(() => undefined);
        return made;
      },
    },
    stop: async () => {
      await before;
    },
  };
});

function createEngine(start: SpeakingStart): Promise<SpeakingEngine> {
  return start.engine === 'kokoro-onnx' ? createKokoroSpeech(start) : createSherpaSpeech(start);
}

/** As long as the longest pieces (`speech-host.ts`), in one sentence. */
const longPiece: Record<'en' | 'zh', string> = {
  en: 'When the storm had passed the keeper climbed the long stairs of the tower and lit the lamp that had been cold since spring.',
  zh: '暴风雨过去以后看守人慢慢走上灯塔长长的楼梯点亮了那盏从春天起就没有再亮过的灯然后坐在窗边看着海面等待第一艘船回来。',
};
/** Kokoro takes a second for the shortest word, and after a crash somebody waits for it. */
const shortPiece = '嗯。';

/**
 * The first run of a model costs twice as much; and one of the longest pieces claims the memory that all later ones use
 * again, so that what is gained after it is a leak.
 */
async function warmUp(engine: SpeakingEngine, { engine: kind, voices }: SpeakingStart): Promise<void> {
  const voice = voices[0];
  if (!voice) return;
  const language = voice.languages[0] ?? 'en';
  const text = kind === 'kokoro-onnx' ? shortPiece : longPiece[language === 'zh' ? 'zh' : 'en'];
  await engine.speak({ text, language, voice: voice.name, speed: 1 });
}

/** Native code has read what was prepared there. */
async function empty(folder: string): Promise<void> {
  for (const name of await readdir(folder)) await rm(join(folder, name), { recursive: true, force: true });
}
