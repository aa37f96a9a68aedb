import type { Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/**
 * Lets go of answers that were waiting for their turn on a connection (pipelining) when it is
 * gone: Node tells only the one whose turn it was, and the files of the others would stay open.
 */
export function letGoWithConnection(server: Server): void {
  const waiting = new WeakMap<Socket, Set<ServerResponse>>();
  server.on('request', (request, answer) => {
    const { socket } = request;
    const answers = waiting.get(socket) ?? new Set<ServerResponse>();
    if (!waiting.has(socket)) socket.once('close', () => answers.forEach(letGo));
    waiting.set(socket, answers.add(answer));
    answer.once('close', () => answers.delete(answer));
  });
}

function letGo(answer: ServerResponse): void {
  if (answer.socket !== null) return;
  answer.destroy();
  answer.emit('close');
}
