import { defineStore } from 'pinia';
import { ref } from 'vue';
import { call } from '../lib/http/call.ts';

const EVERY_MS = 60_000;
/** An answer that took longer says too little about the clock. */
const LONGEST_TRIP_MS = 2000;

/** The vehicle's clock compared with this computer's, once a minute. */
export const useClock = defineStore('clock', () => {
  /** Vehicle minus this computer, in seconds; null before it is known. */
  const differenceS = ref<number | null>(null);
  let timer: ReturnType<typeof setInterval> | undefined;

  async function measure(): Promise<void> {
    const sent = Date.now();
    const system = await call('get', '/system').catch(() => null);
    const back = Date.now();
    if (!system || back - sent > LONGEST_TRIP_MS) return;
    differenceS.value = (Date.parse(system.time) - (sent + back) / 2) / 1000;
  }

  function start(): void {
    void measure();
    timer = setInterval(() => void measure(), EVERY_MS);
  }

  return { differenceS, measure, start, stop: () => clearInterval(timer) };
});
