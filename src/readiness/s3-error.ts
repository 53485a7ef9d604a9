/** What an S3 error document says. */
export interface S3Error {
  code: string;
  message: string;
}

/**
 * Reads the `Code` and `Message` of an S3 error document; null for bodies that are none (HTML, JSON, empty). The rest of
 * the document is left alone: it may repeat the signature.
 */
export function readS3Error(body: string): S3Error | null {
  const code = /<Error\b[^>]*>[\s\S]*?<Code>\s*([A-Za-z0-9.]{1,64})\s*<\/Code>/.exec(body)?.[1];
  if (code === undefined) return null;
  const message = /<Message>([^<]*)<\/Message>/.exec(body)?.[1] ?? '';
  return { code, message: message.trim() };
}
