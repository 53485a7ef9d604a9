/** Why a URL must not be fetched, or null where it may be: see {@link refusalOf}. */
export type UrlRefusal = 'not-http' | 'insecure-http' | 'has-userinfo';

/** Whether traffic to this host never leaves the machine. `hostname` as `URL` gives it (lower case, IPv6 in brackets). */
export function isLoopback(hostname: string): boolean {
  return (
    hostname === 'localhost' ||
    hostname.endsWith('.localhost') ||
    hostname === '[::1]' ||
    /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(hostname)
  );
}

/** Plain `http:` shows tokens and signatures to everyone on the way, so it is for loopback unless the caller insists. */
export function refusalOf(url: URL, allowInsecureHttp: boolean): UrlRefusal | null {
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return 'not-http';
  if (url.username !== '' || url.password !== '') return 'has-userinfo';
  if (url.protocol === 'http:' && !allowInsecureHttp && !isLoopback(url.hostname)) return 'insecure-http';
  return null;
}
