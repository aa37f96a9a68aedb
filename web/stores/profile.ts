import { ref, shallowRef } from 'vue';
import type { Profile } from '../../shared/api/profile.ts';
import { call } from '../lib/http/call.ts';
import { words } from '../lib/http/call-error.ts';

/** The vehicle reads the whole session for it, the first time. */
const TIMEOUT_MS = 120_000;

/** The light profile of a session; the answer to the newest question counts. */
export function useProfile(id: string) {
  const profile = shallowRef<Profile | null>(null);
  const error = ref<string | null>(null);
  const loading = ref(false);
  let asked = 0;

  async function load(darkOffset: number): Promise<void> {
    asked += 1;
    const mine = asked;
    loading.value = true;
    const options = {
      params: { session_id: id },
      query: { dark_offset: darkOffset },
      timeoutMs: TIMEOUT_MS,
    };
    try {
      const found = await call('get', '/sessions/{session_id}/profile', options);
      if (mine !== asked) return;
      profile.value = found;
      error.value = null;
    } catch (thrown) {
      if (mine === asked) error.value = words(thrown);
    } finally {
      if (mine === asked) loading.value = false;
    }
  }

  return { profile, error, loading, load };
}
