import { createHash, createHmac } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { Refusal } from './refusal.ts';

/** A request as far as it is signed. */
export interface Signed {
  readonly headers: IncomingHttpHeaders;
  readonly method: string;
  /** With the query. */
  readonly path: string;
  readonly body: string;
}

/** What the signature says of itself; its members are empty when there is none. */
export interface Signature {
  readonly keyId: string;
  readonly region: string;
  readonly service: string;
}

const FORM =
  /^AWS4-HMAC-SHA256 Credential=(\w+)\/(\d{8})\/([\w-]+)\/([\w-]+)\/aws4_request, ?SignedHeaders=([\w;-]+), ?Signature=([0-9a-f]{64})$/;

export function signatureOf({ headers }: Signed): Signature {
  const [, keyId = '', , region = '', service = ''] = FORM.exec(headers.authorization ?? '') ?? [];
  return { keyId, region, service };
}

/** Throws unless `secret` has signed the request. Source: IAM user guide, "Create a signed AWS API request". */
export function verify(request: Signed, secret: string): void {
  const { headers, method, path, body } = request;
  const [, , date = '', region = '', service = '', names = '', signature] =
    FORM.exec(headers.authorization ?? '') ?? [];
  const [resource = '/', query = ''] = path.split('?');
  const lines = names.split(';').map((name) => `${name}:${String(headers[name] ?? '').trim()}\n`);
  const canonical = [method, resource, query, lines.join(''), names, sha256(body)].join('\n');
  const scope = `${date}/${region}/${service}/aws4_request`;
  const toSign = ['AWS4-HMAC-SHA256', headers['x-amz-date'], scope, sha256(canonical)].join('\n');
  const key = [date, region, service, 'aws4_request'].reduce<string | Buffer>(
    (above, part) => createHmac('sha256', above).update(part).digest(),
    `AWS4${secret}`,
  );
  if (createHmac('sha256', key).update(toSign).digest('hex') !== signature) {
    throw new Refusal(
      'InvalidSignatureException',
      'The request signature we calculated does not match the signature you provided.',
    );
  }
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
