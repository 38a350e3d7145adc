/** Every way in which one file reaches for another, found in the syntax tree: no text search, so no comment or string fools it. */
import { Visitor, type Argument, type Expression, type StringLiteral } from 'oxc-parser';
import { lineOf, parse, type SourceFile } from './source.ts';

export interface Import {
  /** As written; undefined when it is computed at run time. */
  readonly specifier: string | undefined;
  /** `re-export` passes what it gets on to whoever imports this file. */
  readonly how: 'import' | 're-export' | 'dynamic' | 'type' | 'require' | 'url' | 'reference';
  readonly line: number;
}

const text = (source: Expression | Argument | undefined): string | undefined => {
  if (source?.type === 'Literal' && typeof source.value === 'string') return source.value;
  const plain = source?.type === 'TemplateLiteral' && source.expressions.length === 0;
  return plain ? (source.quasis[0]?.value.cooked ?? undefined) : undefined;
};

const named = (node: Expression | Argument | undefined, name: string): boolean =>
  node?.type === 'Identifier' && node.name === name;

const ofImportMeta = (node: Expression | Argument | undefined): boolean =>
  node?.type === 'MemberExpression' && node.object.type === 'MetaProperty';

export function importsOf(file: SourceFile): Import[] {
  const { program, comments } = parse(file);
  const found: Import[] = [];
  const add = (how: Import['how'], specifier: string | undefined, at: number): void => {
    found.push({ how, specifier, line: lineOf(file, at) });
  };
  const addFrom = (how: Import['how'], source: StringLiteral | null, at: number): void => {
    if (source !== null) add(how, source.value, at);
  };
  new Visitor({
    ImportDeclaration: (node) => addFrom('import', node.source, node.start),
    ExportAllDeclaration: (node) => addFrom('re-export', node.source, node.start),
    ExportNamedDeclaration: (node) => addFrom('re-export', node.source, node.start),
    ImportExpression: (node) => add('dynamic', text(node.source), node.start),
    TSImportType: (node) => addFrom('type', node.source, node.start),
    TSExternalModuleReference: (node) => addFrom('require', node.expression, node.start),
    CallExpression: (node) => {
      const required = named(node.callee, 'require');
      const resolved =
        node.callee.type === 'MemberExpression' &&
        node.callee.property.type === 'Identifier' &&
        node.callee.property.name === 'resolve' &&
        (node.callee.object.type === 'MetaProperty' || named(node.callee.object, 'require'));
      if (required || resolved) add('require', text(node.arguments[0]), node.start);
    },
    NewExpression: (node) => {
      const [target, base] = node.arguments;
      const inside = named(node.callee, 'URL') && ofImportMeta(base) && text(target)?.endsWith('.ts');
      if (inside === true) add('url', text(target), node.start);
    },
  }).visit(program);
  for (const { value, start } of comments) {
    const [, specifier] = /^\/\s*<reference\s+(?:types|path)=["']([^"']+)["']/.exec(value) ?? [];
    if (specifier !== undefined) add('reference', specifier, start);
  }
  return found;
}
