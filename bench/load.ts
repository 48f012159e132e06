/**
 * The client half of the webhook's benchmark, a process of its own so that it can have its own core. Speaks
 * just enough HTTP over plain sockets to cost little beside the server.
 *
 *   node bench/load.ts '{"port":8080,"key":"…","connections":64,"seconds":10,"rate":0,"series":"a"}'
 *
 * `rate` 0 sends the next event as soon as a connection is free; else so many a second, and then time counts
 * from when an event was due, not from when there was a connection for it. Prints a Result as JSON.
 */
import { connect, type Socket } from 'node:net';
import { performance } from 'node:perf_hooks';

export interface Load {
  readonly port: number;
  readonly key: string;
  readonly connections: number;
  readonly seconds: number;
  readonly rate: number;
  /** Two letters or digits that make this run's events different from those of other runs. */
  readonly series: string;
}

export interface Result {
  readonly answered: number;
  /** Answers other than 200. */
  readonly refused: number;
  readonly perSecond: number;
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
}

interface Connection {
  readonly socket: Socket;
  startedAt: number;
  received: string;
}

const ID_MARK = '5f0e7c1a-0000-4000-8000-000000000000';

/** A call that no rule is after, padded to 2 kB as most are. */
function template(): string {
  const detail = {
    eventVersion: '1.11',
    userIdentity: {
      type: 'AssumedRole',
      principalId: 'AROACKCEVSQ6C2EXAMPLE:i-0abc123def4567890',
      arn: 'arn:aws:sts::111122223333:assumed-role/web-server/i-0abc123def4567890',
      accountId: '111122223333',
      accessKeyId: 'ASIAIOSFODNN7EXAMPLE',
      sessionContext: {
        sessionIssuer: {
          type: 'Role',
          principalId: 'AROACKCEVSQ6C2EXAMPLE',
          arn: 'arn:aws:iam::111122223333:role/web-server',
          accountId: '111122223333',
          userName: 'web-server',
        },
        attributes: { creationDate: '2026-11-20T08:00:00Z', mfaAuthenticated: 'false' },
        ec2RoleDelivery: '2.0',
      },
    },
    eventTime: new Date().toISOString().replace(/\.\d+Z/, 'Z'),
    eventSource: 'ec2.amazonaws.com',
    eventName: 'CreateTags',
    awsRegion: 'eu-central-1',
    sourceIPAddress: '203.0.113.5',
    userAgent: 'aws-sdk-go-v2/1.30.3 os/linux lang/go#1.22.5 md/GOOS#linux md/GOARCH#amd64 api/ec2#1.173.0',
    requestParameters: {
      resourcesSet: { items: [{ resourceId: 'vol-0abc123def4567890' }] },
      tagSet: { items: '' },
    },
    responseElements: { requestId: 'c3d2a0b4-51f1-4c8e-9a57-0d2f6d0e1b11', _return: true },
    requestID: 'c3d2a0b4-51f1-4c8e-9a57-0d2f6d0e1b11',
    eventID: ID_MARK,
    readOnly: false,
    eventType: 'AwsApiCall',
    managementEvent: true,
    recipientAccountId: '111122223333',
    eventCategory: 'Management',
  };
  const envelope = {
    version: '0',
    id: '36eb8523-97d0-4518-b33d-ee3579ff19f0',
    'detail-type': 'AWS API Call via CloudTrail',
    source: 'aws.ec2',
    account: '111122223333',
    time: detail.eventTime,
    region: detail.awsRegion,
    resources: [],
    detail,
  };
  const padding = 2048 - JSON.stringify(envelope).length;
  detail.requestParameters.tagSet.items = 'x'.repeat(Math.max(0, padding));
  return JSON.stringify(envelope);
}

function run(load: Load): Promise<Result> {
  const [before = '', after = ''] = template().split(ID_MARK);
  const length = before.length + ID_MARK.length + after.length;
  const head =
    'POST /events HTTP/1.1\r\nHost: 127.0.0.1\r\nUser-Agent: Amazon/EventBridge/ApiDestinations\r\n' +
    'Content-Type: application/json; charset=utf-8\r\nRange: bytes=0-1048575\r\nAccept-Encoding: gzip,deflate\r\n' +
    `X-Api-Key: ${load.key}\r\nContent-Length: ${length}\r\n\r\n${before}`;
  const latencies: number[] = [];
  const free: Connection[] = [];
  const due: number[] = [];
  const startedAt = performance.now();
  const endsAt = startedAt + load.seconds * 1000;
  let made = 0;
  let refused = 0;
  let busy = 0;

  function send(connection: Connection, since: number): void {
    made += 1;
    busy += 1;
    connection.startedAt = since;
    const id = `5f0e7c1a-${load.series.padStart(4, '0')}-4000-8000-${String(made).padStart(12, '0')}`;
    connection.socket.write(head + id + after, 'latin1');
  }

  return new Promise((resolve, reject) => {
    function finish(): void {
      if (performance.now() < endsAt || busy > 0) return;
      for (const { socket } of free) socket.destroy();
      const seconds = (performance.now() - startedAt) / 1000;
      latencies.sort((a, b) => a - b);
      const at = (share: number): number => latencies[Math.floor((latencies.length - 1) * share)] ?? 0;
      resolve({
        answered: latencies.length,
        refused,
        perSecond: latencies.length / seconds,
        p50: at(0.5),
        p99: at(0.99),
        max: at(1),
      });
    }

    function answered(connection: Connection, ok: boolean): void {
      const now = performance.now();
      latencies.push(now - connection.startedAt);
      busy -= 1;
      if (!ok) refused += 1;
      if (load.rate === 0 && now < endsAt) {
        send(connection, now);
        return;
      }
      const waiting = due.shift();
      if (waiting === undefined) free.push(connection);
      else send(connection, waiting);
      finish();
    }

    /** One timer would be a millisecond off; the client has a core for itself. */
    function tick(): void {
      const now = performance.now();
      if (now >= endsAt) {
        finish();
        return;
      }
      const target = ((now - startedAt) * load.rate) / 1000;
      for (let count = made + due.length; count < target; count += 1) {
        const at = startedAt + (count * 1000) / load.rate;
        const connection = free.pop();
        if (connection) send(connection, at);
        else due.push(at);
      }
      setImmediate(tick);
    }

    for (let i = 0; i < load.connections; i += 1) {
      const socket = connect({ port: load.port, host: '127.0.0.1', noDelay: true });
      const connection: Connection = { socket, startedAt: 0, received: '' };
      socket.setEncoding('latin1');
      socket.on('error', reject);
      socket.on('data', (part: string) => {
        connection.received += part;
        const end = connection.received.indexOf('\r\n\r\n');
        if (end < 0) return;
        const size = /content-length: (\d+)/i.exec(connection.received);
        if (connection.received.length < end + 4 + Number(size?.[1] ?? 0)) return;
        const ok = connection.received.startsWith('HTTP/1.1 200');
        connection.received = '';
        answered(connection, ok);
      });
      if (load.rate === 0) send(connection, performance.now());
      else free.push(connection);
    }
    if (load.rate > 0) tick();
  });
}

const [argument] = process.argv.slice(2);
if (argument) process.stdout.write(JSON.stringify(await run(JSON.parse(argument) as Load)));
