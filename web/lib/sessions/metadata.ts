import { unit } from '../format/unit.ts';

/** Metadata as lines of name and value; `{"sensor": {"firmware": "4.003"}}` is `sensor.firmware`. */
export function flatMetadata(metadata: Record<string, unknown>): [name: string, value: string][] {
  return Object.entries(metadata).flatMap(([name, value]): [string, string][] => {
    const nested = typeof value === 'object' && value !== null && !Array.isArray(value);
    if (!nested) return [[name, typeof value === 'string' ? value : JSON.stringify(value)]];
    const inner = flatMetadata(value as Record<string, unknown>);
    return inner.map(([key, text]) => [`${name}.${key}`, text]);
  });
}

/** The unit of a session's readings, as the sensor told it when they were recorded. */
export function sensorUnit(metadata: Record<string, unknown>): string {
  const { sensor } = metadata;
  const known = typeof sensor === 'object' && sensor !== null && 'calibration_units' in sensor;
  return known ? unit(String(sensor.calibration_units)) : '';
}
