// Packs the page once, as well as it goes, so that the vehicle need not.
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';

const FOLDERS = ['dist/web/assets', 'dist/docs'];
const LEAST_BYTES = 1000;

for (const folder of FOLDERS) {
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    if (/\.(br|gz)$/.test(name)) rmSync(path);
    if (!/\.(js|css|svg)$/.test(name)) continue;
    const bytes = readFileSync(path);
    if (bytes.length < LEAST_BYTES) continue;
    writeFileSync(`${path}.br`, brotliCompressSync(bytes));
    writeFileSync(`${path}.gz`, gzipSync(bytes, { level: 9 }));
  }
}
