import { defineStore } from 'pinia';
import { computed, ref, watch } from 'vue';
import type { ScaleKind } from '../lib/series/value-range.ts';

export type Theme = 'auto' | 'light' | 'dark';

const KEY = 'qsensor';
const DEFAULTS = {
  theme: 'auto' as Theme,
  scale: 'linear' as ScaleKind,
  windowMs: 300_000,
  mission: '',
  /** What was last said of a dive, by the fields of its form. */
  deployment: {} as Partial<Record<string, string>>,
  author: '',
};
type Kept = typeof DEFAULTS;

/** Storage is off in some private windows and iframes; the page works without it. */
function load(): Kept {
  try {
    return { ...DEFAULTS, ...(JSON.parse(localStorage.getItem(KEY) ?? '{}') as Partial<Kept>) };
  } catch {
    return DEFAULTS;
  }
}

function keep(values: Kept): void {
  try {
    localStorage.setItem(KEY, JSON.stringify(values));
  } catch {
    // Nothing is lost but the choice at the next visit.
  }
}

/** What this viewer chose, kept in this browser. */
export const usePrefs = defineStore('prefs', () => {
  const kept = load();
  const theme = ref(kept.theme);
  const scale = ref(kept.scale);
  const windowMs = ref(kept.windowMs);
  const mission = ref(kept.mission);
  const deployment = ref(kept.deployment);
  const author = ref(kept.author);
  const query = window.matchMedia('(prefers-color-scheme: dark)');
  const systemDark = ref(query.matches);
  query.addEventListener('change', (event) => {
    systemDark.value = event.matches;
  });
  const dark = computed(() => (theme.value === 'auto' ? systemDark.value : theme.value === 'dark'));

  watch(
    [theme, scale, windowMs, mission, deployment, author],
    () => {
      keep({
        theme: theme.value,
        scale: scale.value,
        windowMs: windowMs.value,
        mission: mission.value,
        deployment: deployment.value,
        author: author.value,
      });
      if (theme.value === 'auto') delete document.documentElement.dataset['theme'];
      else document.documentElement.dataset['theme'] = theme.value;
    },
    { immediate: true, flush: 'sync' },
  );

  return { theme, scale, windowMs, mission, deployment, author, dark };
});
