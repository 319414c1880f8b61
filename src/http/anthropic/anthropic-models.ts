/** A model in Anthropic's shape. */
export interface AnthropicModel {
  type: 'model';
  id: string;
  display_name: string;
  /** RFC 3339. */
  created_at: string;
}

export function toAnthropicModel({ id, created }: { id: string; created: number }): AnthropicModel {
  return { type: 'model', id, display_name: id, created_at: new Date(created * 1000).toISOString() };
}

/** All of them on one page. */
export function anthropicList(models: readonly { id: string; created: number }[]) {
  const data = models.map(toAnthropicModel);
  return { data, has_more: false, first_id: data[0]?.id ?? null, last_id: data.at(-1)?.id ?? null };
}
