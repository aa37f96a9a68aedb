import { computed, ref, shallowRef } from 'vue';
import type { Preview, SessionDetail } from '../../shared/api/sessions.ts';
import { call } from '../lib/http/call.ts';
import { words } from '../lib/http/call-error.ts';

const PREVIEW_POINTS = 5000;
const TIMEOUT_MS = 30_000;

/** Chunks that are known already may have been left out since. */
const damageOf = ({ summary }: SessionDetail) => JSON.stringify(summary.damage);

/** One session with its preview. `load` adds what is new; making the preview may find damage. */
export function useSession(id: string) {
  const detail = shallowRef<SessionDetail | null>(null);
  const preview = shallowRef<Preview | null>(null);
  const error = ref<string | null>(null);
  const params = { session_id: id };

  async function load(): Promise<void> {
    try {
      const isNew = await loadDetail(detail.value);
      error.value = null;
      if (!isNew && preview.value) return;
      await loadPreview();
      if (!recording.value) await loadDetail(detail.value);
    } catch (thrown) {
      error.value = words(thrown);
    }
  }

  /** True when it has chunks that were not known, or has lost some. */
  async function loadDetail(known: SessionDetail | null): Promise<boolean> {
    const after = known?.chunks.at(-1)?.index ?? -1;
    const options = { params, query: { after_index: after }, timeoutMs: TIMEOUT_MS };
    const fresh = await call('get', '/sessions/{session_id}', options);
    if (known && damageOf(fresh) !== damageOf(known)) return loadDetail(null);
    const news = fresh.chunks.filter((chunk) => chunk.index > after);
    detail.value = { ...fresh, chunks: [...(known?.chunks ?? []), ...news] };
    return known === null || news.length > 0;
  }

  async function loadPreview(): Promise<void> {
    const options = { params, query: { points: PREVIEW_POINTS }, timeoutMs: TIMEOUT_MS };
    preview.value = await call('get', '/sessions/{session_id}/preview', options);
  }

  const summary = computed(() => detail.value?.summary ?? null);
  const recording = computed(() => summary.value?.state === 'recording');
  return { id, detail, summary, preview, error, recording, load };
}
