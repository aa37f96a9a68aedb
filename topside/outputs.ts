import type { ProgressNow } from './progress.ts';
import type { News, Output } from './report.ts';

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
      if (news.event === 'progress') line = inWords(news).slice(0, columns() - 1);
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

/** `12 of 40 chunks, 1.3 of 4.5 MB, 210 kB/s, 2 s behind, 15 s left` */
export function progressLine(now: ProgressNow): string {
  const parts = [
    `${now.chunks_done} of ${now.chunks_done + now.chunks_left} chunks`,
    `${amount(now.bytes_done)} of ${amount(now.bytes_done + now.bytes_left)}`,
  ];
  if (now.bytes_left > 0) parts.push(`${amount(now.bytes_per_s)}/s`);
  parts.push(now.lag_s === null ? 'nothing is being recorded' : `${now.lag_s} s behind`);
  if (now.bytes_left > 0) parts.push(now.left_s === null ? 'waiting' : `${time(now.left_s)} left`);
  return parts.join(', ');
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
