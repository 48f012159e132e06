import type { Trouble } from '../../questions/coverage.ts';
import { LookupTrouble } from '../../work/cloud-history.ts';
import type { Control } from './control.ts';
import { inParallel } from './in-parallel.ts';
import { AT_ONCE, allSteps, type Plan } from './plan.ts';
import type { Step } from './step.ts';

/** What has come of a plan. */
export interface CarriedOut {
  readonly done: number;
  readonly failed: readonly { readonly step: Step; readonly trouble: Trouble }[];
  /** Steps that were not tried: something before them had failed. */
  readonly left: number;
}

/**
 * Takes the steps: first at home, then everywhere else side by side, at last what is to go where others send their
 * events. A failure ends the work at its place, and at home all of it; what is left another run does.
 */
export async function carryOut(
  plan: Plan,
  control: Control,
  hear: (step: Step, done: number) => void,
): Promise<CarriedOut> {
  const failed: { step: Step; trouble: Trouble }[] = [];
  let done = 0;

  async function take(steps: readonly Step[]): Promise<void> {
    for (const step of steps) {
      try {
        await step.take(control);
      } catch (error) {
        if (!(error instanceof LookupTrouble)) throw error;
        failed.push({ step, trouble: error.trouble });
        return;
      }
      done += 1;
      hear(step, done);
    }
  }

  await take(plan.before);
  if (failed.length === 0) await inParallel(plan.places, AT_ONCE, take);
  // As long as something still sends events there, they must arrive.
  if (failed.length === 0) await take(plan.after);
  return { done, failed, left: allSteps(plan).length - done - failed.length };
}
