import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';

/** One import across the walls of two rooms. */
export interface Crossing {
  /** The importing file. */
  file: string;
  from: string;
  to: string;
  isType: boolean;
}

const IMPORT = /(?:import|export)\s+(type\s)?(?:[^'"]*?from\s+)?'(\.[^']+)'/g;

/** `server/http` for `server/http/routes/page.ts`; files beside rooms are in the room above. */
function roomOf(file: string): string {
  const [top = '', room = '', ...rest] = file.split('/');
  return ['server', 'topside'].includes(top) && rest.length > 0 ? `${top}/${room}` : top;
}

/** All imports of the product's own files that lead from one room to another. */
export function crossings(): Crossing[] {
  return ownFiles().flatMap(crossingsOf);
}

/** Files of `shared` and `web` that import a module of Node: neither would run in a browser. */
export function importersOfNode(): string[] {
  return ownFiles()
    .filter((file) => /^(shared|web)/.test(file))
    .filter((file) => readFileSync(file, 'utf8').includes("'node:"));
}

function ownFiles(): string[] {
  return ['server', 'topside', 'shared', 'web']
    .flatMap((top) => readdirSync(top, { recursive: true }).map((path) => join(top, String(path))))
    .filter((file) => /\.(ts|vue)$/.test(file) && !file.endsWith('.test.ts'));
}

function crossingsOf(file: string): Crossing[] {
  const from = roomOf(file);
  return [...readFileSync(file, 'utf8').matchAll(IMPORT)]
    .map(([, type, path = '']) => {
      const to = roomOf(normalize(join(dirname(file), path)));
      return { file, from, to, isType: type !== undefined };
    })
    .filter(({ to }) => to !== from);
}
