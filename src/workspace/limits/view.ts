import { isObject, type JsonObject } from '../../kernel/json.ts';
import { type Check, type Inspection, report, type Violation } from './inspection.ts';
import { distinctBlockIds } from './message.ts';
import { ID_LENGTH, plainText } from './objects.ts';
import { choice, flag, shape, text, wrongKind } from './shape.ts';
import { checkBlocks } from './surfaces.ts';

const blocks: Check = (value, at, into) => checkBlocks(value, at, into);
const common = {
  callback_id: text(ID_LENGTH, 0),
  external_id: text(ID_LENGTH, 0),
  private_metadata: text(3000, 0),
};
const word = plainText(24);

const modal = shape(
  { type: choice('modal'), title: word, blocks },
  {
    ...common,
    submit: word,
    close: word,
    clear_on_close: flag,
    notify_on_close: flag,
    submit_disabled: flag,
  },
);
const home = shape({ type: choice('home'), blocks }, common);

/** Where an element asks for the cursor, and which inputs there are. */
function focused(list: readonly JsonObject[]): number {
  const elements = list.flatMap((block) => {
    const inside = Array.isArray(block.elements) ? block.elements : [];
    return [block.element, block.accessory, ...inside];
  });
  return elements.filter((element) => isObject(element) && element.focus_on_load === true).length;
}

function checkTogether(view: JsonObject, at: string, into: Inspection): void {
  if (!Array.isArray(view.blocks)) return;
  const list = view.blocks.filter(isObject);
  distinctBlockIds(
    view.blocks.flatMap((block, index) => (isObject(block) ? [{ block, at: `${at}/blocks/${index}` }] : [])),
    into,
  );
  if (focused(list) > 1) {
    const constraint = { type: 'unique', expected: ['focus_on_load'], got: 'several' };
    report(into, `${at}/blocks`, 'duplicate', 'only one element can have focus_on_load', constraint);
  }
  const asks = list.some((block) => block.type === 'input');
  if (into.surface === 'modal' && asks && view.submit === undefined) {
    const constraint = { type: 'required', expected: ['submit'] };
    const message = 'missing required field: submit (the view has input blocks)';
    report(into, at, 'missing_field', message, constraint);
  }
}

/** Everything that is wrong with a view, with pointers from `at`. */
export function checkView(view: unknown, at: string): Violation[] {
  const type = isObject(view) ? view.type : undefined;
  const into: Inspection = { surface: type === 'home' ? 'home' : 'modal', found: [] };
  if (!isObject(view)) wrongKind(into, at, 'object', view);
  else {
    (type === 'home' ? home : modal)(view, at, into);
    checkTogether(view, at, into);
  }
  return into.found;
}
