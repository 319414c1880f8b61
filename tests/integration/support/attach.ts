import type { Attachment } from '../../../contract/attachments.ts';
import type { ErrorBody } from '../../../contract/common.ts';
import type { Caller } from './caller.ts';

/** Gives a file to a conversation. */
export async function attach(
  caller: Caller,
  conversationId: string,
  { name, bytes }: { name: string; bytes: Uint8Array },
): Promise<Attachment> {
  const response = await sendFile(caller, conversationId, { name, bytes });
  if (!response.ok) throw new Error(`The file was refused: ${await response.text()}`);
  return (await response.json()) as Attachment;
}

/** Why a file is refused. */
export async function attachRefusal(
  caller: Caller,
  conversationId: string,
  file: { name: string; bytes: Uint8Array },
): Promise<{ status: number; code: string; message: string }> {
  const response = await sendFile(caller, conversationId, file);
  if (response.ok) throw new Error('The file was taken.');
  const { code, message } = ((await response.json()) as ErrorBody).error;
  return { status: response.status, code, message };
}

function sendFile(
  caller: Caller,
  conversationId: string,
  { name, bytes }: { name: string; bytes: Uint8Array },
): Promise<Response> {
  return caller.fetch(`/api/conversations/${conversationId}/attachments?name=${encodeURIComponent(name)}`, {
    method: 'POST',
    headers: { 'content-type': 'application/octet-stream' },
    body: new Uint8Array(bytes),
  });
}
