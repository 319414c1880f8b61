/** How units are said: English singular and plural, Chinese. Keys as written after a number. */
export const UNITS: Readonly<Record<string, { one: string; many: string; chinese: string }>> = {
  km: { one: 'kilometer', many: 'kilometers', chinese: '公里' },
  m: { one: 'meter', many: 'meters', chinese: '米' },
  cm: { one: 'centimeter', many: 'centimeters', chinese: '厘米' },
  mm: { one: 'millimeter', many: 'millimeters', chinese: '毫米' },
  nm: { one: 'nanometer', many: 'nanometers', chinese: '纳米' },
  mi: { one: 'mile', many: 'miles', chinese: '英里' },
  ft: { one: 'foot', many: 'feet', chinese: '英尺' },
  yd: { one: 'yard', many: 'yards', chinese: '码' },
  kg: { one: 'kilogram', many: 'kilograms', chinese: '公斤' },
  g: { one: 'gram', many: 'grams', chinese: '克' },
  mg: { one: 'milligram', many: 'milligrams', chinese: '毫克' },
  lb: { one: 'pound', many: 'pounds', chinese: '磅' },
  lbs: { one: 'pound', many: 'pounds', chinese: '磅' },
  oz: { one: 'ounce', many: 'ounces', chinese: '盎司' },
  l: { one: 'liter', many: 'liters', chinese: '升' },
  L: { one: 'liter', many: 'liters', chinese: '升' },
  ml: { one: 'milliliter', many: 'milliliters', chinese: '毫升' },
  mL: { one: 'milliliter', many: 'milliliters', chinese: '毫升' },
  ms: { one: 'millisecond', many: 'milliseconds', chinese: '毫秒' },
  s: { one: 'second', many: 'seconds', chinese: '秒' },
  sec: { one: 'second', many: 'seconds', chinese: '秒' },
  min: { one: 'minute', many: 'minutes', chinese: '分钟' },
  mins: { one: 'minute', many: 'minutes', chinese: '分钟' },
  h: { one: 'hour', many: 'hours', chinese: '小时' },
  hr: { one: 'hour', many: 'hours', chinese: '小时' },
  hrs: { one: 'hour', many: 'hours', chinese: '小时' },
  W: { one: 'watt', many: 'watts', chinese: '瓦' },
  kW: { one: 'kilowatt', many: 'kilowatts', chinese: '千瓦' },
  kWh: { one: 'kilowatt hour', many: 'kilowatt hours', chinese: '千瓦时' },
  V: { one: 'volt', many: 'volts', chinese: '伏' },
  Hz: { one: 'hertz', many: 'hertz', chinese: '赫兹' },
  kHz: { one: 'kilohertz', many: 'kilohertz', chinese: '千赫兹' },
  MHz: { one: 'megahertz', many: 'megahertz', chinese: '兆赫兹' },
  GHz: { one: 'gigahertz', many: 'gigahertz', chinese: '吉赫兹' },
  KB: { one: 'kilobyte', many: 'kilobytes', chinese: 'K' },
  MB: { one: 'megabyte', many: 'megabytes', chinese: '兆' },
  GB: { one: 'gigabyte', many: 'gigabytes', chinese: 'G' },
  TB: { one: 'terabyte', many: 'terabytes', chinese: 'T' },
  kcal: { one: 'kilocalorie', many: 'kilocalories', chinese: '千卡' },
  'km/h': { one: 'kilometer per hour', many: 'kilometers per hour', chinese: '公里每小时' },
  'm/s': { one: 'meter per second', many: 'meters per second', chinese: '米每秒' },
  mph: { one: 'mile per hour', many: 'miles per hour', chinese: '英里每小时' },
  'm²': { one: 'square meter', many: 'square meters', chinese: '平方米' },
  'km²': { one: 'square kilometer', many: 'square kilometers', chinese: '平方公里' },
  'cm²': { one: 'square centimeter', many: 'square centimeters', chinese: '平方厘米' },
  'm³': { one: 'cubic meter', many: 'cubic meters', chinese: '立方米' },
  '°C': { one: 'degree Celsius', many: 'degrees Celsius', chinese: '摄氏度' },
  '°F': { one: 'degree Fahrenheit', many: 'degrees Fahrenheit', chinese: '华氏度' },
  '°': { one: 'degree', many: 'degrees', chinese: '度' },
};

/** All units as the inside of a regular expression, longest first. */
export const UNIT_PATTERN = Object.keys(UNITS)
  .toSorted((one, other) => other.length - one.length)
  .map((unit) => unit.replace('/', String.raw`\/`))
  .join('|');

export interface Currency {
  one: string;
  many: string;
  /** A hundredth; null where it has none. */
  cent: { one: string; many: string } | null;
  chinese: string;
}

const CENTS = { one: 'cent', many: 'cents' };

/** Keys as written before or after an amount. */
export const CURRENCIES: Readonly<Record<string, Currency>> = {
  $: { one: 'dollar', many: 'dollars', cent: CENTS, chinese: '美元' },
  US$: { one: 'dollar', many: 'dollars', cent: CENTS, chinese: '美元' },
  USD: { one: 'dollar', many: 'dollars', cent: CENTS, chinese: '美元' },
  HK$: { one: 'Hong Kong dollar', many: 'Hong Kong dollars', cent: CENTS, chinese: '港元' },
  HKD: { one: 'Hong Kong dollar', many: 'Hong Kong dollars', cent: CENTS, chinese: '港元' },
  A$: { one: 'Australian dollar', many: 'Australian dollars', cent: CENTS, chinese: '澳元' },
  C$: { one: 'Canadian dollar', many: 'Canadian dollars', cent: CENTS, chinese: '加元' },
  '€': { one: 'euro', many: 'euros', cent: CENTS, chinese: '欧元' },
  EUR: { one: 'euro', many: 'euros', cent: CENTS, chinese: '欧元' },
  '£': { one: 'pound', many: 'pounds', cent: { one: 'penny', many: 'pence' }, chinese: '英镑' },
  GBP: { one: 'pound', many: 'pounds', cent: { one: 'penny', many: 'pence' }, chinese: '英镑' },
  '¥': { one: 'yuan', many: 'yuan', cent: null, chinese: '元' },
  RMB: { one: 'yuan', many: 'yuan', cent: null, chinese: '元' },
  CNY: { one: 'yuan', many: 'yuan', cent: null, chinese: '元' },
  JPY: { one: 'yen', many: 'yen', cent: null, chinese: '日元' },
  KRW: { one: 'won', many: 'won', cent: null, chinese: '韩元' },
  '₩': { one: 'won', many: 'won', cent: null, chinese: '韩元' },
  '₹': { one: 'rupee', many: 'rupees', cent: null, chinese: '卢比' },
  '₽': { one: 'ruble', many: 'rubles', cent: null, chinese: '卢布' },
};

export const CURRENCY_PATTERN = Object.keys(CURRENCIES)
  .toSorted((one, other) => other.length - one.length)
  .map((sign) => sign.replace('$', String.raw`\$`))
  .join('|');
