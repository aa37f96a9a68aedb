import type { ProgressNow } from '../progress.ts';
import type { News, Output } from '../report.ts';

type Write = (text: string) => void;

/** One JSON object a line, each with the time of this computer. */
export function jsonOutput(write: Write): Output {
  return {
    tell: (news) => write(`${JSON.stringify({ time: new Date().toISOString(), ...news })}\n`),
    end: () => undefined,
  };
}

/** Lines with a time in front, for a log. Progress is told only when it has changed. */
export function plainOutput(write: Write): Output {
  let last = '';
  return {
    tell(news) {
      const text = inWords(news);
      if (text === last) return;
      if (news.event === 'progress') last = text;
      write(`${new Date().toISOString().slice(0, 19)}Z ${text}\n`);
    },
    end: () => undefined,
  };
}

const CLEAR_LINE = '\r\u001b[K';

/** Lines above, and one line below that is kept up to date. Chunks are seen in its counts. */
export function terminalOutput(write: Write, columns: () => number): Output {
  let line = '';
  return {
    tell(news) {
      if (news.event === 'chunk') return;
      if (news.event === 'progress') line = progressLine(news, columns() - 1);
      else write(`${CLEAR_LINE}${inWords(news)}\n`);
      write(CLEAR_LINE + line);
    },
    end: () => write('\n'),
  };
}

function inWords(news: News): string {
  switch (news.event) {
    case 'chunk':
      return `${news.session_id} ${news.filename} ${amount(news.size_bytes)}`;
    case 'complete':
      return `${news.session_id} is complete: ${news.chunk_count} chunks, ${news.total_rows} rows`;
    case 'chunk_failed':
      return `${news.session_id} ${news.filename} FAILED: ${news.detail}`;
    case 'progress':
      return progressLine(news);
    case 'lost':
    case 'back':
    case 'note':
      return news.detail;
  }
}

/**
 * `12 of 40 chunks, 1.30 MB of 4.50 MB, 210 kB/s, 2 s behind, 15 s left`; where there is less
 * room, without what can be spared.
 */
export function progressLine(now: ProgressNow, room = Number.POSITIVE_INFINITY): string {
  const behind = now.lag_s === null ? 'nothing to follow' : `${now.lag_s} s behind`;
  const lines = now.bytes_left === 0 ? calmLines(now, behind) : busyLines(now, behind);
  const texts = [...lines, [behind]].map((parts) => parts.join(', '));
  return texts.find((text) => text.length <= room) ?? '';
}

function calmLines({ chunks_done, bytes_done }: ProgressNow, behind: string): string[][] {
  const chunks = counted(chunks_done);
  return [
    [chunks, amount(bytes_done), behind],
    [chunks, behind],
  ];
}

function busyLines(now: ProgressNow, behind: string): string[][] {
  const chunks = `${now.chunks_done} of ${counted(now.chunks_done + now.chunks_left)}`;
  const bytes = `${amount(now.bytes_done)} of ${amount(now.bytes_done + now.bytes_left)}`;
  const left = now.left_s === null ? 'waiting' : `${time(now.left_s)} left`;
  return [
    [chunks, bytes, `${amount(now.bytes_per_s)}/s`, behind, left],
    [chunks, behind, left],
    [behind, left],
  ];
}

function counted(chunks: number): string {
  return chunks === 1 ? '1 chunk' : `${chunks} chunks`;
}

function amount(bytes: number): string {
  if (bytes < 1e3) return `${bytes} B`;
  if (bytes < 1e6) return `${(bytes / 1e3).toPrecision(3)} kB`;
  if (bytes < 1e9) return `${(bytes / 1e6).toPrecision(3)} MB`;
  return `${(bytes / 1e9).toPrecision(3)} GB`;
}

function time(seconds: number): string {
  if (seconds < 100) return `${seconds} s`;
  if (seconds < 6000) return `${Math.round(seconds / 60)} min`;
  return `${(seconds / 3600).toFixed(1)} h`;
}
