/** One request's share of what is waiting. */
export interface Load {
  /** Adds what the request turned out to need beyond its first claim; false when that is too much. */
  grow(bytes: number): boolean;
  end(): void;
}

/** What waits to be stored, in requests and bytes. */
export interface Backlog {
  /** `undefined` when there is no room. */
  admit(bytes: number): Load | undefined;
}

/** What does not fit is better refused at once: it would fill the memory and be answered too late anyway. */
export function createBacklog(maxRequests: number, maxBytes: number): Backlog {
  let requests = 0;
  let waiting = 0;
  return {
    admit(bytes) {
      if (requests >= maxRequests || waiting + bytes > maxBytes) return undefined;
      requests += 1;
      waiting += bytes;
      let claimed = bytes;
      return {
        grow(more) {
          if (waiting + more > maxBytes) return false;
          claimed += more;
          waiting += more;
          return true;
        },
        end() {
          requests -= 1;
          waiting -= claimed;
        },
      };
    },
  };
}
