import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright-core';

const WCAG_22_AA = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

/**
 * What axe finds on a page as it stands, in words: against WCAG 2.2 AA, or with its best practices all that it looks
 * for by itself.
 */
export async function accessProblems(
  page: Page,
  { bestPractices = false }: { bestPractices?: boolean } = {},
): Promise<string[]> {
  const axe = new AxeBuilder({ page }).options({ resultTypes: ['violations'] });
  // Without frames of others in the page, there is nothing to open another one for.
  const { violations } = await (bestPractices ? axe : axe.withTags(WCAG_22_AA)).setLegacyMode().analyze();
  return violations.map(({ id, help, nodes }) => {
    const where = nodes.map(({ html, failureSummary }) => `${html.slice(0, 200)} ${failureSummary ?? ''}`);
    return `${id}, ${help}\n  ${where.join('\n  ')}`;
  });
}
