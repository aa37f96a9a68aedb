import { stat } from 'node:fs/promises';

/** Bytes of a file that the disk does not give back; by inode, since a sector does not move with a name. */
export interface BadSector {
  inode: number;
  from: number;
  to: number;
}

/** From `from` on, in the file that lies there now. */
export async function badSector(path: string, from: number, to: number): Promise<BadSector> {
  return { inode: (await stat(path)).ino, from, to };
}

/** NODE_OPTIONS with which reads of these bytes answer EIO, in whatever way they are read. */
export function badSectors(sectors: readonly BadSector[]): string {
  const code = `
    import fs from 'node:fs';
    import promises, { open } from 'node:fs/promises';
    import { syncBuiltinESMExports } from 'node:module';
    const sectors = ${JSON.stringify(sectors)};
    const isBad = ({ ino }, from, length) =>
      sectors.some((bad) => bad.inode === ino && from < bad.to && from + length > bad.from);
    const error = () =>
      Object.assign(new Error('EIO: i/o error, read'), { code: 'EIO', errno: -5, syscall: 'read' });
    const placeOf = (fd) => Number(/pos:\\s*(\\d+)/.exec(fs.readFileSync('/proc/self/fdinfo/' + fd, 'utf8'))[1]);
    const isRefused = (fd, length, position) =>
      isBad(fs.fstatSync(fd), typeof position === 'number' ? position : placeOf(fd), length);
    const { read } = fs;
    fs.read = function (fd, buffer, offset, length, position, done) {
      if (isRefused(fd, length, position)) process.nextTick(done, error());
      else read.call(fs, fd, buffer, offset, length, position, done);
    };
    const { readFile } = promises;
    promises.readFile = async function (path, ...given) {
      const found = typeof path === 'string' ? await promises.stat(path) : { ino: 0 };
      if (isBad(found, 0, Infinity)) throw error();
      return readFile(path, ...given);
    };
    const handle = await open('/dev/null');
    const files = Object.getPrototypeOf(handle);
    await handle.close();
    const real = files.read;
    files.read = async function (buffer, offset, length, position) {
      if (isRefused(this.fd, length, position)) throw error();
      return real.call(this, buffer, offset, length, position);
    };
    syncBuiltinESMExports();`;
  return `--import data:text/javascript,${encodeURIComponent(code)}`;
}
