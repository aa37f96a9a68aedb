// Loaded before the server: all its clocks and timers run QSENSOR_SOAK_SPEED times as fast.
const speed = Number(process.env.QSENSOR_SOAK_SPEED);
const monotonic = performance.now.bind(performance);
const begun = monotonic();
const wall = Date.now();
const passed = () => (monotonic() - begun) * speed;

performance.now = () => begun + passed();
Date.now = () => wall + Math.floor(passed());
for (const name of ['setTimeout', 'setInterval']) {
  const real = globalThis[name];
  globalThis[name] = (task, ms = 0, ...given) => real(task, ms / speed, ...given);
}
