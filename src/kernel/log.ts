import { type DestinationStream, type Logger, pino, stdSerializers } from 'pino';

export type Log = Logger;

const SECRET_KEYS = [
  'token',
  'sessionToken',
  'secretAccessKey',
  'password',
  'authorization',
  'signingSecret',
];

/** JSON lines; keys that carry secrets are censored wherever they stand, one or two levels deep. */
export function createLog(level: string, destination?: DestinationStream): Log {
  const options = {
    level,
    base: null,
    redact: { paths: SECRET_KEYS.flatMap((key) => [key, `*.${key}`]), censor: '[redacted]' },
    serializers: { error: stdSerializers.err },
  };
  return destination ? pino(options, destination) : pino(options);
}
