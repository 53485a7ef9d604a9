import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

const folder = fileURLToPath(new URL('checked', import.meta.url));
/** What the packages declare does not change from one program to the next. */
const parsed = new Map<string, ts.SourceFile | undefined>();

/**
 * What TypeScript says of these files, with `strict` and against the packages that are installed; none of them is written.
 *
 * @param files by name, such as `hooks.ts`
 * @returns the errors, as `hooks.ts(3): …`
 */
export function errorsOf(files: Readonly<Record<string, string>>): string[] {
  const options: ts.CompilerOptions = {
    strict: true,
    exactOptionalPropertyTypes: true,
    noUncheckedIndexedAccess: true,
    noUnusedLocals: true,
    noEmit: true,
    skipLibCheck: true,
    isolatedModules: true,
    verbatimModuleSyntax: true,
    target: ts.ScriptTarget.ES2022,
    lib: ['lib.es2023.d.ts', 'lib.dom.d.ts'],
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    types: [],
  };
  const host = ts.createCompilerHost(options);
  const texts = new Map(Object.entries(files).map(([name, text]) => [join(folder, name), text]));
  const real = { ...host };
  host.fileExists = (path) => texts.has(path) || real.fileExists(path);
  host.readFile = (path) => texts.get(path) ?? real.readFile(path);
  host.directoryExists = (path) => path === folder || (real.directoryExists?.(path) ?? true);
  host.getSourceFile = (path, languageVersion, ...rest) => {
    const text = texts.get(path);
    if (text !== undefined) return ts.createSourceFile(path, text, languageVersion);
    if (!parsed.has(path)) parsed.set(path, real.getSourceFile(path, languageVersion, ...rest));
    return parsed.get(path);
  };
  const program = ts.createProgram([...texts.keys()], options, host);
  return ts.getPreEmitDiagnostics(program).map(({ file, start, messageText }) => {
    const text = ts.flattenDiagnosticMessageText(messageText, ' ').slice(0, 200);
    if (file === undefined) return text;
    return `${file.fileName.replace(`${folder}/`, '')}(${file.getLineAndCharacterOfPosition(start ?? 0).line + 1}): ${text}`;
  });
}
