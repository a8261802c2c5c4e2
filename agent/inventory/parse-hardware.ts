/** Reads the texts of /sys and the device tree: the board, its heat, and whether it has to slow down. Pure. */

export interface Sensor {
  name: string;
  /** Content of `temp` or `temp1_input`: thousandths of a degree Celsius. */
  milliCelsius: string;
}

const CPU_SENSOR = /^(cpu|soc|x86_pkg_temp|coretemp|k10temp|zenpower|acpitz|bigcore|littlecore|package)/i;

/** The hottest of the sensors that belong to the processor; of all, where none says so. */
export function hottestCelsius(sensors: readonly Sensor[]): number | null {
  const readings = sensors
    .map(({ name, milliCelsius }) => ({ name, celsius: Number.parseInt(milliCelsius, 10) / 1000 }))
    // Sensors that are switched off answer with nonsense.
    .filter(({ celsius }) => celsius > -40 && celsius < 150);
  const processor = readings.filter(({ name }) => CPU_SENSOR.test(name));
  const chosen = processor.length > 0 ? processor : readings;
  return chosen.length === 0 ? null : Math.round(Math.max(...chosen.map(({ celsius }) => celsius)) * 10) / 10;
}

/** Texts of a device tree end with a zero byte. */
export const parseDeviceTreeText = (text: string): string => text.replaceAll('\0', '').trim();

const NO_PRODUCT = /^(|none|default string|system product name|to be filled by o\.?e\.?m\.?|not specified|unknown)$/i;

export function parseProductName(vendor: string, product: string): string {
  const [maker, name] = [vendor.trim(), product.trim()].map((text) => (NO_PRODUCT.test(text) ? '' : text));
  if (!maker || !name) return name || maker || '';
  return name.toLowerCase().startsWith(maker.toLowerCase()) ? name : `${maker} ${name}`;
}

/** Bits 0-3 of the Raspberry Pi's firmware: under-voltage, capped frequency, throttled, soft limit of temperature, now. */
const NOW = 0b1111;

/** Null where the text is no answer of the firmware. The bits from 16 on speak of the past. */
export function parseThrottled(text: string): boolean | null {
  const word = /^(?:throttled=)?(?:0x)?([0-9a-f]+)$/i.exec(text.trim());
  return word ? (Number.parseInt(word[1]!, 16) & NOW) !== 0 : null;
}
