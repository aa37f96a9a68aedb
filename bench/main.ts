import { readFile, writeFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import type { Figure } from './figure.ts';

/** Each benchmark is a module with `run()`; they are loaded one at a time. */
const BENCHES: Record<string, () => Promise<{ run(): Promise<Figure[]> }>> = {
  parsing: () => import('./parsing.ts'),
  sensor: () => import('./sensor.ts'),
  times: () => import('./reading-times.ts'),
  recording: () => import('./recording.ts'),
  helper: () => import('./helper.ts'),
  clock: () => import('./clock.ts'),
  rollover: () => import('./rollover.ts'),
  http: () => import('./http.ts'),
  scan: () => import('./scan.ts'),
  download: () => import('./download.ts'),
  start: () => import('./start.ts'),
  bounds: () => import('./bounds.ts'),
  stream: () => import('./stream.ts'),
  memory: () => import('./memory.ts'),
  export: () => import('./export.ts'),
  mirror: () => import('./mirror.ts'),
  page: () => import('./page.ts'),
  'first-open': () => import('./first-open.ts'),
};

/** The last results, kept as data. */
const RESULTS = 'bench/results.json';

const HELP = `npm run bench -- [--save] [--compare] [name ...]
Names: ${Object.keys(BENCHES).join(', ')}. Without a name all of them run.
--compare shows each figure's ratio to the last results kept in ${RESULTS}; --save keeps these.`;

type Results = Record<string, Figure[]>;

async function main(args: string[]): Promise<void> {
  const names = args.filter((arg) => !arg.startsWith('--'));
  const unknown = names.filter((name) => !(name in BENCHES));
  if (args.includes('--help') || unknown.length > 0) return console.log(HELP);
  const kept: Results = JSON.parse(await readFile(RESULTS, 'utf8').catch(() => '{}'));
  const results: Results = {};
  console.log(`Node ${process.version}, ${cpus().length} x ${cpus()[0]?.model}\n`);
  for (const name of names.length > 0 ? names : Object.keys(BENCHES)) {
    const { run } = await (BENCHES[name] as (typeof BENCHES)[string])();
    const figures = await run();
    results[name] = figures;
    show(name, figures, args.includes('--compare') ? kept[name] : undefined);
  }
  if (args.includes('--save')) {
    await writeFile(RESULTS, `${JSON.stringify({ ...kept, ...results }, null, 2)}\n`);
  }
}

function show(name: string, figures: Figure[], before: Figure[] | undefined): void {
  console.log(`${name}`);
  const rows = figures.map((figure) => {
    const last = before?.find((other) => other.name === figure.name);
    return {
      figure: figure.name,
      value: `${round(figure.value)} ${figure.unit}`,
      'compared with': figure.comparedWith ?? '',
      ratio: figure.ratio === undefined ? '' : round(figure.ratio),
      ...(before ? { 'to the last results': last ? round(figure.value / last.value) : 'new' } : {}),
    };
  });
  console.table(rows);
  console.log(`${[...new Set(figures.map(({ conditions }) => conditions))].join('; ')}\n`);
}

const round = (value: number) => Number(value.toPrecision(3));

await main(process.argv.slice(2));
