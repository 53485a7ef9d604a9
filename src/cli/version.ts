/** Put in by the build, so that no file is read for it. */
declare const PACKAGE_VERSION: string;

export const version = PACKAGE_VERSION;
