import { appMethods } from './apps.ts';
import { chatMethods } from './chat.ts';
import { conversationMethods } from './conversations.ts';
import { fileMethods } from './files.ts';
import { markMethods } from './marks.ts';
import type { Method } from './method.ts';
import { teamMethods } from './team.ts';
import { userMethods } from './users.ts';
import { viewMethods } from './views.ts';

/** Every Web API method of the workspace, by its name on the wire. */
export const METHODS: ReadonlyMap<string, Method> = new Map(
  [
    chatMethods,
    conversationMethods,
    userMethods,
    viewMethods,
    fileMethods,
    markMethods,
    teamMethods,
    appMethods,
  ].flatMap((methods) => Object.entries(methods)),
);
