import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { ResourceError } from '../base/errors.ts';
import type { Logger } from '../base/logger.ts';
import { readOrMakePrivateFile } from './private-file.ts';

const KEY_BYTES = 32;
/** NIST SP 800-38D §8.2: 96 bits. */
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const VERSION = 'v1';

/** Seals what the database must not show: provider keys, for one. The key is a file beside the database. */
export interface SecretBox {
  /** AES-256-GCM; the same text sealed twice looks different. */
  seal(text: string): string;
  /** Throws `ResourceError` when it was sealed with another key or changed since. */
  open(sealed: string): string;
  /** A 32-byte key of its own for each purpose (HKDF, RFC 5869). */
  derive(purpose: string): Buffer;
}

/** Opens the box of a data folder, making `secret.key` (mode 0600) at the first start. */
export async function openSecretBox({
  dataDirectory,
  logger,
}: {
  dataDirectory: string;
  logger: Logger;
}): Promise<SecretBox> {
  const path = join(dataDirectory, 'secret.key');
  const { text, wasExposed } = await readOrMakePrivateFile({
    path,
    make: () => randomBytes(KEY_BYTES).toString('base64url'),
    isValid: (found) => Buffer.from(found, 'base64url').length === KEY_BYTES,
    // A new key would make everything sealed unreadable, so the door is closed and the owner told.
    whenExposed: 'close',
  });
  if (wasExposed) logger.warn({ path }, 'the key file was readable by others and is private again');
  return createSecretBox(Buffer.from(text, 'base64url'));
}

export function createSecretBox(masterKey: Buffer): SecretBox {
  const derive = (purpose: string) => Buffer.from(hkdfSync('sha256', masterKey, '', `everwith/${purpose}`, KEY_BYTES));
  const sealingKey = derive('seal');
  return {
    derive,
    seal(text) {
      const nonce = randomBytes(NONCE_BYTES);
      const cipher = createCipheriv('aes-256-gcm', sealingKey, nonce);
      const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
      return `${VERSION}.${Buffer.concat([nonce, cipher.getAuthTag(), body]).toString('base64url')}`;
    },
    open(sealed) {
      try {
        const [version, encoded] = sealed.split('.');
        if (version !== VERSION || encoded === undefined) throw new Error('unknown form');
        const bytes = Buffer.from(encoded, 'base64url');
        const decipher = createDecipheriv('aes-256-gcm', sealingKey, bytes.subarray(0, NONCE_BYTES), {
          authTagLength: TAG_BYTES,
        });
        decipher.setAuthTag(bytes.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES));
        return decipher.update(bytes.subarray(NONCE_BYTES + TAG_BYTES), undefined, 'utf8') + decipher.final('utf8');
      } catch (error) {
        throw new ResourceError(
          'A stored secret cannot be opened: “secret.key” is not the one it was sealed with. Enter it again.',
          {
            code: 'sealed-with-another-key',
            cause: error,
          },
        );
      }
    },
  };
}
