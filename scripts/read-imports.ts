import { parseSync, Visitor, type Argument, type Expression } from 'oxc-parser';

export interface FoundImport {
  /** What the code names, e.g. `../base/ids.ts`; null when it is computed and cannot be read. */
  specifier: string | null;
  /** 1-based. */
  line: number;
}

/**
 * Every place where a file names another: static imports and exports, type imports, `import('…')`
 * in code and in types, `require`, `import.meta.resolve`, and `new URL('….ts', import.meta.url)`,
 * which is how child processes and workers are started.
 * Throws when the file cannot be parsed.
 */
export function readImports({ path, source }: { path: string; source: string }): FoundImport[] {
  const { program, errors } = parseSync(path, source);
  const fault = errors[0];
  if (fault) throw new SyntaxError(`${path} cannot be parsed: ${fault.message}`);
  const found: FoundImport[] = [];
  const add = (specifier: string | null, offset: number) => {
    found.push({ specifier, line: source.slice(0, offset).split('\n').length });
  };
  new Visitor({
    ImportDeclaration: (node) => add(node.source.value, node.start),
    ExportAllDeclaration: (node) => add(node.source.value, node.start),
    ExportNamedDeclaration: (node) => {
      if (node.source) add(node.source.value, node.start);
    },
    TSImportType: (node) => add(node.source.value, node.start),
    ImportExpression: (node) => add(literalOf(node.source), node.start),
    CallExpression: (node) => {
      const first = node.arguments[0];
      if (first && isRequire(node.callee)) add(literalOf(first), node.start);
    },
    NewExpression: (node) => {
      const [first, second] = node.arguments;
      if (node.callee.type !== 'Identifier' || node.callee.name !== 'URL' || !first || !second) return;
      if (!isImportMeta(second, 'url')) return;
      const specifier = literalOf(first);
      if (specifier !== null && /\.[cm]?[jt]sx?$/.test(specifier)) add(specifier, node.start);
    },
  }).visit(program);
  return found;
}

function literalOf(node: Expression | Argument): string | null {
  if (node.type === 'Literal' && typeof node.value === 'string') return node.value;
  if (node.type === 'TemplateLiteral' && node.expressions.length === 0) return node.quasis[0]?.value.cooked ?? null;
  return null;
}

function isRequire(callee: Expression): boolean {
  return (callee.type === 'Identifier' && callee.name === 'require') || isImportMeta(callee, 'resolve');
}

function isImportMeta(node: Expression | Argument, property: string): boolean {
  return (
    node.type === 'MemberExpression' &&
    node.object.type === 'MetaProperty' &&
    node.property.type === 'Identifier' &&
    node.property.name === property
  );
}
