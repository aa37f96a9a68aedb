/** Photons in a mole, exactly (SI, 2019). An einstein is a mole of photons. */
const PHOTONS_PER_MOL = 6.02214076e23;

const PREFIXES: Readonly<Record<string, number>> = { '': 0, m: -3, u: -6, n: -9, p: -12 };

/** Also as people type them: `umol/m2/s`, `umol m-2 s-1`, `uE/(cm2 s)`, `quanta/cm^2/sec`. */
const AMOUNT = '([munp]?)(mol|E|Ein|Einstein|Einsteins|quanta|photons)';
const AREA = '(c?)m\\^?2';
const TIME = '(?:s|sec)';
const SHAPES = [
  `${AMOUNT}/\\(${AREA}[ *.]?${TIME}\\)`,
  `${AMOUNT}/${AREA}[ /*.]?${TIME}`,
  `${AMOUNT}[ *.]?(c?)m\\^?-2[ *.]?${TIME}\\^?-1`,
].map((shape) => new RegExp(`^${shape}$`));

/**
 * How many mol m-2 s-1 one of the unit is; null where it is none of the documented
 * photon units. Nothing is guessed: W/m2, volts and an empty text give null.
 */
export function molPerSquareMetreSecond(unit: string): number | null {
  const text = plain(unit);
  for (const shape of SHAPES) {
    const [, prefix = '', amount = '', centi = ''] = shape.exec(text) ?? [];
    if (amount !== '') return factor(prefix, amount, centi);
  }
  return null;
}

/** µ (both of Unicode's), superscripts, middle dots and blanks, in ASCII. */
function plain(unit: string): string {
  return unit
    .trim()
    .replace(/[µμ]/g, 'u')
    .replaceAll('⁻', '-')
    .replaceAll('²', '2')
    .replaceAll('¹', '1')
    .replace(/[·⋅]/g, '.')
    .replace(/\s+/g, ' ')
    .replace(/ ?([/()*.]) ?/g, '$1');
}

/** Powers of ten are added, so that the digits stay exact. */
function factor(prefix: string, amount: string, centi: string): number {
  const exponent = (PREFIXES[prefix] ?? 0) + (centi === '' ? 0 : 4);
  const power = Number(`1e${exponent}`);
  return amount === 'quanta' || amount === 'photons' ? power / PHOTONS_PER_MOL : power;
}
