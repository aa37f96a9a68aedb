import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { expect, onTestFinished, test } from 'vitest';
import { ServerProcess, temporaryFolder } from '../support/server.ts';
import { NumberedSensor } from './numbered-sensor.ts';
import { missingNumbers, moreRows, peakMb, soundRows, startRecording } from './recorded.ts';

const HERE = '10.211.77.1';
const THERE = '10.211.77.2';
const STREAMS = 20;
const MEMORY_MB = 150;
const ip = (...words: string[]) =>
  execFileSync('ip', words, { stdio: ['ignore', 'pipe', 'inherit'] });

/** Another computer at the other end of a cable: a network namespace of its own. */
class Topside {
  readonly #name = `topside-${process.pid}`;
  readonly #cable = `cable${process.pid}`.slice(-13);

  constructor() {
    const [name, here, there] = [this.#name, `${this.#cable}a`, `${this.#cable}b`];
    ip('netns', 'add', name);
    onTestFinished(() => void ip('netns', 'delete', name));
    ip('link', 'add', here, 'type', 'veth', 'peer', 'name', there, 'netns', name);
    ip('address', 'add', `${HERE}/30`, 'dev', here);
    ip('link', 'set', here, 'up');
    ip('-n', name, 'address', 'add', `${THERE}/30`, 'dev', there);
    ip('-n', name, 'link', 'set', there, 'up');
  }

  /** Streams of readings that answer pings; resolves when each has a reading. */
  async openStreams(port: number): Promise<void> {
    const code = `
      const WebSocket = require('ws');
      let open = 0;
      for (let count = 0; count < ${STREAMS}; count += 1) {
        const socket = new WebSocket('ws://${HERE}:${port}/stream');
        socket.once('message', () => ++open === ${STREAMS} && console.log('open'));
      }`;
    const args = ['netns', 'exec', this.#name, process.execPath, '-e', code];
    const child = spawn('ip', args, { stdio: ['ignore', 'pipe', 'inherit'] });
    onTestFinished(() => void child.kill());
    await once(child.stdout, 'data');
  }

  /** From now on nothing comes from there, and nobody is told. */
  pull(): void {
    ip('-n', this.#name, 'route', 'add', 'blackhole', HERE);
  }
}

/** Connections from there that the system holds for established. */
async function connections(): Promise<number> {
  const there = THERE.split('.')
    .reverse()
    .map((byte) => Number(byte).toString(16).padStart(2, '0'));
  const remote = new RegExp(`:[0-9A-F]{4} ${there.join('').toUpperCase()}:[0-9A-F]{4} 01 `, 'g');
  return (await readFile('/proc/net/tcp', 'utf8')).match(remote)?.length ?? 0;
}

test('a cable that is pulled costs no reading; streams of those who have gone are closed', async () => {
  const sensor = await NumberedSensor.start(500);
  const env = { ...sensor.env, API_HOST: '0.0.0.0' };
  const server = await ServerProcess.start(await temporaryFolder(), env);
  const session = await startRecording(server, 2);
  await moreRows(server, 1100);
  const topside = new Topside();
  await topside.openStreams(Number(new URL(server.base).port));
  expect(await connections()).toBe(STREAMS);

  topside.pull();
  const pulled = performance.now();
  await expect.poll(connections, { timeout: 100_000 }).toBe(0);
  const seconds = (performance.now() - pulled) / 1000;
  await server.post('/record/stop', { session_id: session.session_id });
  expect(missingNumbers(await soundRows(session.storage_path), sensor.sent)).toEqual([]);
  const peak = await peakMb(server);
  console.log(
    `${STREAMS} streams closed ${seconds.toFixed(0)} s after; ${peak.toFixed(0)} MB at most`,
  );
  expect(peak).toBeLessThan(MEMORY_MB);
}, 180_000);
