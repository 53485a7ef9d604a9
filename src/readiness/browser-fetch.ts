import type { RangeFetch } from './range-request.js';

/** The browser's own fetch: nothing cached, nothing sent that the page knows, so that only the signature speaks. */
export const browserFetch: RangeFetch = async (url, init) =>
  fetch(url, { ...init, cache: 'no-store', credentials: 'omit', referrerPolicy: 'no-referrer' });
