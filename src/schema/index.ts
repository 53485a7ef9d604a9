export { check } from './check.js';
export type { Change, Severity } from './change.js';
export { localProject } from './local-project.js';
export { projectFolders, type ProjectFolders } from './project-folders.js';
export { jsonLine, summary, textLine } from './report.js';
export { loadSchema, type LiveSchema, type SourceOptions } from './sources.js';
