import { defineStore } from 'pinia';
import { ref, shallowReactive, shallowRef } from 'vue';
import type { Preview } from '../../shared/api/sessions.ts';
import type { SessionSummary } from '../../shared/session.ts';
import { call } from '../lib/http/call.ts';
import { words } from '../lib/http/call-error.ts';

const PAGE = 500;
const THUMB_POINTS = 80;
/** The vehicle has other things to do than small pictures. */
const THUMBS_AT_ONCE = 2;

/** The sessions on the vehicle's disk, and their small plots. */
export const useSessions = defineStore('sessions', () => {
  const sessions = shallowRef<readonly SessionSummary[] | null>(null);
  const totalBytes = ref(0);
  const error = ref<string | null>(null);
  const thumbs = shallowReactive(new Map<string, Preview | null>());
  const queue: string[] = [];
  let running = 0;

  async function load(): Promise<void> {
    try {
      const found: SessionSummary[] = [];
      for (let total = 1; found.length < total; ) {
        const query = { offset: found.length, limit: PAGE };
        const page = await call('get', '/sessions', { query });
        if (page.sessions.length === 0) break;
        found.push(...page.sessions);
        total = page.total;
        totalBytes.value = page.total_size_bytes;
      }
      sessions.value = found;
      error.value = null;
    } catch (thrown) {
      error.value = words(thrown);
    }
  }

  /** Asks for a session's small plot when it comes into sight. */
  function wantThumb(id: string): void {
    if (thumbs.has(id) || queue.includes(id)) return;
    queue.push(id);
    void work();
  }

  async function work(): Promise<void> {
    const id = running < THUMBS_AT_ONCE ? queue.shift() : undefined;
    if (id === undefined) return;
    running += 1;
    const options = { params: { session_id: id }, query: { points: THUMB_POINTS } };
    const preview = await call('get', '/sessions/{session_id}/preview', options).catch(() => null);
    thumbs.set(id, preview);
    running -= 1;
    void work();
  }

  function forget(id: string): void {
    sessions.value = sessions.value?.filter((session) => session.session_id !== id) ?? null;
  }

  return { sessions, totalBytes, error, thumbs, load, wantThumb, forget };
});
