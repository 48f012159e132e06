import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { isObject } from '../../kernel/json.ts';

const CHANNELS = ['undici:websocket:ping', 'undici:websocket:pong'];

/**
 * Calls `heard` at every ping and pong of the socket with this address: the client tells nobody of them. Returns
 * the function that ends it. Source: undici, "Diagnostics Channel Support".
 */
export function hearSigns(address: () => string | undefined, heard: () => void): () => void {
  const listen = (message: unknown): void => {
    const socket = isObject(message) ? message.websocket : undefined;
    const url: unknown = typeof socket === 'object' && socket && 'url' in socket ? socket.url : undefined;
    const own = address();
    if (own !== undefined && URL.parse(own)?.href === url) heard();
  };
  for (const channel of CHANNELS) subscribe(channel, listen);
  return () => {
    for (const channel of CHANNELS) unsubscribe(channel, listen);
  };
}
