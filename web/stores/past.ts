import { defineStore } from 'pinia';
import { watch } from 'vue';
import { call } from '../lib/http/call.ts';
import { historyOf } from '../lib/series/history.ts';
import { useLive } from './live.ts';
import { useRecorderStatus } from './recorder-status.ts';

const POINTS = 5000;
const TIMEOUT_MS = 30_000;

/**
 * Fills what the vehicle's memory no longer holds (before the page was opened, or while the
 * tether was lost) from the session being recorded. Chunks give it away only when they are
 * sealed, so it is asked again after each until the hole is closed.
 */
export const usePast = defineStore('past', () => {
  const live = useLive();
  const vehicle = useRecorderStatus();
  /** History is wanted up to this time, milliseconds UTC. */
  let wantedUntil: number | null = null;

  live.feed.caughtUp = () => {
    const { ring, gaps } = live.feed;
    const begin = ring.end > ring.start ? ring.time(ring.start) : Date.now();
    wantedUntil = Math.max(begin, gaps.at(-1)?.to ?? 0);
    void load();
  };

  async function load(): Promise<void> {
    const id = vehicle.record?.session_id;
    if (!id || wantedUntil === null) return;
    const options = {
      params: { session_id: id },
      query: { points: POINTS },
      timeoutMs: TIMEOUT_MS,
    };
    const preview = await call('get', '/sessions/{session_id}/preview', options).catch(() => null);
    if (!preview || preview.elapsed_s.length === 0) return;
    const history = historyOf(preview);
    live.feed.setHistory(history);
    const end = (history.times.at(-1) ?? 0) + 2 * history.binMs;
    if (end >= (wantedUntil ?? 0)) wantedUntil = null;
  }

  watch(() => [vehicle.record?.session_id, vehicle.record?.chunk_count], load);
  return {};
});
