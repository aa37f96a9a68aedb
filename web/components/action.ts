import { ref } from 'vue';
import { words } from '../lib/http/call-error.ts';

/** Something that takes its time and may fail: what is under way, and what went wrong last. */
export function useAction() {
  const busy = ref<string | null>(null);
  const error = ref<string | null>(null);

  /** @param name what is shown as being under way. */
  async function run(name: string, task: () => Promise<unknown>): Promise<boolean> {
    busy.value = name;
    error.value = null;
    try {
      await task();
      return true;
    } catch (thrown) {
      error.value = words(thrown);
      return false;
    } finally {
      busy.value = null;
    }
  }

  return { busy, error, run };
}
