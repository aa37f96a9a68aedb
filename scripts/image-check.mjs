// Builds the image without a Docker daemon and tries it, as `npm run test:image`: it records from
// a pseudo-terminal through a bound /dev, ends on SIGTERM with 0, every row sealed, and is small.
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { makeBase } from './image/base.mjs';
import { BASE, buildah, FOLDER, IMAGE, needTools, networkArgs } from './image/tools.mjs';
import { trial } from './image/trial.mjs';

/** Compressed, over the base image: a vehicle loads it over a tether or a phone. */
const MOST_MB = 40;

const inspect = (image) => JSON.parse(buildah('inspect', '--type', 'image', image));
const layersOf = (image) => inspect(image).OCIv1.rootfs.diff_ids;

function build() {
  const how = ['--format', 'docker', '--isolation', 'chroot', '--pull=never', ...networkArgs()];
  buildah('bud', ...how, '--build-arg', 'GIT_COMMIT=image-check', '-t', IMAGE, '.');
}

/** Megabytes of the compressed layers that the base image does not have. */
function sizeMb() {
  const target = join(FOLDER, 'pushed');
  rmSync(target, { recursive: true, force: true });
  buildah('push', IMAGE, `dir:${target}`);
  const { layers } = JSON.parse(readFileSync(join(target, 'manifest.json'), 'utf8'));
  const own = layers.slice(layersOf(BASE).length);
  return own.reduce((sum, { size }) => sum + size, 0) / 1e6;
}

function labelsAreJson({ Labels }) {
  for (const name of ['permissions', 'authors', 'company', 'links', 'tags'])
    JSON.parse(Labels[name]);
}

needTools('buildah', 'debootstrap');
makeBase();
build();
const { config } = inspect(IMAGE).Docker;
labelsAreJson(config);
const { code, chunks, rows, unfinished } = await trial(config);
const size = sizeMb();
console.log(`layers over the base image, compressed: ${size.toFixed(1)} MB (at most ${MOST_MB})`);
console.log(
  `SIGTERM: exit code ${code}; ${rows} rows in ${chunks} sealed chunks, ${unfinished.length} unfinished`,
);
const good = size < MOST_MB && code === 0 && rows > 0 && unfinished.length === 0;
console.log(good ? 'The image is good.' : 'The image is NOT good.');
process.exitCode = good ? 0 : 1;
