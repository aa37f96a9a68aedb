import { computed, ref, shallowRef } from 'vue';
import type { Preview, SessionDetail } from '../../shared/api/sessions.ts';
import { call } from '../lib/http/call.ts';
import { words } from '../lib/http/call-error.ts';

const PREVIEW_POINTS = 5000;
const TIMEOUT_MS = 30_000;

/** One session with its preview. While it is being recorded, `update` adds what is new. */
export function useSession(id: string) {
  const detail = shallowRef<SessionDetail | null>(null);
  const preview = shallowRef<Preview | null>(null);
  const error = ref<string | null>(null);
  const params = { session_id: id };

  async function load(): Promise<void> {
    try {
      const known = detail.value;
      const after = known?.chunks.at(-1)?.index ?? -1;
      const options = { params, query: { after_index: after }, timeoutMs: TIMEOUT_MS };
      const fresh = await call('get', '/sessions/{session_id}', options);
      const news = fresh.chunks.filter((chunk) => chunk.index > after);
      detail.value = { ...fresh, chunks: [...(known?.chunks ?? []), ...news] };
      error.value = null;
      if (news.length > 0 || !preview.value) await loadPreview();
    } catch (thrown) {
      error.value = words(thrown);
    }
  }

  async function loadPreview(): Promise<void> {
    const options = { params, query: { points: PREVIEW_POINTS }, timeoutMs: TIMEOUT_MS };
    preview.value = await call('get', '/sessions/{session_id}/preview', options);
  }

  const summary = computed(() => detail.value?.summary ?? null);
  const recording = computed(() => summary.value?.state === 'recording');
  return { id, detail, summary, preview, error, recording, load };
}
