import { defineStore } from 'pinia';
import { computed, ref, shallowRef, watch } from 'vue';
import type { Reply } from '../lib/http/call.ts';
import { call } from '../lib/http/call.ts';
import { Poller } from '../lib/link/poller.ts';

const POLL_TIMEOUT_MS = 3000;

type Health = Reply<'get', '/instrument/health'>;
/** Asked without a session id, the answer is always of this form. */
type RecordStatus = Extract<Reply<'get', '/record/status'>, { is_recording: boolean }>;

/** What the vehicle says of the sensor and the recording, asked once a second. */
export const useRecorderStatus = defineStore('vehicle', () => {
  const health = shallowRef<Health | null>(null);
  const record = shallowRef<RecordStatus | null>(null);
  /** Since when the vehicle has not answered, in this computer's time; null while it does. */
  const lostSince = ref<number | null>(null);
  const answeredAt = ref(0);
  const poller = new Poller(poll);

  async function poll(): Promise<boolean> {
    const options = { timeoutMs: POLL_TIMEOUT_MS };
    try {
      const [newHealth, newRecord] = await Promise.all([
        call('get', '/instrument/health', options),
        call('get', '/record/status', options),
      ]);
      health.value = newHealth;
      record.value = newRecord as RecordStatus;
      answeredAt.value = Date.now();
      lostSince.value = null;
      return true;
    } catch {
      lostSince.value ??= answeredAt.value || Date.now();
      return false;
    }
  }

  /** What the vehicle says of the sensor, as soon as it has said it once. */
  function known(): Promise<Health> {
    if (health.value !== null) return Promise.resolve(health.value);
    return new Promise((resolve) => {
      const stop = watch(health, (now) => {
        if (now === null) return;
        stop();
        resolve(now);
      });
    });
  }

  return {
    known,
    health,
    record,
    lostSince,
    answeredAt,
    online: computed(() => lostSince.value === null && health.value !== null),
    start: () => poller.start(),
    stop: () => poller.stop(),
    refresh: () => poller.now(),
  };
});
