import { readdir, readFile } from 'node:fs/promises';

/** Processor seconds that a process has used, all its threads together, to the microsecond. */
export async function cpuSeconds(pid: number): Promise<number> {
  const folder = `/proc/${pid}/task`;
  const threads = await readdir(folder);
  const texts = await Promise.all(
    threads.map((thread) => readFile(`${folder}/${thread}/schedstat`, 'utf8')),
  );
  return texts.reduce((sum, text) => sum + Number(text.split(' ')[0]) / 1e9, 0);
}

/** Megabytes (10^6 bytes) of a process that are in memory now. */
export function residentMb(pid: number): Promise<number> {
  return statusMb(pid, 'VmRSS');
}

/** Megabytes of it that were in memory at most. */
export function peakMb(pid: number): Promise<number> {
  return statusMb(pid, 'VmHWM');
}

async function statusMb(pid: number, name: string): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return (Number(new RegExp(`${name}:\\s+(\\d+)`).exec(status)?.[1]) * 1024) / 1e6;
}

export function seconds(count: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, count * 1000));
}
