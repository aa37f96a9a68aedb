import { expect, test } from 'vitest';
import { connectionLimit } from './connections.ts';

const limits = (handles: string) =>
  `Limit                     Soft Limit           Hard Limit           Units     \n` +
  `Max processes             95767                95767                processes \n` +
  `Max open files            ${handles}                 1048576              files     \n`;

test('connections get half of the handles, within what any vehicle needs', () => {
  expect(connectionLimit(limits('1024'))).toBe(500);
  expect(connectionLimit(limits('256'))).toBe(128);
  expect(connectionLimit(limits('20'))).toBe(16);
  for (const unknown of ['', limits('unlimited')]) expect(connectionLimit(unknown)).toBe(500);
});
