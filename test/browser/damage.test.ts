import { randomUUID } from 'node:crypto';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { copyOfSession, recordedSession } from '../damage/sessions.ts';
import { ServerProcess, temporaryFolder } from '../support/server.ts';
import { PATIENT } from '../support/simulated.ts';
import { useBrowser } from './page.ts';

const openPage = useBrowser();

/** Its size stays: only who reads the chunk finds it. */
async function damageALine(path: string): Promise<void> {
  const text = await readFile(path, 'utf8');
  await writeFile(path, text.replace('"seq":9,', '"s,q":9,'));
}

test('the page says that a session is damaged and how, and shows what is left of it', async () => {
  const root = await temporaryFolder();
  const id = randomUUID();
  const folder = await copyOfSession(await recordedSession('jsonl'), root, id);
  await rm(join(folder, 'chunk_00001.jsonl'));
  await damageALine(join(folder, 'chunk_00000.jsonl'));
  const server = await ServerProcess.start(root);
  const { page } = await openPage(`${server.base}/#/sessions/${id}`);
  const damage = page.getByRole('region', { name: 'Damage' });
  const rows = page.locator('dt:text-is("Rows") + dd');
  await damage.getByText('This session is damaged.').waitFor(PATIENT);
  await damage.getByText(/Chunk missing.*chunk_00001\.jsonl/).waitFor(PATIENT);
  await damage.getByText(/Chunk damaged.*chunk_00000\.jsonl/).waitFor(PATIENT);
  await expect.poll(() => rows.textContent(), PATIENT).toBe('149');
  await page.getByRole('link', { name: 'All sessions' }).click();
  const row = page.getByRole('row', { name: 'Reef 7' });
  await row.getByText('Damaged', { exact: true }).waitFor(PATIENT);
});
