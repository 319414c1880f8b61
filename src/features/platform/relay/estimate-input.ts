import { estimateTokens } from '../../../models/remote/estimate-tokens.ts';

/** Bytes up to which the whole request counts as text: its punctuation weighs little. */
const SHORT = 8 * 1024;
const BYTES_PER_TOKEN = 3;
/** Tokens of a picture or a recording whose size nobody looked at. */
const MEDIA_TOKENS = 1500;

/** Tokens that a request sends, rather too many: what is set aside until the provider says how many they were. */
export function estimateInput(body: Readonly<Record<string, unknown>>, raw: Buffer | null): number {
  if (raw !== null && raw.length <= SHORT) return Math.ceil(raw.length / BYTES_PER_TOKEN);
  return Math.ceil(tokensIn(body));
}

function tokensIn(value: unknown): number {
  if (typeof value === 'string') return isMedia(value) ? MEDIA_TOKENS : estimateTokens(value);
  if (typeof value !== 'object' || value === null) return 1;
  let tokens = 2;
  for (const [key, part] of Object.entries(value))
    tokens += (Array.isArray(value) ? 0 : key.length / 4) + tokensIn(part);
  return tokens;
}

function isMedia(text: string): boolean {
  return text.startsWith('data:') || (text.length > SHORT && /^[A-Za-z0-9+/=]+$/.test(text.slice(0, 1024)));
}
