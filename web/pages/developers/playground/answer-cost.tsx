import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { api } from '../../../state/api.ts';
import { formatMoney } from '../format-money.ts';

/** The bill is written when the answer has ended, a moment after its last word: looked for half a minute, ever more seldom. */
const LOOK_AGAIN_IN_MS = 500;
const MOST_LOOKS = 10;

/** What an answer cost, as the books say it. */
export function AnswerCost({ requestId }: { requestId: string }) {
  const { t } = useTranslation('developers');
  const { data } = useQuery({
    queryKey: ['platform', 'cost', requestId],
    queryFn: async ({ signal }) => {
      const { calls, currency } = await api.call('meteredCalls', { query: { limit: 20 }, signal });
      const call = calls.find((one) => one.requestId === requestId && one.state !== 'held');
      return call === undefined ? null : { cost: call.cost, currency };
    },
    staleTime: Number.POSITIVE_INFINITY,
    refetchInterval: ({ state }) =>
      state.data === null && state.dataUpdateCount < MOST_LOOKS ? LOOK_AGAIN_IN_MS * state.dataUpdateCount : false,
  });
  return data ? ` · ${t('playground.cost', { value: formatMoney(data.cost, data.currency) })}` : null;
}
