export { check } from './check.js';
export type { Change, Severity } from './change.js';
export { codeGeneratorIn } from './code-generator.js';
export { localProject } from './local-project.js';
export { carryOut, planPull, pullProject } from './pull.js';
export { projectFolders, type ProjectFolders } from './project-folders.js';
export { jsonLine, summary, textLine } from './report.js';
export { loadSchema, namesFile, type LiveSchema, type SourceOptions } from './sources.js';
export { jsonDiff, pullSummary, unifiedDiff } from './unified-diff.js';
