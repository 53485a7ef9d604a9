import { isIPv4 } from 'node:net';

/**
 * Whether a host name (`localhost`), address (`127.0.0.1`, `::1`) or URL host (`[::1]`) can only mean this
 * machine. Names are judged as written, never resolved.
 */
export function isLoopbackHost(host: string): boolean {
  const bare = host.replace(/^\[(.*)\]$/, '$1').toLowerCase();
  return bare === 'localhost' || bare === '::1' || (isIPv4(bare) && bare.startsWith('127.'));
}

/** Whether `url` is an absolute http(s) URL on a loopback host. */
export function isLoopbackUrl(url: string): boolean {
  if (!URL.canParse(url)) return false;
  const { protocol, hostname } = new URL(url);
  return /^https?:$/.test(protocol) && isLoopbackHost(hostname);
}
