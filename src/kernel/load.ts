import { type EventLoopUtilization, performance } from 'node:perf_hooks';

/** The share of time (0 to 1) in which this process had something to do since it was last asked. */
export function createLoadMeter(): () => number {
  let last: EventLoopUtilization = performance.eventLoopUtilization();
  return () => {
    const now = performance.eventLoopUtilization();
    const { utilization } = performance.eventLoopUtilization(now, last);
    last = now;
    return utilization;
  };
}
