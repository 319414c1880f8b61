import { z } from 'zod';

/*
 * MiniMax's requests, as its clients send them (platform.minimax.io/docs: T2A v2, Music Generation, Video Generation,
 * Text v2). Unknown fields are tolerated; what is forwarded is forwarded whole.
 */

export const t2aRequestSchema = z.looseObject({
  model: z.string().min(1).max(400),
  text: z.string().min(1).max(10_000),
  stream: z.boolean().default(false),
  stream_options: z.looseObject({ exclude_aggregated_audio: z.boolean().optional() }).nullish(),
  voice_setting: z
    .looseObject({
      voice_id: z.string().max(400).optional(),
      speed: z.number().min(0.5).max(2).optional(),
      emotion: z.string().max(40).optional(),
    })
    .nullish(),
  audio_setting: z.looseObject({ format: z.string().max(20).optional() }).nullish(),
  output_format: z.enum(['hex', 'url']).nullish(),
});
export type T2aRequest = z.infer<typeof t2aRequestSchema>;

export const minimaxModelSchema = z.looseObject({ model: z.string().min(1).max(400) });
export const minimaxFilmSchema = minimaxModelSchema.extend({
  duration: z.number().int().min(1).max(60).default(6),
});

export interface BaseResponse {
  base_resp: { status_code: number; status_msg: string };
}

export interface T2aAnswer extends BaseResponse {
  data: { audio: string; status: 1 | 2 } | null;
  trace_id: string;
  extra_info?: {
    audio_length: number;
    audio_sample_rate: number;
    audio_size: number;
    audio_format: string;
    audio_channel: 1;
    usage_characters: number;
    word_count: number;
    invisible_character_ratio: 0;
  };
}
