import { voiceSampleSchema } from '../../../contract/voice.ts';
import type { VoiceSamples } from '../../features/voices/voice-samples.ts';
import type { Area } from '../http-app.ts';
import { readerSignal } from '../reader-signal.ts';

/** A voice to be heard: an address that a browser's own player opens. */
export function voiceSamplesArea(samples: VoiceSamples): Area {
  return (app) => {
    app.route({
      method: 'GET',
      url: '/api/voice/sample',
      schema: {
        summary: 'A sentence said by a voice, as a WAV file',
        tags: ['voice'],
        querystring: voiceSampleSchema,
      },
      config: { access: 'user', scope: 'chat' },
      handler: async ({ actor, query }, reply) => {
        const wav = await samples.speak(actor, query, readerSignal(reply));
        return reply.type('audio/wav').header('cache-control', 'private, max-age=3600').send(wav);
      },
    });
  };
}
