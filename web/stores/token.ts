import { defineStore } from 'pinia';
import { ref } from 'vue';
import { keepToken, keptToken, TOKEN_WANTED } from '../lib/http/token.ts';

/** Whether a token is kept in this browser, and whether the vehicle has asked for one. */
export const useToken = defineStore('token', () => {
  const kept = ref(keptToken() !== null);
  const wanted = ref(false);
  const error = ref<string | null>(null);

  function keep(token: string): void {
    kept.value = keepToken(token);
    wanted.value = !kept.value;
    error.value = kept.value ? null : 'This browser keeps nothing here: use another window.';
  }

  function forget(): void {
    keepToken(null);
    kept.value = false;
  }

  const ask = () => {
    wanted.value = true;
  };

  return {
    ...{ kept, wanted, error, keep, forget },
    start: () => window.addEventListener(TOKEN_WANTED, ask),
    stop: () => window.removeEventListener(TOKEN_WANTED, ask),
  };
});
