const KNOWN: Record<string, string> = {
  umolm2s: 'µmol/(m²·s)',
  umolm2s1: 'µmol/(m²·s)',
  uem2s: 'µE/(m²·s)',
  uecm2s: 'µE/(cm²·s)',
  v: 'V',
  volts: 'V',
};

/** The unit as the sensor tells it, written properly where it is a known one. */
export function unit(told: string | null | undefined): string {
  const text = told?.trim() ?? '';
  const key = text
    .toLowerCase()
    .replaceAll('µ', 'u')
    .replaceAll('²', '2')
    .replace(/[^a-z0-9]/g, '');
  return KNOWN[key] ?? text;
}
