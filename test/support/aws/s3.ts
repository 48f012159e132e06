import { createHash } from 'node:crypto';
import { elements, Refusal, type Reply, text } from './refusal.ts';
import type { FakeService, RestCall } from './services.ts';

/** An object of the fake. */
interface FakeObject {
  readonly bytes: Buffer;
  /** By lower-case names without `x-amz-meta-`. */
  readonly metadata: Readonly<Record<string, string>>;
}

/** A bucket of the fake. */
export interface FakeBucket {
  /** `us-east-1` unless said otherwise. */
  readonly region?: string;
  /** Accounts whose callers may read and write; everybody unless said. */
  readonly open?: readonly string[];
}

/** S3 as far as trails need it, path style. */
export interface FakeS3 {
  readonly service: FakeService;
  put(bucket: string, key: string, bytes: Buffer, metadata?: Readonly<Record<string, string>>): void;
  get(bucket: string, key: string): FakeObject | undefined;
  remove(bucket: string, key: string): void;
  keys(bucket: string): string[];
}

/** What a page of a list holds at most. Source: S3 API reference, `ListObjectsV2`. */
const PAGE_SIZE = 1000;
const XML = '<?xml version="1.0" encoding="UTF-8"?>\n';

/** One with these buckets. `pageSize` makes lists shorter than S3 would. */
export function fakeS3(buckets: Readonly<Record<string, FakeBucket>>, pageSize = PAGE_SIZE): FakeS3 {
  const stored = new Map(Object.keys(buckets).map((bucket) => [bucket, new Map<string, FakeObject>()]));
  const inside = (bucket: string): Map<string, FakeObject> => {
    const found = stored.get(bucket);
    if (!found) throw new Refusal('NoSuchBucket', 'The specified bucket does not exist', 404);
    return found;
  };

  function answer(call: RestCall): Reply {
    const { bucket, key, query } = addressOf(call.path);
    const objects = inside(bucket);
    const { region = 'us-east-1', open } = buckets[bucket] ?? {};
    if (query.has('location')) {
      const named = region === 'us-east-1' ? '' : region;
      return xml(
        `<LocationConstraint xmlns="http://s3.amazonaws.com/doc/2006-03-01/">${named}</LocationConstraint>`,
      );
    }
    if (call.region !== region) return redirect(region);
    if (open?.includes(call.caller.account) === false)
      throw new Refusal('AccessDenied', 'Access Denied', 403);
    if (key === '') return list(bucket, objects, query, pageSize);
    if (call.method === 'PUT') return put(objects, key, call);
    const object = objects.get(key);
    if (!object) throw new Refusal('NoSuchKey', 'The specified key does not exist.', 404);
    return found(object);
  }

  return {
    service: { name: 's3', wire: 's3', rest: { operationOf, answer } },
    put(bucket, key, bytes, metadata = {}) {
      inside(bucket).set(key, { bytes, metadata });
    },
    get: (bucket, key) => inside(bucket).get(key),
    remove(bucket, key) {
      inside(bucket).delete(key);
    },
    keys: (bucket) => [...inside(bucket).keys()].sort(byBytes),
  };
}

function addressOf(path: string): { bucket: string; key: string; query: URLSearchParams } {
  const { pathname, searchParams } = new URL(path, 'http://s3');
  const [bucket = '', ...rest] = pathname.slice(1).split('/');
  return { bucket, key: decodeURIComponent(rest.join('/')), query: searchParams };
}

function operationOf({ method, path }: Pick<RestCall, 'method' | 'path'>): string {
  const { key, query } = addressOf(path);
  if (query.has('location')) return 'GetBucketLocation';
  if (key === '') return query.get('list-type') === '2' ? 'ListObjectsV2' : 'ListObjects';
  return { GET: 'GetObject', HEAD: 'HeadObject', PUT: 'PutObject' }[method] ?? method;
}

/** S3 sorts by the bytes of UTF-8. */
function byBytes(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}

function list(
  bucket: string,
  objects: ReadonlyMap<string, FakeObject>,
  query: URLSearchParams,
  pageSize: number,
): Reply {
  const second = query.get('list-type') === '2';
  const prefix = query.get('prefix') ?? '';
  const after =
    (second ? (query.get('continuation-token') ?? query.get('start-after')) : query.get('marker')) ?? '';
  const all = [...objects.keys()]
    .filter((key) => key.startsWith(prefix) && byBytes(key, after) > 0)
    .sort(byBytes);
  const most = Math.min(Number(query.get('max-keys') ?? pageSize), pageSize);
  const page = all.slice(0, most);
  const more = all.length > page.length;
  const coded = (key: string): string =>
    query.get('encoding-type') === 'url' ? encodeURIComponent(key) : text(key);
  const members = elements({
    Name: text(bucket),
    Prefix: coded(prefix),
    MaxKeys: String(most),
    ...(query.has('encoding-type') ? { EncodingType: 'url' } : {}),
    IsTruncated: String(more),
    ...(second ? { KeyCount: String(page.length) } : { Marker: coded(after) }),
    ...(second && more ? { NextContinuationToken: coded(page.at(-1) ?? '') } : {}),
  });
  const contents = page.map((key) => entry(coded(key), objects.get(key)?.bytes ?? Buffer.alloc(0)));
  return xml(
    `<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">${members}${contents.join('')}</ListBucketResult>`,
  );
}

function entry(key: string, bytes: Buffer): string {
  const members = elements({
    Key: key,
    LastModified: '2026-11-20T09:15:02.000Z',
    ETag: text(etagOf(bytes)),
    Size: String(bytes.length),
    StorageClass: 'STANDARD',
  });
  return `<Contents>${members}</Contents>`;
}

function etagOf(bytes: Buffer): string {
  return `"${createHash('md5').update(bytes).digest('hex')}"`;
}

function put(objects: Map<string, FakeObject>, key: string, { headers, body }: RestCall): Reply {
  const metadata = Object.entries(headers).flatMap(([name, value]) =>
    name.startsWith('x-amz-meta-') ? [[name.slice('x-amz-meta-'.length), String(value)]] : [],
  );
  objects.set(key, { bytes: body, metadata: Object.fromEntries(metadata) });
  return { status: 200, headers: { etag: etagOf(body) }, body: '' };
}

function found({ bytes, metadata }: FakeObject): Reply {
  const said = Object.entries(metadata).map(([name, value]) => [`x-amz-meta-${name}`, value]);
  const headers = {
    'content-type': 'application/json',
    'content-encoding': 'gzip',
    etag: etagOf(bytes),
    'last-modified': 'Fri, 20 Nov 2026 09:15:02 GMT',
    ...Object.fromEntries(said),
  };
  return { status: 200, headers, body: bytes };
}

/** A bucket answers only in its own region, and says which that is. */
function redirect(region: string): Reply {
  const error = elements({
    Code: 'PermanentRedirect',
    Message: 'The bucket you are attempting to access must be addressed using the specified endpoint.',
  });
  const headers = { 'content-type': 'application/xml', 'x-amz-bucket-region': region };
  return { status: 301, headers, body: `${XML}<Error>${error}</Error>` };
}

function xml(body: string): Reply {
  return { status: 200, headers: { 'content-type': 'application/xml' }, body: XML + body };
}
