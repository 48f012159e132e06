import type { Random } from '../kernel/random.ts';
import { type Clock, MINUTE, SECOND } from '../kernel/time.ts';
import { Denied } from './denied.ts';

/** Who caused an interaction, and where: what a `trigger_id` stands for. */
export interface Trigger {
  readonly user: string;
  readonly channel: string;
}

const LIFE = 3 * SECOND;
/** Old ids are remembered this long, to tell "expired" from "unknown". */
const MEMORY = 10 * MINUTE;

interface Minted extends Trigger {
  readonly at: number;
  used: boolean;
}

/** `trigger_id`s: good for one modal, for three seconds. */
export class Triggers {
  readonly #minted = new Map<string, Minted>();
  readonly #clock: Clock;
  readonly #random: Random;
  #count = 0;

  constructor(clock: Clock, random: Random) {
    this.#clock = clock;
    this.#random = random;
  }

  mint(trigger: Trigger): string {
    const now = this.#clock.now();
    for (const [id, old] of this.#minted) {
      if (now - old.at <= MEMORY) break;
      this.#minted.delete(id);
    }
    this.#count += 1;
    const id = `${Math.floor(now)}.${this.#count}.${this.#random.id().replaceAll('-', '')}`;
    this.#minted.set(id, { ...trigger, at: now, used: false });
    return id;
  }

  /** Takes the id out of service; throws Slack's error when it is unknown, used or too old. */
  exchange(id: string): Trigger {
    const minted = this.#minted.get(id);
    if (!minted) throw new Denied('invalid_trigger_id');
    if (minted.used) throw new Denied('exchanged_trigger_id');
    if (this.#clock.now() - minted.at > LIFE) throw new Denied('expired_trigger_id');
    minted.used = true;
    return minted;
  }
}
