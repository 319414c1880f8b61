import { InvalidInputError } from '../base/errors.ts';

/** What a schema says of a value that it refuses. */
export interface ValueIssue {
  path: readonly string[];
  message?: string;
  /** As zod names kinds of issues. */
  keyword: string;
  params: Record<string, unknown>;
}

interface UnionIssue extends Record<string, unknown> {
  path: PropertyKey[];
  code: string;
  message?: string;
}

/** zod tells what it got only in words. */
const IS_MISSING = /received undefined$/;

/** Says of a refused value which it is, and what is expected there. `whole`: what to call all of it. */
export function refusedValue(found: ValueIssue, whole = 'request'): InvalidInputError {
  const issue = deepest(found);
  const unknownKeys = issue.keyword === 'unrecognized_keys' ? issue.params['keys'] : undefined;
  const unknownKey = Array.isArray(unknownKeys) ? String(unknownKeys[0]) : undefined;
  const field = [...issue.path, ...(unknownKey === undefined ? [] : [unknownKey])].join('.');
  const message = messageOf(issue);
  if (field === '') return new InvalidInputError(`The ${whole} is not right: ${message}`);
  if (IS_MISSING.test(message)) {
    return new InvalidInputError(`${field}: is missing (${expectedOf(issue)}).`, {
      field,
      details: { missing: field },
    });
  }
  return new InvalidInputError(`${field}: ${message}`, { field });
}

/** Where a value could be one of several things, what is wrong with the one that it is most like. */
function deepest(issue: ValueIssue): ValueIssue {
  const nested = branchesOf(issue).flatMap((first) => {
    if (first.path.length === 0) return [];
    const { path, code: keyword, message, ...params } = first;
    return [deepest({ path: [...issue.path, ...path.map(String)], keyword, params, ...(message && { message }) })];
  });
  return nested.reduce((best, one) => (one.path.length > best.path.length ? one : best), issue);
}

/** What each of the things that a value could be finds wrong first. */
function branchesOf({ keyword, params }: Pick<ValueIssue, 'keyword' | 'params'>): UnionIssue[] {
  const branches = keyword === 'invalid_union' ? params['errors'] : undefined;
  return Array.isArray(branches) ? (branches as UnionIssue[][]).flatMap(([first]) => first ?? []) : [];
}

/** Of several kinds of values the one whose kind is right speaks; where none is, all are told. */
function messageOf(issue: ValueIssue): string {
  const branches = branchesOf(issue);
  const { message = 'it does not fit' } = branches.find(({ code }) => code !== 'invalid_type') ?? branches[0] ?? issue;
  if (branches.length < 2 || !message.startsWith('Invalid input: expected') || IS_MISSING.test(message)) return message;
  return message.replace(/expected \S+,/, `expected ${expectedOf(issue)},`);
}

function expectedOf(issue: ValueIssue): string {
  const branches = branchesOf(issue);
  const kinds = branches.length > 0 ? branches.map(({ expected }) => expected) : [issue.params['expected']];
  const told = [...new Set(kinds.filter((kind) => typeof kind === 'string'))];
  return told.length > 0 ? told.join(' or ') : 'required';
}
