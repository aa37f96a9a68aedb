// Loaded before the server: answers each message with what the process holds, after a collection.
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc');

process.on('message', () => {
  collect();
  const resources = process.getActiveResourcesInfo();
  const { heapUsed, external } = process.memoryUsage();
  process.send({
    heap_mb: (heapUsed + external) / 1e6,
    timers: resources.filter((kind) => kind === 'Timeout' || kind === 'Immediate').length,
    resources: resources.length,
  });
});
// Asking must not be what keeps the process alive.
process.channel.unref();
