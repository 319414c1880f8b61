const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** Moment's months and years on average. */
const MONTH = 30.4368499 * DAY;
const YEAR = 365.2422 * DAY;

type Unit = 'seconds' | 'minute' | 'hour' | 'day' | 'month' | 'year';

const english: Record<Unit, (count: number) => string> = {
  seconds: () => 'a few seconds',
  minute: (count) => (count === 1 ? 'a minute' : `${count} minutes`),
  hour: (count) => (count === 1 ? 'an hour' : `${count} hours`),
  day: (count) => (count === 1 ? 'a day' : `${count} days`),
  month: (count) => (count === 1 ? 'a month' : `${count} months`),
  year: (count) => (count === 1 ? 'a year' : `${count} years`),
};

const chinese: Record<Unit, (count: number) => string> = {
  seconds: () => '几秒',
  minute: (count) => `${count} 分钟`,
  hour: (count) => `${count} 小时`,
  day: (count) => `${count} 天`,
  month: (count) => `${count} 个月`,
  year: (count) => `${count} 年`,
};

/** A length of time as people say it, with the thresholds of Moment's `humanize`. */
export function humanizeDuration(durationInMs: number, { locale = 'en', signed = false } = {}): string {
  const isChinese = locale.toLowerCase().startsWith('zh');
  const [unit, count] = measure(Math.abs(durationInMs));
  const said = (isChinese ? chinese : english)[unit](count);
  if (!signed) return said;
  if (isChinese) return `${said}${durationInMs > 0 ? '后' : '前'}`;
  return durationInMs > 0 ? `in ${said}` : `${said} ago`;
}

function measure(length: number): [Unit, number] {
  const seconds = Math.round(length / SECOND);
  const minutes = Math.round(length / MINUTE);
  const hours = Math.round(length / HOUR);
  const days = Math.round(length / DAY);
  if (seconds < 45) return ['seconds', seconds];
  if (minutes < 45) return ['minute', Math.max(1, minutes)];
  if (hours < 22) return ['hour', Math.max(1, hours)];
  if (days < 26) return ['day', Math.max(1, days)];
  const months = Math.round(length / MONTH);
  if (months < 11) return ['month', Math.max(1, months)];
  return ['year', Math.max(1, Math.round(length / YEAR))];
}
