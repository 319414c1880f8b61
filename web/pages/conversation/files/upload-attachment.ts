import { ApiError, parseJson } from '../../../../client/api-error.ts';
import { fillPath } from '../../../../client/create-client.ts';
import { API_ADDRESSES } from '../../../../client/api-routes.ts';
import { attachmentSchema, type Attachment } from '../../../../contract/attachments.ts';
import { errorSchema } from '../../../../contract/common.ts';
import { api } from '../../../state/api.ts';

export interface UploadOptions {
  conversationId: string;
  file: File;
  /** 0 to 1 while the bytes are on their way. */
  onProgress: (share: number) => void;
  signal: AbortSignal;
}

/** Sends a file's bytes. `fetch` cannot tell how far it is, so this is the older way. Rejects with `ApiError`. */
export function uploadAttachment({ conversationId, file, onProgress, signal }: UploadOptions): Promise<Attachment> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    const stop = () => request.abort();
    const settle = (work: () => void) => () => {
      signal.removeEventListener('abort', stop);
      work();
    };
    const path = fillPath(API_ADDRESSES.addAttachment, { id: conversationId }, { name: file.name });
    request.open('POST', api.url(path));
    request.setRequestHeader('content-type', 'application/octet-stream');
    request.setRequestHeader('accept', 'application/json');
    request.upload.addEventListener('progress', ({ loaded, total }) => onProgress(total > 0 ? loaded / total : 0));
    request.addEventListener(
      'load',
      settle(() => readAnswer(request, { resolve, reject })),
    );
    request.addEventListener(
      'error',
      settle(() => reject(unreachable())),
    );
    request.addEventListener(
      'abort',
      settle(() => reject(signal.reason as Error)),
    );
    signal.addEventListener('abort', stop);
    request.send(file);
  });
}

function readAnswer(
  { status, responseText }: XMLHttpRequest,
  { resolve, reject }: { resolve: (attachment: Attachment) => void; reject: (error: ApiError) => void },
): void {
  const body = parseJson(responseText);
  const attachment = attachmentSchema.safeParse(body);
  const error = errorSchema.safeParse(body);
  if (status < 300 && attachment.success) resolve(attachment.data);
  else if (error.success) reject(new ApiError({ ...error.data.error, status }));
  else reject(unreachable());
}

function unreachable(): ApiError {
  return new ApiError({
    code: 'unreachable',
    message: 'Everwith does not answer. Is it running?',
    status: 0,
    retryable: true,
  });
}
