import { computed, onBeforeUnmount, reactive, ref } from 'vue';
import type { Chunk } from '../../../shared/session.ts';
import type { FileToVerify, VerifyMessage } from '../../lib/verify/verify-files.ts';

/** Hashes a session's chunks in a worker and compares them with the manifest. */
export function useVerify(urlOf: (chunk: Chunk) => string) {
  /** What came of each chunk by index: null is good, text is what is wrong. */
  const results = reactive(new Map<number, string | null>());
  const running = ref(false);
  const bytes = ref(0);
  const total = ref(0);
  const count = ref(0);
  let worker: Worker | null = null;

  function start(chunks: readonly Chunk[]): void {
    cancel();
    results.clear();
    bytes.value = 0;
    total.value = chunks.reduce((sum, chunk) => sum + chunk.size_bytes, 0);
    count.value = chunks.length;
    running.value = true;
    worker = new Worker(new URL('../../lib/verify/verify.worker.ts', import.meta.url), {
      type: 'module',
    });
    worker.onmessage = (message: MessageEvent<VerifyMessage>) => hear(message.data);
    worker.postMessage(chunks.map(toVerify));
  }

  function toVerify(chunk: Chunk): FileToVerify {
    const url = new URL(urlOf(chunk), document.baseURI).href;
    return { index: chunk.index, url, sha256: chunk.sha256, size: chunk.size_bytes };
  }

  function hear(message: VerifyMessage): void {
    if (message.kind === 'bytes') bytes.value += message.count;
    else if (message.kind === 'file') results.set(message.index, message.problem);
    else cancel();
  }

  function cancel(): void {
    worker?.terminate();
    worker = null;
    running.value = false;
  }

  onBeforeUnmount(cancel);
  const bad = computed(() => [...results.values()].filter((problem) => problem !== null).length);
  const finished = computed(
    () => !running.value && count.value > 0 && results.size === count.value,
  );
  return { results, running, bytes, total, count, bad, finished, start, cancel };
}
