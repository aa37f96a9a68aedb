import { defineStore } from 'pinia';
import { computed, ref, shallowRef, watch } from 'vue';
import type { Chunk, SessionEvent, UserMetadata } from '../../shared/session.ts';
import { call } from '../lib/http/call.ts';
import { words } from '../lib/http/call-error.ts';
import { useRecorderStatus } from './recorder-status.ts';

/** Connecting to a sensor at 9600 baud takes its time, and start does it where needed. */
const START_TIMEOUT_MS = 60_000;
/** Events come at any time. */
const LOOK_EVERY_MS = 5000;

export interface StartForm {
  mission: string;
  chunkIntervalS: number | null;
  metadata: UserMetadata;
}

/** The session being recorded: start, stop, its chunks and events. */
export const useRecording = defineStore('recording', () => {
  const vehicle = useRecorderStatus();
  const busy = ref<'starting' | 'stopping' | null>(null);
  const error = ref<string | null>(null);
  const chunks = shallowRef<readonly Chunk[]>([]);
  const events = shallowRef<readonly SessionEvent[]>([]);
  const active = computed(() => vehicle.record?.is_recording ?? false);
  const sessionId = computed(() => vehicle.record?.session_id ?? null);
  /** The session being recorded, or the one that was recorded last while this page is open. */
  const shownId = ref<string | null>(null);

  async function run(what: 'starting' | 'stopping', task: () => Promise<unknown>): Promise<void> {
    busy.value = what;
    error.value = null;
    try {
      await task();
    } catch (thrown) {
      error.value = words(thrown);
    } finally {
      busy.value = null;
      vehicle.refresh();
    }
  }

  const start = (form: StartForm) =>
    run('starting', () => {
      const mission = form.mission.trim();
      const metadata = mission ? { mission, ...form.metadata } : form.metadata;
      const interval = form.chunkIntervalS;
      const body = { metadata, ...(interval === null ? {} : { chunk_interval_s: interval }) };
      return call('post', '/record/start', { body, timeoutMs: START_TIMEOUT_MS });
    });

  const stop = () =>
    run('stopping', () => {
      const body = sessionId.value ? { session_id: sessionId.value } : {};
      return call('post', '/record/stop', { body, timeoutMs: START_TIMEOUT_MS });
    });

  /** Asks only for the chunks that are not here yet: a long session has thousands. */
  async function load(): Promise<void> {
    const id = shownId.value;
    if (!id || document.hidden) return;
    const after = chunks.value.at(-1)?.index ?? -1;
    const options = { params: { session_id: id }, query: { after_index: after } };
    const session = await call('get', '/sessions/{session_id}', options).catch(() => null);
    if (!session || id !== shownId.value) return;
    const known = chunks.value.at(-1)?.index ?? -1;
    const news = session.chunks.filter((chunk) => chunk.index > known);
    if (news.length > 0) chunks.value = [...chunks.value, ...news];
    if (session.events.length !== events.value.length) events.value = session.events;
  }

  watch(
    sessionId,
    (id) => {
      if (!id || id === shownId.value) return;
      shownId.value = id;
      chunks.value = [];
      events.value = [];
    },
    { immediate: true },
  );
  watch(
    () => [
      shownId.value,
      active.value,
      vehicle.record?.chunk_count,
      Math.floor(vehicle.answeredAt / LOOK_EVERY_MS),
    ],
    load,
    { immediate: true },
  );

  return { active, sessionId, shownId, busy, error, chunks, events, start, stop };
});
