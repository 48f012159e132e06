import type { Methods } from './method.ts';

export const appMethods: Methods = {
  'apps.connections.open': (core) => ({ url: core.sockets.invite() }),
};
