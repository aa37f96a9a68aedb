const RADIANS = Math.PI / 180;

/**
 * Degrees between the axis of the light sensor and the vertical. `mount` is how far the sensor
 * leans forward from the vehicle's own up, in degrees; positive pitch is bow up.
 */
export function tiltDeg(roll: number, pitch: number, mount = 0): number {
  const [r, p, m] = [roll * RADIANS, pitch * RADIANS, mount * RADIANS];
  const up = Math.cos(m) * Math.cos(p) * Math.cos(r) + Math.sin(m) * Math.sin(p);
  return Math.acos(Math.min(1, Math.max(-1, up))) / RADIANS;
}
