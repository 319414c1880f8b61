import { fillPath } from '../../../../client/create-client.ts';
import { API_ADDRESSES } from '../../../../client/api-routes.ts';
import { transcriptionSchema } from '../../../../contract/calls.ts';
import { api, newClientId } from '../../../state/api.ts';
import { currentLocale } from '../../../state/i18n.ts';

const ANSWER = { accept: 'application/json' } as const;

/** What a recording says, in the language of the page. Rejects with `ApiError`. */
export async function transcribe(wav: Blob, signal: AbortSignal): Promise<string> {
  const path = fillPath(API_ADDRESSES.transcriptions, {}, { language: currentLocale().slice(0, 2) });
  const response = await api.open(path, { ...ANSWER, body: wav, signal });
  return transcriptionSchema.parse(await response.json()).text.trim();
}

/** Sends a recording as a message; it arrives with the conversation's events. Rejects with `ApiError`. */
export async function sendVoiceMessage(conversationId: string, wav: Blob, signal: AbortSignal): Promise<void> {
  const path = fillPath(API_ADDRESSES.voiceMessages, { id: conversationId }, { clientId: newClientId() });
  await api.open(path, { ...ANSWER, body: wav, signal });
}

export function speechAddress(messageId: string): string {
  return api.url(fillPath(API_ADDRESSES.messageSpeech, { id: messageId }));
}

export function recordingAddress(messageId: string): string {
  return api.url(fillPath(API_ADDRESSES.messageRecording, { id: messageId }));
}
