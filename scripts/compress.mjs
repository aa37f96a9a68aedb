// Packs the page once, as well as it goes, so that the vehicle need not.
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';

const FOLDERS = ['dist/web/assets', 'dist/docs'];
const LEAST_BYTES = 1000;

for (const folder of FOLDERS) {
  const names = readdirSync(folder);
  // Those of the last build.
  for (const name of names.filter((one) => /\.(br|gz)$/.test(one))) rmSync(join(folder, name));
  for (const name of names.filter((one) => /\.(js|css|svg)$/.test(one))) pack(join(folder, name));
}

function pack(path) {
  const bytes = readFileSync(path);
  if (bytes.length < LEAST_BYTES) return;
  writeFileSync(`${path}.br`, brotliCompressSync(bytes));
  writeFileSync(`${path}.gz`, gzipSync(bytes, { level: 9 }));
}
