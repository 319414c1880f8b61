import { Bar, BarChart, CartesianGrid, Legend, ResponsiveContainer, Tooltip, XAxis, YAxis } from 'recharts';
import { formatNumber } from '../../../state/format.ts';
import { formatMoney } from '../format-money.ts';
import { REST } from './usage-view.ts';
import type { ChartPoint, UsageMeasure } from './usage-view.ts';

const COLOURS = [
  'var(--ember)',
  'var(--teal)',
  'var(--honey)',
  'var(--plum)',
  'var(--moss)',
  'var(--dusk)',
  'var(--soft)',
];
const HEIGHT = 280;
const WIDEST_BAR = 56;

export interface UsageChartProps {
  points: readonly ChartPoint[];
  series: readonly string[];
  measure: UsageMeasure;
  currency: string;
  restName: string;
  formatTime: (at: number) => string;
}

/** Bars over time, stacked by name. The same figures stand in the table below, so screen readers pass it by. */
export function UsageChart({ points, series, measure, currency, restName, formatTime }: UsageChartProps) {
  const format = (value: number) => (measure === 'cost' ? formatMoney(value, currency) : formatNumber(value));
  return (
    <div aria-hidden>
      <ResponsiveContainer width="100%" height={HEIGHT}>
        <BarChart data={[...points]} accessibilityLayer={false}>
          <CartesianGrid stroke="var(--line)" vertical={false} />
          <XAxis dataKey="at" tickFormatter={formatTime} stroke="var(--soft)" fontSize={12} />
          <YAxis tickFormatter={format} stroke="var(--soft)" fontSize={12} width={76} />
          <Tooltip
            cursor={{ fill: 'var(--mine)' }}
            contentStyle={{ background: 'var(--card)', border: '1px solid var(--line)', borderRadius: 12 }}
            labelFormatter={(at) => formatTime(Number(at))}
            formatter={(value) => format(Number(value))}
          />
          <Legend />
          {series.map((name, index) => (
            <Bar
              key={name}
              dataKey={({ values }: ChartPoint) => values[name] ?? 0}
              name={name === REST ? restName : name}
              stackId="all"
              maxBarSize={WIDEST_BAR}
              fill={COLOURS[index % COLOURS.length] ?? 'var(--soft)'}
              isAnimationActive={false}
            />
          ))}
        </BarChart>
      </ResponsiveContainer>
    </div>
  );
}
