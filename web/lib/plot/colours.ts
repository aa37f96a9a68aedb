/** The colours of a picture on canvas, taken from the page's design. */
export interface Colours {
  trace: string;
  envelope: string;
  /** The second of two traces. */
  castUp: string;
  gap: string;
  grid: string;
  text: string;
  muted: string;
  surface: string;
  line: string;
  accent: string;
  warn: string;
}

const NAMES: Record<keyof Colours, string> = {
  trace: '--trace',
  envelope: '--envelope',
  castUp: '--cast-up',
  gap: '--gap',
  grid: '--grid',
  text: '--text',
  muted: '--text-2',
  surface: '--surface',
  line: '--line-strong',
  accent: '--accent',
  warn: '--warn',
};

/** Reads the colours as they are in force at an element: light or dark. */
export function coloursAt(element: HTMLElement): Colours {
  const probe = document.createElement('span');
  element.append(probe);
  const resolve = (name: string): string => {
    probe.style.color = `var(${name})`;
    return getComputedStyle(probe).color;
  };
  const entries = Object.entries(NAMES).map(([key, name]) => [key, resolve(name)]);
  probe.remove();
  return Object.fromEntries(entries) as Colours;
}
