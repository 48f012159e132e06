import type { Config } from '../config/config.ts';
import type { Uses } from '../slack/manifest.ts';

/** What the app has to be allowed beyond the usual, by the configuration. */
export function usesOf(config: Pick<Config, 'schedules'> | undefined): Uses {
  const schedules = [...(config?.schedules.values() ?? [])];
  return { userGroups: schedules.some(({ userGroup }) => userGroup !== undefined) };
}
