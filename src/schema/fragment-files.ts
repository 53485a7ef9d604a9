import {
  isTypeDefinitionNode,
  isTypeExtensionNode,
  Kind,
  Lexer,
  parse,
  Source,
  TokenKind,
  type DefinitionNode,
  type GraphQLNamedType,
  type GraphQLSchema,
} from 'graphql';
import { additions } from './additions.js';
import { definitionText, memberNames, type Added, type TypeNode } from './definition-text.js';
import { newDirectiveTexts, rewrittenDirective } from './directive-text.js';
import { keptForDirectives } from './kept-for-directives.js';
import { newTypeHomes } from './new-type-homes.js';
import { rewrittenDefinition } from './rewritten-definition.js';
import { isRootNode, liveRootNames, missingRootsTexts, rewrittenRoots } from './root-types.js';
import { locationOf } from './source-place.js';
import { spliced } from './spliced.js';

export interface SchemaFile {
  readonly path: string;
  readonly text: string;
}

/** A file that changes; null where there is none. */
export interface FileChange {
  readonly path: string;
  readonly before: string | null;
  readonly after: string | null;
}

interface ParsedFile extends SchemaFile {
  /** The text with the line ends of Unix. */
  readonly body: string;
  readonly definitions: readonly DefinitionNode[];
}

const nothing: Added = { members: [], types: [] };

/**
 * The files of `schema/`, made to say what the fragment of the live schema says. What does not change keeps its text and
 * its place; new types stand at the end of the file that mentions them first.
 *
 * @param newFile the path of the file for a project that has none
 * @throws GraphQLError if one of ours cannot be parsed
 */
export function fragmentChanges(
  files: readonly SchemaFile[],
  fragment: GraphQLSchema,
  newFile: string,
): FileChange[] {
  const parsed = files.length === 0 ? [emptyFile(newFile)] : files.map(parsedFile);
  const definitions = parsed.flatMap((file) => file.definitions);
  const roots = liveRootNames(definitions, fragment);
  const liveNamed = (name: string): GraphQLNamedType | undefined => fragment.getType(roots.get(name) ?? name);
  const live = ({ name }: TypeNode): GraphQLNamedType | undefined => liveNamed(name.value);
  const kept = keptForDirectives(definitions, (name) => liveNamed(name) !== undefined);
  const added = additions(definitions.filter(isTypeNode), live);

  const rewritten = (node: DefinitionNode): string | null => {
    if (isRootNode(node)) return rewrittenRoots(node, definitions, fragment);
    if (node.kind === Kind.DIRECTIVE_DEFINITION) return rewrittenDirective(node, fragment);
    const type = isTypeNode(node) ? live(node) : undefined;
    if (isTypeNode(node) && type !== undefined)
      return rewrittenDefinition(node, type, added.get(node) ?? nothing);
    const { source, start, end } = locationOf(node);
    const ours = !isTypeNode(node) || kept.has(node.name.value);
    return ours ? source.body.slice(start, end) : null;
  };

  const places = parsed.map((file) => ({
    path: file.path,
    types: file.definitions.filter(isTypeNode).flatMap((node) => {
      const type = live(node);
      const members = [...memberNames(node), ...(added.get(node) ?? nothing).members];
      return type === undefined ? [] : [{ live: type, members }];
    }),
  }));
  // What no file mentions goes to where the root types are said.
  const rest = parsed.find((file) => file.definitions.some(isRootNode)) ?? parsed[0];
  const homes = newTypeHomes(fragment, places, rest?.path ?? newFile);
  const restTexts = [
    ...missingRootsTexts(definitions, fragment),
    ...newDirectiveTexts(definitions, fragment),
  ];

  return parsed.flatMap((file): FileChange[] => {
    const pieces = file.definitions.map((node) => {
      const { start, end } = locationOf(node);
      return { start, end, text: rewritten(node) };
    });
    const texts = [...(file === rest ? restTexts : []), ...(homes.get(file.path) ?? []).map(definitionText)];
    const body = spliced(file.body, [0, file.body.length], pieces, texts, '\n');
    if (body === file.body) return [];
    const emptied = texts.length === 0 && pieces.every(({ text }) => text === null);
    const after = file.text === file.body ? body : body.replaceAll('\n', '\r\n');
    const before = files.length === 0 ? null : file.text;
    return [{ path: file.path, before, after: emptied ? null : after }];
  });
}

function emptyFile(path: string): ParsedFile {
  return { path, text: '', body: '', definitions: [] };
}

function parsedFile({ path, text }: SchemaFile): ParsedFile {
  const body = text.replaceAll('\r\n', '\n');
  const source = new Source(body, path);
  // A file of nothing but comments is no document.
  const empty = new Lexer(source).advance().kind === TokenKind.EOF;
  return { path, text, body, definitions: empty ? [] : parse(source).definitions };
}

function isTypeNode(node: DefinitionNode): node is TypeNode {
  return isTypeDefinitionNode(node) || isTypeExtensionNode(node);
}
