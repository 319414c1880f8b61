/**
 * The request as it goes to the provider: as it came, under the provider's own name of the model, and asking for usage
 * where it streams. The bytes themselves where nothing changes.
 */
export function rewriteRequest({
  body,
  raw,
  model,
}: {
  body: Readonly<Record<string, unknown>>;
  raw: Buffer | null;
  model: string;
}): string | Buffer {
  const options = body['stream_options'] as Record<string, unknown> | null | undefined;
  const asksForUsage = body['stream'] !== true || options?.['include_usage'] === true;
  if (raw !== null && asksForUsage && body['model'] === model) return raw;
  return JSON.stringify({
    ...body,
    model,
    ...(asksForUsage ? {} : { stream_options: { ...options, include_usage: true } }),
  });
}
