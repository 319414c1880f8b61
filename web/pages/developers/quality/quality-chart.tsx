import { CartesianGrid, ErrorBar, Line, LineChart, ResponsiveContainer, Tooltip, XAxis, YAxis } from 'recharts';
import type { OpenboxRun } from '../../../../contract/openbox.ts';
import { formatNumber } from '../../../state/format.ts';

const HEIGHT = 260;

/** The share of tasks that just worked, oldest run first, each with its interval. The table below says the same. */
export function QualityChart({ runs }: { runs: readonly OpenboxRun[] }) {
  const points = runs.flatMap(({ id, modelVersion, score: { pass } }) =>
    pass === null
      ? []
      : [{ id, name: modelVersion, share: pass.share, interval: [pass.share - pass.low, pass.high - pass.share] }],
  );
  const percent = (share: number) => `${formatNumber(share * 100)} %`;
  return (
    <div aria-hidden>
      <ResponsiveContainer width="100%" height={HEIGHT}>
        <LineChart data={points} accessibilityLayer={false} margin={{ left: 4, right: 24, top: 12, bottom: 4 }}>
          <CartesianGrid stroke="var(--line)" vertical={false} />
          <XAxis dataKey="name" stroke="var(--soft)" fontSize={12} />
          <YAxis domain={[0, 1]} tickFormatter={percent} stroke="var(--soft)" fontSize={12} />
          <Tooltip
            contentStyle={{ background: 'var(--card)', border: '1px solid var(--line)', borderRadius: 12 }}
            formatter={(value) => percent(Number(value))}
          />
          <Line dataKey="share" name="" stroke="var(--ember)" strokeWidth={2} isAnimationActive={false}>
            <ErrorBar dataKey="interval" stroke="var(--soft)" width={6} isAnimationActive={false} />
          </Line>
        </LineChart>
      </ResponsiveContainer>
    </div>
  );
}
