import { createHmac, randomBytes } from 'node:crypto';

const PREFIX = 'whsec_';
/** As Standard Webhooks asks for: 24 to 64. */
const SECRET_BYTES = 32;

export function newWebhookSecret(): string {
  return `${PREFIX}${randomBytes(SECRET_BYTES).toString('base64')}`;
}

/**
 * The headers of a message by Standard Webhooks (standard-webhooks/standard-webhooks, spec/standard-webhooks.md): each
 * secret signs `id.timestamp.body`, so that one may be changed while messages are under way. `timestampInSeconds`: of
 * this try.
 */
export function signWebhook({
  id,
  timestampInSeconds,
  body,
  secrets,
}: {
  id: string;
  timestampInSeconds: number;
  body: string;
  secrets: readonly string[];
}): Record<string, string> {
  const signatures = secrets.map((secret) => {
    const key = Buffer.from(secret.slice(PREFIX.length), 'base64');
    const digest = createHmac('sha256', key).update(`${id}.${timestampInSeconds}.${body}`).digest('base64');
    return `v1,${digest}`;
  });
  return {
    'webhook-id': id,
    'webhook-timestamp': String(timestampInSeconds),
    'webhook-signature': signatures.join(' '),
  };
}
