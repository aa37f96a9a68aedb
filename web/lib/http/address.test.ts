import { expect, test } from 'vitest';
import { eventsAddress } from '../link/event-source.ts';
import { streamAddress } from '../link/socket.ts';
import { address } from './call.ts';
import { fromResponse } from './call-error.ts';

test('addresses are relative and carry parameters safely', () => {
  const path = address('/files/{session_id}/{filename}', { session_id: 'a/b', filename: 'c d' });
  expect(path).toBe('./files/a%2Fb/c%20d');
  expect(address('/recent', {}, { seconds: 5, other: undefined })).toBe('./recent?seconds=5');
});

test('the stream is beside the document, under any prefix', () => {
  const base = 'https://blueos.local/extensionv2/qsensor/?x=1#/sessions';
  const own = 'blueos.local/extensionv2/qsensor';
  expect(streamAddress(base)).toBe(`wss://${own}/stream?batch_ms=100`);
  expect(eventsAddress(base)).toBe(`https://${own}/stream/events?batch_ms=100`);
});

test("an error says what the server's detail says", async () => {
  const body = JSON.stringify({ detail: 'Stop it first.', code: 'already_recording' });
  const error = await fromResponse(new Response(body, { status: 400 }));
  expect(error).toMatchObject({ code: 'already_recording', message: 'Stop it first.' });
});

test("a proxy's own error page means that the vehicle does not answer", async () => {
  const error = await fromResponse(new Response('<h1>502</h1>', { status: 502 }));
  expect(error.code).toBe('unreachable');
});
