import { isObject, type Json } from '../../kernel/json.ts';
import { type Args, jsonArg, neededText, textArg } from '../args.ts';
import type { Core } from '../core.ts';
import { badArguments, Denied } from '../denied.ts';
import type { Violation } from '../limits/inspection.ts';
import { checkMessage } from '../limits/message.ts';
import { checkView } from '../limits/view.ts';
import { APP_ID, BOT, BOT_ID, TEAM } from '../people.ts';
import type { Wire } from '../wire.ts';
import type { Methods } from './method.ts';

function authTest(core: Core): Wire {
  return {
    url: `${core.origin}/`,
    team: TEAM.name,
    user: BOT.name,
    team_id: TEAM.id,
    user_id: BOT.id,
    bot_id: BOT_ID,
    is_enterprise_install: false,
  };
}

/** Gives back what it was given; `error` makes it fail so. */
function apiTest(_core: Core, args: Args): Wire {
  const error = textArg(args, 'error');
  if (error !== undefined) throw new Denied(error, { details: { args } });
  return { args };
}

function botsInfo(_core: Core, args: Args): Wire {
  if (neededText(args, 'bot') !== BOT_ID) throw new Denied('bot_not_found');
  return { bot: { id: BOT_ID, deleted: false, name: BOT.realName, app_id: APP_ID, user_id: BOT.id } };
}

function validate(_core: Core, args: Args): Wire {
  const given = ['blocks', 'message', 'view'].filter((key) => args[key] !== undefined && args[key] !== '');
  const [kind] = given;
  if (kind === undefined || given.length > 1)
    throw badArguments('must provide exactly one of blocks, message, view');
  const value = jsonArg(args, kind, `invalid_${kind}`);
  const errors = violationsOf(kind, value ?? null);
  if (errors.length > 0) throw new Denied(`invalid_${kind}`, { details: { errors } });
  return {};
}

function violationsOf(kind: string, value: Json): Violation[] {
  if (kind === 'view') return checkView(value, '/view');
  if (kind === 'blocks') return checkMessage({ blocks: value });
  if (isObject(value)) return checkMessage(value);
  const constraint = { type: 'kind', expected: ['object'], got: typeof value };
  return [{ pointer: '/message', code: 'invalid_type', message: 'must provide an object', constraint }];
}

export const teamMethods: Methods = {
  'api.test': apiTest,
  'auth.test': authTest,
  'team.info': () => ({ team: { ...TEAM, email_domain: 'trail.example', icon: {} } }),
  'bots.info': botsInfo,
  'blocks.validate': validate,
};
