/** The 97.5 % point of the normal distribution. */
const Z = 1.959963984540054;

/**
 * Half the width of a 95 % interval in standard errors, with so many degrees of freedom: the
 * 97.5 % point of Student's distribution by its series in 1/degrees (Abramowitz and Stegun 26.7.5),
 * within 0.2 % from 3 degrees on.
 */
export function student95(degrees: number): number {
  const z = (power: number) => Z ** power;
  const terms = [
    (z(3) + Z) / 4,
    (5 * z(5) + 16 * z(3) + 3 * Z) / 96,
    (3 * z(7) + 19 * z(5) + 17 * z(3) - 15 * Z) / 384,
    (79 * z(9) + 776 * z(7) + 1482 * z(5) - 1920 * z(3) - 945 * Z) / 92_160,
  ];
  return terms.reduce((total, term, at) => total + term / degrees ** (at + 1), Z);
}
