import type { Check } from './inspection.ts';
import { confirm, conversationFilter, ID_LENGTH, optionGroup, placeholder } from './objects.ts';
import { flag, type Keys, list, number, oneOf, type Rule, text } from './shape.ts';

type Make = (type: string, required: Keys, optional?: Keys, rule?: Rule) => [string, Check];

const MOST_OPTIONS = 100;

/** The five sources of a select menu, each as a menu for one and for several. */
export function selectKinds(
  make: Make,
  option: Check,
  initialsOffered: Rule,
): { single: [string, Check][]; multi: [string, Check][] } {
  const common = { confirm, focus_on_load: flag, placeholder };
  const several = { ...common, max_selected_items: number(1, MOST_OPTIONS) };
  const ids = list(text(ID_LENGTH), MOST_OPTIONS);
  const query = { min_query_length: number(0, 300) };
  const offered = { options: list(option, MOST_OPTIONS), option_groups: list(optionGroup, MOST_OPTIONS) };
  const conversations = { default_to_current_conversation: flag, filter: conversationFilter };
  const respond = { response_url_enabled: flag };
  const optionsOnce: Rule = (object, at, into) => {
    oneOf(['options', 'option_groups'], true)(object, at, into);
    if (Object.hasOwn(object, 'options')) initialsOffered(object, at, into);
  };
  return {
    single: [
      make('static_select', {}, { ...common, ...offered, initial_option: option }, optionsOnce),
      make('external_select', {}, { ...common, ...query, initial_option: option }),
      make('users_select', {}, { ...common, initial_user: text(ID_LENGTH) }),
      make(
        'conversations_select',
        {},
        { ...common, ...conversations, ...respond, initial_conversation: text(ID_LENGTH) },
      ),
      make('channels_select', {}, { ...common, ...respond, initial_channel: text(ID_LENGTH) }),
    ],
    multi: [
      make(
        'multi_static_select',
        {},
        { ...several, ...offered, initial_options: list(option, MOST_OPTIONS) },
        optionsOnce,
      ),
      make(
        'multi_external_select',
        {},
        { ...several, ...query, initial_options: list(option, MOST_OPTIONS) },
      ),
      make('multi_users_select', {}, { ...several, initial_users: ids }),
      make('multi_conversations_select', {}, { ...several, ...conversations, initial_conversations: ids }),
      make('multi_channels_select', {}, { ...several, initial_channels: ids }),
    ],
  };
}
