// The bundled service on the vehicle's kinds of machine, as `npm run test:arm`: ARM builds of Node under
// qemu-user, with the real serialport on a pseudo-terminal. It says what works, not how fast it is.
import { MACHINES, needTools, nodeOf } from './arm/machines.mjs';
import { trial } from './arm/trial.mjs';

needTools();
let isGood = true;
for (const machine of MACHINES) {
  console.log(`${machine.name}, ${machine.node}:`);
  const faults = await trial(nodeOf(machine));
  for (const fault of faults) console.error(`  NOT good: ${fault}`);
  isGood &&= faults.length === 0;
}
console.log(isGood ? 'Both are good.' : 'NOT good.');
process.exitCode = isGood ? 0 : 1;
