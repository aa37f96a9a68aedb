import { createRequire } from 'node:module';

/** The oldest browsers that the page promises to run in. */
const FLOOR = { chrome: 109, firefox: 115, safari: 16.4, safari_ios: 16.4 } as const;
type Engine = keyof typeof FLOOR;

interface Statement {
  version_added: string | boolean | null;
  version_removed?: string | boolean;
  flags?: unknown;
}
/** A feature of the compatibility data, with the features below it by name. */
export interface Feature {
  __compat?: { support: Partial<Record<Engine, Statement | Statement[]>> };
  [name: string]: unknown;
}

interface Data {
  api: Feature;
  css: { properties: Feature; 'at-rules': Feature; selectors: Feature; types: Feature };
  javascript: { builtins: Feature };
}
export const data: Data = createRequire(import.meta.url)('@mdn/browser-compat-data');

/** With a prefix counts: the build writes it beside the plain name. */
function isThere(statement: Statement, floor: number): boolean {
  const { version_added: added, version_removed: removed, flags } = statement;
  if (flags !== undefined || typeof added !== 'string' || removed !== undefined) return false;
  return added === 'preview' ? false : Number.parseFloat(added.replace('≤', '')) <= floor;
}

/** Names the browsers of the floor that do not have a feature. */
export function missingIn(feature: Feature): string[] {
  const support = feature.__compat?.support;
  if (!support) return [];
  return (Object.keys(FLOOR) as Engine[]).filter((engine) => {
    const statements = [support[engine] ?? []].flat();
    return !statements.some((statement) => isThere(statement, FLOOR[engine]));
  });
}

export function below(feature: Feature | undefined, name: string): Feature | undefined {
  return feature && Object.hasOwn(feature, name) ? (feature[name] as Feature) : undefined;
}

/** All features of a name, at any depth. */
export function collect(feature: Feature, into = new Map<string, Feature[]>()) {
  for (const [name, child] of Object.entries(feature)) {
    if (name === '__compat' || typeof child !== 'object' || child === null) continue;
    const found = child as Feature;
    const plain = name.replace(/_static$/, '');
    if (found.__compat) into.set(plain, [...(into.get(plain) ?? []), found]);
    collect(found, into);
  }
  return into;
}
