/** The environment of a service with a simulated sensor, so many times faster than a real one. */
export const simulated = (speed: number) => ({
  SERIAL_PORT: `sim:burst=0,baud=115200,speed=${speed}`,
  SERIAL_BAUD: '115200',
});

export const FAST = simulated(10);

/** For what a browser shows, on a machine that is busy with other tests. */
export const PATIENT = { timeout: 20_000 };
