/** Metadata as lines of name and value; `{"sensor": {"firmware": "4.003"}}` is `sensor.firmware`. */
export function flatMetadata(metadata: Record<string, unknown>): [name: string, value: string][] {
  return Object.entries(metadata).flatMap(([name, value]): [string, string][] => {
    const nested = typeof value === 'object' && value !== null && !Array.isArray(value);
    if (!nested) return [[name, typeof value === 'string' ? value : JSON.stringify(value)]];
    const inner = flatMetadata(value as Record<string, unknown>);
    return inner.map(([key, text]) => [`${name}.${key}`, text]);
  });
}
