/**
 * NODE_OPTIONS that load this code before the server. `armed` is run at SIGUSR2; what comes
 * before it, imports for instance, is run at once.
 */
export function preload(before: string, armed: string): string {
  const code = `${before}\nprocess.on('SIGUSR2', () => { ${armed} });`;
  return `--import data:text/javascript,${encodeURIComponent(code)}`;
}
