import type { Config } from '../config/config.ts';
import type { Names } from '../questions/material.ts';
import { networkNames } from '../questions/networks.ts';

/** What accounts and networks are called, from the configuration. */
export function namesOf(config: Config): Names {
  return {
    account: (id) => config.accounts.get(id)?.name ?? id,
    networks: networkNames(config.lists),
  };
}
