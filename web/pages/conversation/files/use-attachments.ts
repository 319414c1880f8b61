import type { Dispatch, RefObject, SetStateAction } from 'react';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { isAbortError } from '../../../../client/api-error.ts';
import { fillPath } from '../../../../client/create-client.ts';
import { API_ADDRESSES } from '../../../../client/api-routes.ts';
import {
  ATTACHMENTS_PER_MESSAGE,
  ATTACHMENT_BYTES,
  attachmentSchema,
  type Attachment,
} from '../../../../contract/attachments.ts';
import { api, newClientId } from '../../../state/api.ts';
import { keepDraftFiles, readDraftFiles } from '../../../state/drafts.ts';
import { preparePicture } from './prepare-picture.ts';
import { uploadAttachment } from './upload-attachment.ts';

/**
 * A file that is to go with the next message. `uploading` → `ready`, or `failed`, from which it goes again or away.
 */
export interface PendingFile {
  key: string;
  name: string;
  /** 0 to 1. */
  progress: number;
  state: 'uploading' | 'ready' | 'failed';
  attachment: Attachment | null;
  /** An address of the picture in this browser; null for other files. */
  previewUrl: string | null;
  /** What went wrong: an error of the server, or a limit of ours. */
  error: unknown;
  alt: string;
}

export interface PendingFiles {
  files: readonly PendingFile[];
  /** Those that are ready, in their order. */
  ids: readonly string[];
  busy: boolean;
  add: (files: readonly File[]) => void;
  remove: (key: string) => void;
  retry: (key: string) => void;
  describe: (key: string, alt: string) => void;
  /** After they were sent: they are the message's now. */
  clear: () => void;
}

/** A file larger than the server takes is not sent at all. */
export class TooLargeFileError extends Error {}

/** The files of the next message: they go up as soon as they are chosen. */
export function useAttachments(conversationId: string): PendingFiles {
  const [files, setFiles] = useState<readonly PendingFile[]>(() =>
    readDraftFiles(conversationId, attachmentSchema).map(fromDraft),
  );
  const kept = files.flatMap(({ attachment }) => attachment ?? []);
  useEffect(() => {
    keepDraftFiles(conversationId, kept);
    // oxlint-disable-next-line react/exhaustive-deps -- `kept` is derived from the files
  }, [conversationId, files]);
  const sources = useRef(new Map<string, { file: File; stop: AbortController }>());
  const change = useCallback((key: string, some: Partial<PendingFile>) => {
    setFiles((before) => before.map((one) => (one.key === key ? { ...one, ...some } : one)));
  }, []);

  const upload = useCallback(
    async (key: string, file: File) => {
      const stop = new AbortController();
      sources.current.set(key, { file, stop });
      change(key, { state: 'uploading', progress: 0, error: null });
      try {
        const ready = await preparePicture(file);
        if (ready.size > ATTACHMENT_BYTES) throw new TooLargeFileError(file.name);
        const attachment = await uploadAttachment({
          conversationId,
          file: ready,
          onProgress: (progress) => change(key, { progress }),
          signal: stop.signal,
        });
        if (sources.current.has(key)) change(key, { state: 'ready', progress: 1, attachment });
        else discard(attachment.id);
      } catch (error) {
        if (!isAbortError(error) && !stop.signal.aborted) change(key, { state: 'failed', error });
      }
    },
    [change, conversationId],
  );

  useEffect(() => {
    const held = sources.current;
    return () => {
      for (const { stop } of held.values()) stop.abort();
      held.clear();
    };
  }, [conversationId]);

  return useMemo(() => pendingFiles({ files, setFiles, sources, change, upload }), [files, change, upload]);
}

interface PendingParts {
  files: readonly PendingFile[];
  setFiles: Dispatch<SetStateAction<readonly PendingFile[]>>;
  sources: RefObject<Map<string, { file: File; stop: AbortController }>>;
  change: (key: string, some: Partial<PendingFile>) => void;
  upload: (key: string, file: File) => Promise<void>;
}

/** What can be done with the files as they stand. */
function pendingFiles({ files, setFiles, sources, change, upload }: PendingParts): PendingFiles {
  const forget = (gone: readonly PendingFile[]) => {
    for (const { key, previewUrl } of gone) {
      sources.current.delete(key);
      if (previewUrl !== null) URL.revokeObjectURL(previewUrl);
    }
    const keys = new Set(gone.map(({ key }) => key));
    setFiles((before) => before.filter(({ key }) => !keys.has(key)));
  };
  return {
    files,
    ids: files.flatMap(({ attachment }) => attachment?.id ?? []),
    busy: files.some(({ state }) => state === 'uploading'),
    add: (chosen) => {
      const fresh = chosen
        .slice(0, ATTACHMENTS_PER_MESSAGE - files.length)
        .map((file) => ({ file, key: newClientId() }));
      setFiles((before) => [...before, ...fresh.map(({ file, key }) => toPending(key, file))]);
      for (const { file, key } of fresh) void upload(key, file);
    },
    remove: (key) => {
      const file = files.find((one) => one.key === key);
      if (!file) return;
      sources.current.get(key)?.stop.abort();
      if (file.attachment) discard(file.attachment.id);
      forget([file]);
    },
    retry: (key) => {
      const source = sources.current.get(key);
      if (source) void upload(key, source.file);
    },
    describe: (key, alt) => {
      change(key, { alt });
      const id = files.find((one) => one.key === key)?.attachment?.id;
      if (id !== undefined) api.call('describeAttachment', { params: { id }, body: { alt } }).catch(() => undefined);
    },
    clear: () => forget(files),
  };
}

function toPending(key: string, file: File): PendingFile {
  const previewUrl = file.type.startsWith('image/') ? URL.createObjectURL(file) : null;
  return { key, name: file.name, progress: 0, state: 'uploading', attachment: null, previewUrl, error: null, alt: '' };
}

/** One that went up before the page was loaded again. */
function fromDraft(attachment: Attachment): PendingFile {
  const { id, name, kind } = attachment;
  const url = api.url(fillPath(API_ADDRESSES.attachmentFile, { id }));
  const previewUrl = kind === 'image' ? url : null;
  return { key: id, name, progress: 1, state: 'ready', attachment, previewUrl, error: null, alt: '' };
}

/** What nobody sends is swept away by the server after a day anyway. */
function discard(id: string): void {
  api.call('removeAttachment', { params: { id } }).catch(() => undefined);
}
