/** Habits that can be seen in the syntax of tests and stories only: nothing skipped, retried or mocked, no story without its reason. */
import { basename } from 'node:path/posix';
import { Visitor, type CallExpression, type ObjectExpression, type Node } from 'oxc-parser';
import { lineOf, parse, type SourceFile, type Violation } from './source.ts';

const SKIPS = new Set([
  'skip',
  'skipIf',
  'runIf',
  'todo',
  'only',
  'xit',
  'xtest',
  'xdescribe',
  'fit',
  'fdescribe',
]);
const MOCKS = new Set(['mock', 'doMock', 'hoisted']);

/** For `*.test.ts`, the stories and the test runner's own settings. */
export function checkTestHabits(file: SourceFile): Violation[] {
  const found: Violation[] = [];
  const say = (node: Node, rule: string, says: string): void => {
    found.push({ path: file.path, line: lineOf(file, node.start), rule, says });
  };
  new Visitor({
    CallExpression: (call) => {
      const skip = calledNames(call).find((name) => SKIPS.has(name));
      if (skip !== undefined)
        say(call, 'no-skip', `${skip}: a test runs or is deleted; nobody misses one that is skipped`);
      if (isMockByPath(call))
        say(call, 'no-mock', 'vi.mock replaces a file by its path; write a fake that implements the port');
    },
    Property: (property) => {
      const name = property.key.type === 'Identifier' ? property.key.name : undefined;
      const { value } = property;
      const none = value.type === 'Literal' && (value.value === 0 || value.value === false);
      if ((name === 'retry' || name === 'retries') && !none) {
        say(property, 'no-retry', 'a test that passes at the second try has found something; find out what');
      }
    },
  }).visit(parse(file).program);
  return found;
}

/** `describe.skip.each` -> describe, skip, each. */
function calledNames({ callee }: CallExpression): string[] {
  const names: string[] = [];
  let at: Node = callee;
  while (at.type === 'MemberExpression' || at.type === 'CallExpression') {
    if (at.type === 'MemberExpression' && at.property.type === 'Identifier') names.unshift(at.property.name);
    at = at.type === 'MemberExpression' ? at.object : at.callee;
  }
  if (at.type === 'Identifier') names.unshift(at.name);
  return names;
}

function isMockByPath(call: CallExpression): boolean {
  const [root, name = ''] = calledNames(call);
  return root === 'vi' && MOCKS.has(name);
}

/** What the stories of one file look like; none when the file tells no story. */
export function checkStories(file: SourceFile): {
  readonly stories: number;
  readonly violations: Violation[];
} {
  const violations: Violation[] = [];
  const say = (node: Node, rule: string, says: string): void => {
    violations.push({ path: file.path, line: lineOf(file, node.start), rule, says });
  };
  const { program } = parse(file);
  let stories = 0;
  new Visitor({
    ObjectExpression: (object) => {
      const id = propertyOf(object, 'id');
      if (id === undefined || propertyOf(object, 'oracles') === undefined) return;
      stories += 1;
      const why = propertyOf(object, 'why');
      if (why === undefined || isBlank(why))
        say(object, 'why', 'a story without a `why`; say in one sentence why it is told');
      const name = basename(file.path).replace(/(\.scenario)?\.ts$/, '');
      if (id.type === 'Literal' && id.value !== name)
        say(id, 'story-name', `the file is called ${name}; give the story that id`);
    },
  }).visit(program);
  if (stories > 0) {
    const plain = (node: Node): void =>
      say(node, 'story-plain', 'a story only tells; move what decides or waits into a room');
    new Visitor({
      IfStatement: plain,
      TryStatement: plain,
      SwitchStatement: plain,
      ForStatement: plain,
      ForOfStatement: plain,
      WhileStatement: plain,
      CallExpression: (call) => {
        const [root = ''] = calledNames(call);
        if (['expect', 'setTimeout', 'sleep', 'pause'].includes(root)) plain(call);
      },
    }).visit(program);
  }
  return { stories, violations };
}

function propertyOf(object: ObjectExpression, name: string): Node | undefined {
  for (const each of object.properties) {
    if (each.type === 'Property' && each.key.type === 'Identifier' && each.key.name === name)
      return each.value;
  }
  return undefined;
}

function isBlank(node: Node): boolean {
  return node.type === 'Literal' && (typeof node.value !== 'string' || node.value.trim() === '');
}
