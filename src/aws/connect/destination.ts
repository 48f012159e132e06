import {
  CreateApiDestinationCommand,
  DeleteApiDestinationCommand,
  DescribeApiDestinationCommand,
  UpdateApiDestinationCommand,
} from '@aws-sdk/client-eventbridge';
import { untilReady } from './connection.ts';
import { type Control, call, eventsAt, unlessMissing, unlessThere } from './control.ts';
import { markedDescription, whyNotMarked } from './mark.ts';
import type { Differences, Step } from './step.ts';
import type { Site, WantedDestination } from './wanted.ts';

export interface FoundDestination {
  readonly arn: string;
  readonly connectionArn: string | undefined;
  readonly endpoint: string | undefined;
  readonly method: string | undefined;
  readonly rate: number | undefined;
  readonly description: string | undefined;
}

/** Throws LookupTrouble. */
export async function readDestination(
  control: Control,
  site: Site,
  name: string,
): Promise<FoundDestination | undefined> {
  const said = await unlessMissing(
    call(control, site, 'events:DescribeApiDestination', (abortSignal) =>
      eventsAt(control, site).send(new DescribeApiDestinationCommand({ Name: name }), { abortSignal }),
    ),
  );
  return (
    said && {
      arn: said.ApiDestinationArn ?? '',
      connectionArn: said.ConnectionArn,
      endpoint: said.InvocationEndpoint,
      method: said.HttpMethod,
      rate: said.InvocationRateLimitPerSecond,
      description: said.Description,
    }
  );
}

/** `connectionArn`: of the connection that is there, as far as one is. */
export function compareDestination(
  site: Site,
  name: string,
  wanted: WantedDestination | undefined,
  found: FoundDestination | undefined,
  connectionArn: string | undefined,
): Differences {
  const what = `API destination ${name}`;
  const foreignWhy = found && whyNotMarked(found.description, name);
  const foreign = foreignWhy === undefined ? [] : [{ site, what, why: foreignWhy }];
  if (!wanted) {
    const removes = found && foreign.length === 0 ? [removal(site, name)] : [];
    return { makes: [], removes, foreign };
  }
  if (!found) return { makes: [making(site, wanted, 'create', [])], removes: [], foreign };
  const why = differencesOf(wanted, found, connectionArn);
  return { makes: why.length === 0 ? [] : [making(site, wanted, 'change', why)], removes: [], foreign };
}

function differencesOf(
  { endpoint, rate }: WantedDestination,
  found: FoundDestination,
  connectionArn: string | undefined,
): string[] {
  return [
    ...(found.endpoint === endpoint ? [] : [`it posts to ${found.endpoint}, not to ${endpoint}`]),
    ...(found.rate === rate ? [] : [`its rate is ${found.rate} a second, not ${rate}`]),
    ...(found.method === 'POST' ? [] : [`its method is ${found.method}, not POST`]),
    ...(found.connectionArn === connectionArn ? [] : ['it uses another connection']),
  ];
}

function making(
  site: Site,
  { name, endpoint, rate }: WantedDestination,
  verb: 'create' | 'change',
  why: string[],
): Step {
  return {
    site,
    verb,
    what: `API destination ${name}`,
    why,
    async take(control) {
      const parameters = {
        Name: name,
        Description: markedDescription(name),
        ConnectionArn: await untilReady(control, site, name),
        InvocationEndpoint: endpoint,
        HttpMethod: 'POST',
        InvocationRateLimitPerSecond: rate,
      } as const;
      const client = eventsAt(control, site);
      const made =
        verb === 'create' &&
        (await unlessThere(
          call(control, site, 'events:CreateApiDestination', (abortSignal) =>
            client.send(new CreateApiDestinationCommand(parameters), { abortSignal }),
          ),
        ));
      if (!made) {
        await call(control, site, 'events:UpdateApiDestination', (abortSignal) =>
          client.send(new UpdateApiDestinationCommand(parameters), { abortSignal }),
        );
      }
    },
  };
}

function removal(site: Site, name: string): Step {
  return {
    site,
    verb: 'remove',
    what: `API destination ${name}`,
    why: [],
    async take(control) {
      await unlessMissing(
        call(control, site, 'events:DeleteApiDestination', (abortSignal) =>
          eventsAt(control, site).send(new DeleteApiDestinationCommand({ Name: name }), { abortSignal }),
        ),
      );
    },
  };
}
