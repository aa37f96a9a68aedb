import { readdir, readFile, readlink } from 'node:fs/promises';

/** Where Linux lists sockets; the columns are told in proc_net_tcp(5). */
const SOCKET_LISTS = ['/proc/net/tcp', '/proc/net/tcp6'];
const LISTENING = '0A';

interface Listener {
  inode: string;
  uid: string;
}

/**
 * Who listens on a TCP port, in words: `python3 (process 4711)`. Less where the process is hidden
 * from this user, and null where nothing is known, as on other systems than Linux.
 */
export async function portHolder(port: number): Promise<string | null> {
  const [listener] = await listenersOn(port);
  if (!listener) return null;
  const names = (await Promise.all((await processes()).map((pid) => named(pid, listener)))).filter(
    (name) => name !== null,
  );
  return names[0] ?? `a process of the user with id ${listener.uid}, hidden from this one`;
}

async function listenersOn(port: number): Promise<Listener[]> {
  const lists = await Promise.all(SOCKET_LISTS.map((path) => readFile(path, 'utf8').catch(none)));
  return lists
    .flatMap((text) => text.split('\n'))
    .map((line) => line.trim().split(/\s+/))
    .filter(([, local, , state]) => state === LISTENING && portOf(local) === port)
    .map(({ 7: uid = '', 9: inode = '' }) => ({ uid, inode }));
}

/** `0100007F:23BE`: address and port, both in hexadecimal. */
function portOf(local = ''): number {
  return Number.parseInt(local.split(':')[1] ?? '', 16);
}

async function processes(): Promise<string[]> {
  return (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
}

/** The process, if the socket is one of its files. One that has ended, or is another user's, has none. */
async function named(pid: string, { inode }: Listener): Promise<string | null> {
  const files = await readdir(`/proc/${pid}/fd`).catch(() => []);
  const targets = await Promise.all(
    files.map((file) => readlink(`/proc/${pid}/fd/${file}`).catch(none)),
  );
  if (!targets.includes(`socket:[${inode}]`)) return null;
  const name = (await readFile(`/proc/${pid}/comm`, 'utf8').catch(none)).trim();
  return `${name} (process ${pid})`;
}

const none = () => '';
