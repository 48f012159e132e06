/** What AWS says when it does not do what was asked. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly status: number;
  readonly code: string;
  readonly headers: Readonly<Record<string, string>>;

  constructor(code: string, message: string, status = 400, headers: Readonly<Record<string, string>> = {}) {
    super(message);
    this.code = code;
    this.status = status;
    this.headers = headers;
  }
}

/** How a service puts its answers and its errors on the wire. */
export type Wire = 'json-1.1' | 'json-1.0' | 'rest-json' | 'query' | 's3';

export interface Reply {
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly body: string | Buffer;
}

/** Codes that the XML services spell in their own way. Source: STS and IAM API references, "Common Errors". */
const QUERY_CODES: Readonly<Record<string, string>> = {
  UnrecognizedClientException: 'InvalidClientTokenId',
  AccessDeniedException: 'AccessDenied',
  ExpiredTokenException: 'ExpiredToken',
  ThrottlingException: 'Throttling',
  UnknownOperationException: 'InvalidAction',
  MissingAuthenticationTokenException: 'MissingAuthenticationToken',
  InvalidSignatureException: 'SignatureDoesNotMatch',
};
/** Where JSON services answer 400, these answer 403. */
const FORBIDDEN = new Set([
  'InvalidClientTokenId',
  'AccessDenied',
  'ExpiredToken',
  'MissingAuthenticationToken',
  'SignatureDoesNotMatch',
]);

/** The code that a caller of this wire reads. */
export function codeOn(wire: Wire, refusal: Refusal): string {
  if (wire === 'query' || wire === 's3') return QUERY_CODES[refusal.code] ?? refusal.code;
  if (wire === 'rest-json' && refusal.code === 'ThrottlingException') return 'TooManyRequestsException';
  return refusal.code;
}

export function refusalOn(wire: Wire, refusal: Refusal, requestId: string): Reply {
  const code = codeOn(wire, refusal);
  if (wire === 'query') {
    const status = FORBIDDEN.has(code) ? 403 : refusal.status;
    const type = status >= 500 ? 'Receiver' : 'Sender';
    const error = elements({ Type: type, Code: text(code), Message: text(refusal.message) });
    const body = elements({ ErrorResponse: elements({ Error: error, RequestId: requestId }) });
    return { status, headers: { 'content-type': 'text/xml' }, body };
  }
  if (wire === 'rest-json') {
    const headers = { 'content-type': 'application/json', 'x-amzn-errortype': code };
    const status = code === 'AccessDeniedException' ? 403 : code === 'TooManyRequestsException' ? 429 : 0;
    return { status: status || refusal.status, headers, body: JSON.stringify({ message: refusal.message }) };
  }
  if (wire === 's3') {
    const error = elements({ Code: text(code), Message: text(refusal.message), RequestId: requestId });
    const body = `<?xml version="1.0" encoding="UTF-8"?>\n<Error>${error}</Error>`;
    const status = FORBIDDEN.has(code) ? 403 : refusal.status;
    return { status, headers: { 'content-type': 'application/xml' }, body };
  }
  const headers = { ...refusal.headers, 'content-type': `application/x-amz-${wire}` };
  const body = JSON.stringify({ __type: code, message: refusal.message });
  return { status: refusal.status, headers, body };
}

/** `text` escaped for XML. */
export function text(value: string): string {
  return value.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** `<member>…</member>` for each; the values are XML already, `undefined` ones are left out. */
export function elements(members: Record<string, string | undefined>): string {
  return Object.entries(members)
    .filter(([, value]) => value !== undefined)
    .map(([member, value]) => `<${member}>${value}</${member}>`)
    .join('');
}
