import { createHmac } from 'node:crypto';
import { request as httpRequest, type OutgoingHttpHeaders } from 'node:http';
import { request as httpsRequest } from 'node:https';

const PATIENCE = 10_000;

/** A PUT that was sent to a `CUSTOM_WEBHOOK` receiver. */
export interface WebhookDelivery {
  readonly exportId: string;
  readonly url: string;
  /** The raw body, as signed. */
  readonly body: string;
  /** Value of `X-Datasaur-Signature`; null where the export gave no secret. */
  readonly signature: string | null;
  readonly sentAt: Date;
  /** HTTP status of the answer; null where there was none. */
  readonly status: number | null;
  /** Why there was no answer; null where there was one. */
  readonly error: string | null;
}

export interface WebhookRequest {
  readonly exportId: string;
  readonly url: string;
  readonly body: string;
  readonly secret: string | null;
}

/** The hex HMAC-SHA256 of a webhook's raw body under its secret. */
export function signWebhook(body: string, secret: string): string {
  return createHmac('sha256', secret).update(body).digest('hex');
}

/** Sends one webhook, follows no redirect and never throws: what went wrong is in the delivery. */
export async function deliverWebhook(webhook: WebhookRequest, signal: AbortSignal): Promise<WebhookDelivery> {
  const { exportId, url, body, secret } = webhook;
  const signature = secret === null ? null : signWebhook(body, secret);
  const sentAt = new Date();
  const outcome = await put(url, body, signature, signal).then(
    (status) => ({ status, error: null }),
    (error: unknown) => ({ status: null, error: error instanceof Error ? error.message : String(error) }),
  );
  return { exportId, url, body, signature, sentAt, ...outcome };
}

async function put(
  url: string,
  body: string,
  signature: string | null,
  signal: AbortSignal,
): Promise<number> {
  const request = url.startsWith('https:') ? httpsRequest : httpRequest;
  const headers: OutgoingHttpHeaders = {
    'Content-Type': 'application/json',
    'Content-Length': Buffer.byteLength(body),
    ...(signature !== null && { 'X-Datasaur-Signature': signature }),
  };
  return new Promise((resolve, reject) => {
    // No agent: a kept-alive connection would outlive the sandbox.
    const outgoing = request(url, { method: 'PUT', headers, agent: false, signal, timeout: PATIENCE });
    outgoing.on('error', reject);
    outgoing.on('timeout', () => outgoing.destroy(new Error(`no answer within ${PATIENCE} ms`)));
    outgoing.on('response', (response) => {
      response.on('error', reject);
      response.on('end', () => {
        resolve(response.statusCode ?? 0);
      });
      response.resume();
    });
    outgoing.end(body);
  });
}
