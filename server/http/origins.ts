import { isIP } from 'node:net';

/** Who may change something, and under which names the service may be called. */
export interface Trust {
  /** Origins of pages besides the vehicle's own; `*` for all. */
  corsOrigins: readonly string[];
  /** Public names of this vehicle, besides those that only a local network knows. */
  allowedHosts(): readonly string[];
}

/** Names that public DNS never gives an address to, or that only mean this network. */
const LOCAL_SUFFIXES = ['.local', '.localhost', '.lan', '.home', '.internal', '.home.arpa'];

/**
 * A page may change something when it comes from the vehicle itself, at whatever port
 * (BlueOS has its own), or from a configured origin. Programs send no Origin, and pass.
 */
export function originAllowed(origin: string, host: string, { corsOrigins }: Trust): boolean {
  if (origin === '') return true;
  if (corsOrigins.includes('*') || corsOrigins.includes(origin)) return true;
  return URL.canParse(origin) && hostName(new URL(origin).host) === hostName(host);
}

/**
 * Refuses public names: a foreign page can point its own name at the vehicle (DNS
 * rebinding) and would then count as the vehicle's own.
 */
export function hostAllowed(host: string, { corsOrigins, allowedHosts }: Trust): boolean {
  const name = hostName(host);
  if (isIP(name) || !name.includes('.') || LOCAL_SUFFIXES.some((end) => name.endsWith(end)))
    return true;
  const named = corsOrigins
    .filter((origin) => origin !== '*')
    .map((origin) => new URL(origin).hostname);
  return named.includes(name) || allowedHosts().includes(name);
}

/** Without the port, in lower case, without the brackets of IPv6. */
export function hostName(host: string): string {
  const parsed = `http://${host}`;
  if (!URL.canParse(parsed)) return host;
  return new URL(parsed).hostname.toLowerCase().replace(/^\[|\]$/g, '');
}
